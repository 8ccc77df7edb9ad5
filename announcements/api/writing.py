"""Drafts over the API, the list they stand in, and corrections."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.api.requests import OneView, fields_as_sent, person_of, show, visible_to
from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.serializers import AnnouncementSerializer, CorrectionSerializer, DraftSerializer, WriteSerializer
from core.errors import require


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

    @extend_schema(operation_id="announcements_read", responses=AnnouncementSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(AnnouncementSerializer(self.find(request, public_id)).data)

    @extend_schema(operation_id="announcements_edit", request=WriteSerializer, responses=DraftSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a draft; what is not sent along stays."""
        draft = self.keep(request, public_id)
        sent = WriteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        person = person_of(request)
        with fields_as_sent():
            actions.edit_draft(actor=person, announcement=draft, content=sent.content(person, draft))
        return self.show(request, draft)

    @extend_schema(operation_id="announcements_throw_away", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Throw a draft away."""
        actions.delete_draft(actor=person_of(request), announcement=self.keep(request, public_id))
        return Response(status=204)


class Correct(OneView):
    """Give a sent announcement a new wording."""

    @extend_schema(request=CorrectionSerializer, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        wanted = CorrectionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        before = {code: actions.Wording(text.title, text.body) for code, text in sent.current_texts.items()}
        note = wanted.validated_data["change_note"]
        with fields_as_sent():
            actions.correct_announcement(
                actor=person_of(request), announcement=sent, texts=wanted.wordings(before), note=note
            )
        return self.show(request, sent)
