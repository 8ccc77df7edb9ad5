"""Drafts over the API, the list they stand in, and corrections."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import generics
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from announcements import actions
from announcements.api.requests import OneView, fields_as_sent, person_of, show, visible_to
from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.serializers import (
    AnnouncementSerializer,
    CorrectionSerializer,
    DraftSerializer,
    PictureSerializer,
    VersionSerializer,
    WriteSerializer,
)
from announcements.versions import read_versions
from core.errors import require

# A keeper is shown more than a reader.
READ = PolymorphicProxySerializer(
    component_name="AnnouncementRead",
    serializers=[AnnouncementSerializer, DraftSerializer],
    resource_type_field_name=None,
)


class AnnouncementList(generics.ListAPIView[Announcement]):
    """Announcements to the person and those the person keeps, newest first; POST writes a draft."""

    serializer_class = AnnouncementSerializer
    queryset = Announcement.objects.none()

    def get_queryset(self) -> AnnouncementQuerySet:
        return visible_to(person_of(self.request))

    @extend_schema(request=WriteSerializer, responses={201: DraftSerializer})
    def post(self, request: Request) -> Response:
        """Write a draft; `publish/` sends it."""
        person = person_of(request)
        require(person.has_perm("announcements.write"))
        sent = WriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with fields_as_sent():
            draft = actions.draft_announcement(actor=person, content=sent.content(person))
        return show(request, draft.pk, 201)


class AnnouncementDetail(OneView):
    """One announcement."""

    @extend_schema(operation_id="announcements_read", responses=READ)
    def get(self, request: Request, public_id: str) -> Response:
        """Show it to a reader; to who keeps it also what the author decided, and the version to send along."""
        found = self.find(request, public_id)
        if person_of(request).has_perm("announcements.manage", found):
            return Response(DraftSerializer(found, context={"request": request}).data)
        return Response(AnnouncementSerializer(found).data)

    @extend_schema(operation_id="announcements_edit", request=WriteSerializer, responses=DraftSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a draft; what is not sent along stays."""
        draft = self.keep(request, public_id)
        sent = WriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        person = person_of(request)
        with fields_as_sent():
            version = sent.validated_data.get("version")
            actions.edit_draft(actor=person, announcement=draft, content=sent.content(person, draft), version=version)
        return self.show(request, draft)

    @extend_schema(operation_id="announcements_throw_away", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Throw a draft away; `restore/` takes it back for 30 days."""
        actions.discard_draft(actor=person_of(request), announcement=self.keep(request, public_id))
        return Response(status=204)


class Correct(OneView):
    """Give a sent announcement a new wording."""

    @extend_schema(request=CorrectionSerializer, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        wanted = CorrectionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        before, again = actions.wordings_of(sent), ("tell_again", "ask_again")
        with fields_as_sent():
            actions.correct_announcement(
                actor=person_of(request),
                announcement=sent,
                texts=wanted.wordings(before),
                note=wanted.validated_data["change_note"],
                **{name: wanted.validated_data[name] for name in again},
            )
        return self.show(request, sent)


class History(OneView):
    """Every wording it has had, the newest first, each in the languages it was written in."""

    @extend_schema(responses=VersionSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        found = self.find(request, public_id)
        if found.state == Announcement.State.WITHDRAWN:
            raise Http404
        return Response(VersionSerializer(read_versions(found, translation.get_language() or "nb"), many=True).data)


class Restore(APIView):
    """Take a draft back that was thrown away."""

    @extend_schema(request=None, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        person = person_of(request)
        draft = get_object_or_404(Announcement.objects.thrown_away_by(person), public_id=public_id)
        actions.restore_draft(actor=person, announcement=draft)
        return show(request, draft.pk)


class Trial(OneView):
    """Send a draft to oneself alone, to see how it comes."""

    @extend_schema(request=None, responses={202: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        draft = self.keep(request, public_id)
        with fields_as_sent():
            actions.try_on_oneself(actor=person_of(request), announcement=draft)
        return self.show(request, draft, 202)


class Update(OneView):
    """Begin an update: a draft with the same audience, settings and texts, which takes the place of this one."""

    @extend_schema(request=None, responses={201: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        draft = actions.draft_update(actor=person_of(request), announcement=sent)
        return show(request, draft.pk, 201)


class Picture(OneView):
    """The picture of a draft: PUT one in the form field `picture`, with `alternative_text`; DELETE takes it off."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=PictureSerializer, responses=DraftSerializer)
    def put(self, request: Request, public_id: str) -> Response:
        draft = self.keep(request, public_id)
        sent = PictureSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.set_picture(actor=person_of(request), announcement=draft, picture=sent.examined())
        return self.show(request, draft)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        actions.remove_picture(actor=person_of(request), announcement=self.keep(request, public_id))
        return Response(status=204)
