"""Sending, looking over and taking back over the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.api.requests import OneView, fields_as_sent, person_of
from announcements.models import Announcement
from announcements.serializers import DraftSerializer, NoteSerializer, ScheduleSerializer, StateSerializer
from core.errors import require


class Publish(OneView):
    """Send a draft, now or at `publish_at`.

    Answers at once with state `sending` (`progress/` tells how far it is), `scheduled`, or `awaiting_approval` where
    another person looks over what goes to everyone.
    """

    @extend_schema(request=ScheduleSerializer, responses={202: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        draft = self.keep(request, public_id)
        with fields_as_sent():
            publish_at = ScheduleSerializer.read(request.data)
            actions.publish_announcement(actor=person_of(request), announcement=draft, publish_at=publish_at)
        return self.show(request, draft, 202)


class Schedule(OneView):
    """Move what is scheduled to another `publish_at`; without one it is sent now."""

    @extend_schema(request=ScheduleSerializer, responses={202: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        scheduled = self.keep(request, public_id)
        publish_at = ScheduleSerializer.read(request.data)
        actions.reschedule_announcement(actor=person_of(request), announcement=scheduled, publish_at=publish_at)
        return self.show(request, scheduled, 202)


class TakeBack(OneView):
    """Make a draft of what waits for approval or for its moment."""

    @extend_schema(request=None, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        waiting = self.keep(request, public_id)
        actions.take_back_announcement(actor=person_of(request), announcement=waiting)
        return self.show(request, waiting)


class _LookOverView(OneView):
    """What another person than the author does. They need not keep it, so that its state is all they are answered."""

    def look_over(self, request: Request, public_id: str) -> Announcement:
        require(person_of(request).has_perm("announcements.announce_to_everyone"))
        return self.find(request, public_id)

    def answer(self, announcement: Announcement, status: int = 200) -> Response:
        return Response(StateSerializer(announcement).data, status=status)


class Approve(_LookOverView):
    """Let what another wants to send to everyone go out."""

    @extend_schema(request=None, responses={202: StateSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        found = self.look_over(request, public_id)
        with fields_as_sent():
            return self.answer(actions.approve_announcement(actor=person_of(request), announcement=found), 202)


class SendBack(_LookOverView):
    """Send it back to its author with a note."""

    @extend_schema(request=NoteSerializer, responses=StateSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        found = self.look_over(request, public_id)
        sent = NoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        note = sent.validated_data["note"]
        return self.answer(actions.send_back_announcement(actor=person_of(request), announcement=found, note=note))


class Countersign(_LookOverView):
    """Sign afterwards for a critical message that another sent alone."""

    @extend_schema(request=None, responses=StateSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        found = self.look_over(request, public_id)
        return self.answer(actions.countersign_announcement(actor=person_of(request), announcement=found))


class Withdraw(OneView):
    """Take a sent announcement back."""

    @extend_schema(request=None, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        actions.withdraw_announcement(actor=person_of(request), announcement=sent)
        return self.show(request, sent)
