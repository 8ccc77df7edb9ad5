"""The API of reports: what waits for my decision, how it stands with those I made, deciding."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.actions import decide_report
from conversations.models import Report
from conversations.querysets import ReportQuerySet
from conversations.report_reading import report_facts
from conversations.report_serializers import ReportDecisionSerializer, ReportRowSerializer, ReportSerializer
from directory.models import Employee


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _seen(reader: Employee) -> ReportQuerySet:
    waiting = Report.objects.undecided().decidable_by(reader).filter(pk=OuterRef("pk"))
    return Report.objects.visible_to(reader).with_words().annotate(may_decide=Exists(waiting))


def show_report(reader: Employee, public_id: str) -> dict[str, Any]:
    """Return the report as `reader` may see it. Raises Http404."""
    found: Any = get_object_or_404(_seen(reader), public_id=public_id)
    facts = report_facts(reader, found)
    found.words, found.note = facts["words"], found.text if facts["reads_note"] else ""
    if not facts["knows_people"]:
        found.reporter = None
    return ReportSerializer(found).data


class ReportsView(GenericAPIView[Report]):
    """Reports I made, may decide, or that are about my own words: the newest first."""

    queryset = Report.objects.none()

    @extend_schema(operation_id="reports_list", responses=ReportRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows: Any = self.paginate_queryset(_seen(_me(request))) or []
        return self.get_paginated_response(ReportRowSerializer(rows, many=True).data)


class OneReportView(APIView):
    """One report."""

    @extend_schema(operation_id="reports_retrieve", responses=ReportSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(show_report(_me(request), public_id))


class DecisionView(APIView):
    """A moderator's decision."""

    @extend_schema(operation_id="reports_decide", request=ReportDecisionSerializer, responses=ReportSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Let it stand, or take it down; all who reported it are answered."""
        found = get_object_or_404(Report.objects.visible_to(_me(request)).with_words(), public_id=public_id)
        taken = ReportDecisionSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        decide_report(actor=_me(request), report=found, **taken.validated_data)
        return Response(show_report(_me(request), public_id))
