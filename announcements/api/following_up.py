"""Figures, files of them, reminders and requests to the leaders, over the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.actions.asking_leaders import ask_leaders_to_follow_up
from announcements.actions.reminding import pause_between
from announcements.api.requests import OneView, person_of
from announcements.exports import KINDS, export_name, export_rows
from announcements.figures import read_figures
from announcements.follow_ups import read_follow_up_counts
from announcements.following_up_serializers import (
    FollowUpSerializer,
    ProgressSerializer,
    ReminderSerializer,
    RemindSerializer,
    UnitFiguresSerializer,
    as_data,
)
from announcements.unit_figures import read_unit_figures
from core.spreadsheets import XLSX, spreadsheet_response
from directory.models import OrgUnit


class Remind(OneView):
    """Tell those who have not seen it, or not confirmed, once more.

    At most once in 24 hours, whichever kind; in one hour for critical ones.
    """

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


class FollowUp(OneView):
    """Ask the nearest leaders of those who have not confirmed to follow them up; the answer names nobody."""

    @extend_schema(request=None, responses={202: FollowUpSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        counts = read_follow_up_counts(found) if found.asks_confirmation else None
        asked = ask_leaders_to_follow_up(actor=person_of(request), announcement=found)
        shown = {"asked_at": asked.asked_at, "next_at": asked.asked_at + pause_between(found)}
        shown["leaders"] = counts.leaders if counts else None  # type: ignore[assignment]
        return Response(FollowUpSerializer(shown).data, status=202)


class Progress(OneView):
    """How far it has come: audience = frozen + joined_later; active = audience − left; active = seen + unseen."""

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        figures: dict[str, Any] = {**read_figures(found).as_dict(), "state": found.state}
        return Response(ProgressSerializer(figures).data)


class UnitProgress(OneView):
    """How far it has come in the units right below the whole, or below `unit`; furthest behind first."""

    @extend_schema(
        operation_id="announcements_progress_per_unit",
        parameters=[OpenApiParameter("unit", str, description="The unit to look below; the whole unless given.")],
        responses=UnitFiguresSerializer(many=True),
    )
    def get(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id)
        wanted = request.query_params.get("unit", "")
        within = get_object_or_404(OrgUnit, public_id=wanted) if wanted else None
        rows = [as_data(row) for row in read_unit_figures(found, within)]
        return Response(UnitFiguresSerializer(rows, many=True).data)


class Export(OneView):
    """The figures as a file: `csv` or `xlsx`, hidden as everywhere else."""

    @extend_schema(
        operation_id="announcements_export",
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=KINDS)],
        responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, XLSX): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, public_id: str, kind: str) -> HttpResponseBase:
        found = self.keep(request, public_id)
        if kind not in KINDS or not found.is_sent:
            raise Http404
        return spreadsheet_response(list(export_rows(found)), name=export_name(found), kind=kind)
