"""Figures and reminders over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.api.requests import OneView, person_of
from announcements.figures import read_figures
from announcements.serializers import ProgressSerializer, ReminderSerializer, RemindSerializer


class Remind(OneView):
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


class Progress(OneView):
    """How far it has come: audience = frozen + joined_later; active = audience − left; active = seen + unseen."""

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        figures: dict[str, Any] = {**read_figures(found).as_dict(), "state": found.state}
        return Response(ProgressSerializer(figures).data)
