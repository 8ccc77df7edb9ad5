"""The form itself: on a draft, closing and reopening, and the file of everything."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.models import Announcement
from core.errors import require
from core.spreadsheets import spreadsheet_response
from responses import actions
from responses import serializers as shapes
from responses.api.requests import FormView, person_of
from responses.reading import export_rows


class Form(FormView):
    """What an announcement asks its readers to answer."""

    @extend_schema(operation_id="answer_form_read", responses=shapes.AnswerFormSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """The form, and the person's own part in it."""
        return self.show(request, self.find(request, public_id))

    @extend_schema(
        operation_id="answer_form_write", request=shapes.WriteFormSerializer, responses=shapes.AnswerFormSerializer
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Let a draft ask for answers, or change what it asks."""
        draft = self._draft(request, public_id)
        facts = actions.FormFacts(**self.sent(shapes.WriteFormSerializer, request))
        form = actions.save_answer_form(actor=person_of(request), announcement=draft, facts=facts)
        return self.show(request, form)

    @extend_schema(operation_id="answer_form_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let a draft ask for nothing."""
        actions.remove_answer_form(actor=person_of(request), announcement=self._draft(request, public_id))
        return Response(status=204)

    def _draft(self, request: Request, public_id: str) -> Announcement:
        person = person_of(request)
        found = get_object_or_404(Announcement.objects.visible_to(person), public_id=public_id)
        require(person.has_perm("announcements.manage", found))
        return found


class Close(FormView):
    """Take no more answers."""

    @extend_schema(operation_id="answer_form_close", request=None, responses=shapes.AnswerFormSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        actions.close_answer_form(actor=person_of(request), form=form)
        return self.show(request, form)


class Reopen(FormView):
    """Take answers again or for longer, or for more volunteers."""

    @extend_schema(
        operation_id="answer_form_reopen", request=shapes.ReopenSerializer, responses=shapes.AnswerFormSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        sent = self.sent(shapes.ReopenSerializer, request)
        actions.reopen_answer_form(actor=person_of(request), form=form, **sent)
        return self.show(request, form)


class Export(FormView):
    """Everything that has come, as CSV safe for spreadsheets. Protected people are left out."""

    @extend_schema(operation_id="answer_form_export", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        form = self.keep(request, public_id)
        rows = list(export_rows(form))
        actions.record_export(actor=person_of(request), form=form, rows=len(rows) - 1)
        return spreadsheet_response(rows, name=f"{form.kind}-{public_id}", kind="csv")
