"""The API of announcements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from announcements import actions
from announcements.figures import read_figures
from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.serializers import (
    AcknowledgeSerializer,
    AnnouncementSerializer,
    CorrectionSerializer,
    DraftSerializer,
    ProgressSerializer,
    ReminderSerializer,
    RemindSerializer,
    WriteSerializer,
)
from core.errors import RefusedError, require
from directory.models import Employee

# The API's own names for the fields of the bokmål text.
NAMES = {"title_nb": "title", "body_nb": "body"}


@contextmanager
def fields_as_sent() -> Iterator[None]:
    """Tell a refusal at the field as the API calls it."""
    try:
        yield
    except RefusedError as refusal:
        refusal.field = NAMES.get(refusal.field or "", refusal.field)
        raise


def person_of(request: Request) -> Employee:
    """Return whom the session or the token stands for."""
    assert isinstance(request.user, Employee)
    return request.user


def visible_to(person: Employee) -> AnnouncementQuerySet:
    """Return what the person may read, with sender, wording and the own receipt."""
    return Announcement.objects.visible_to(person).with_sender().with_receipt_of(person)


class _OneView(APIView):
    """What is done to one announcement; what one may not see is 404."""

    def find(self, request: Request, public_id: str) -> Announcement:
        return get_object_or_404(visible_to(person_of(request)), public_id=public_id)

    def keep(self, request: Request, public_id: str) -> Announcement:
        """Find one the person keeps; one that is only for reading is 403."""
        found = self.find(request, public_id)
        require(person_of(request).has_perm("announcements.manage", found))
        return found

    def show(self, request: Request, announcement: Announcement, status: int = 200) -> Response:
        return show(request, announcement.pk, status)


def show(request: Request, pk: int, status: int = 200) -> Response:
    """Answer with an announcement as its keeper sees it."""
    found = visible_to(person_of(request)).get(pk=pk)
    return Response(DraftSerializer(found, context={"request": request}).data, status=status)


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


class AnnouncementDetail(_OneView):
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


class Publish(_OneView):
    """Send a draft. Answers at once with state `sending`; `progress/` tells how far it is."""

    @extend_schema(request=None, responses={202: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        draft = self.keep(request, public_id)
        with fields_as_sent():
            actions.publish_announcement(actor=person_of(request), announcement=draft)
        return self.show(request, draft, 202)


class Correct(_OneView):
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


class Withdraw(_OneView):
    """Take a sent announcement back."""

    @extend_schema(request=None, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        actions.withdraw_announcement(actor=person_of(request), announcement=sent)
        return self.show(request, sent)


class Seen(_OneView):
    """Say that the person has had it in view."""

    @extend_schema(request=None, responses=AnnouncementSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        actions.mark_seen(employee=person_of(request), announcement=self.find(request, public_id))
        return Response(AnnouncementSerializer(self.find(request, public_id)).data)


class Acknowledge(_OneView):
    """Confirm that the person has read it. The first confirmation stands."""

    @extend_schema(request=AcknowledgeSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        found = self.find(request, public_id)
        read = AcknowledgeSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        actions.acknowledge(employee=person_of(request), announcement=found, **read.validated_data)
        return Response(AnnouncementSerializer(self.find(request, public_id)).data)


class Remind(_OneView):
    """Tell those who have not seen it, or not confirmed, once more; at most once in 24 hours."""

    @extend_schema(request=RemindSerializer, responses={202: ReminderSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        wanted = RemindSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        figures = read_figures(found)
        reminder = actions.remind(actor=person_of(request), announcement=found, to=wanted.validated_data["to"])
        count = figures.unseen if reminder.to == reminder.To.UNSEEN else figures.unacknowledged
        shown = {"to": reminder.to, "sent_at": reminder.sent_at, "count": count}
        return Response(ReminderSerializer(shown).data, status=202)


class Progress(_OneView):
    """How far it has come: audience = frozen + joined_later; active = audience − left; active = seen + unseen."""

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        figures: dict[str, Any] = {**read_figures(found).as_dict(), "state": found.state}
        return Response(ProgressSerializer(figures).data)
