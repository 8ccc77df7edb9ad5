"""The API of answers, under `announcements/{id}/answer-form/`. Thin: one look-up, one action."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from announcements.models import Announcement
from core.errors import require
from core.pagination import CursorPagination
from core.spreadsheets import spreadsheet_response
from directory.models import Employee, OrgUnit
from responses import actions
from responses import serializers as shapes
from responses.models import AnswerForm, Need, SignUp
from responses.reading import export_rows, own_sign_up, read_answering


def person_of(request: Request) -> Employee:
    """Return whom the session or the token stands for."""
    assert isinstance(request.user, Employee)
    return request.user


class _FormView(APIView):
    """What is done to one form; what one may not see is 404."""

    def find(self, request: Request, public_id: str) -> AnswerForm:
        """Return a form the person may see."""
        visible = AnswerForm.objects.visible_to(person_of(request)).with_announcement()
        return get_object_or_404(visible, announcement__public_id=public_id)

    def keep(self, request: Request, public_id: str) -> AnswerForm:
        """Return a form the person keeps; one only for reading is 403."""
        form = self.find(request, public_id)
        require(person_of(request).has_perm("responses.manage", form))
        return form

    def sent(self, shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
        """Return what was sent, checked."""
        data = shape(data=request.data)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def show(self, request: Request, form: AnswerForm, status: int = 200) -> Response:
        """Answer with the form as it stands to the person now."""
        form = AnswerForm.objects.with_announcement().get(pk=form.pk)
        return Response(shapes.AnswerFormSerializer(_facts(person_of(request), form)).data, status=status)


def _facts(person: Employee, form: AnswerForm) -> Any:
    own = read_answering(person, form) if form.kind == AnswerForm.Kind.NEEDS else []
    counts: dict[str, int] | None = None
    if person.has_perm("responses.manage", form):
        needs = Need.objects.filter(service__form=form)
        counts = needs.counts() if form.kind == AnswerForm.Kind.NEEDS else form.sign_ups.counts()
    names = ("kind", "introduction", "level", "own_question_1", "own_question_2", "places", "deadline_at", "closed_at")
    return {name: getattr(form, name) for name in names} | {
        "stop": form.stop,
        "services": [each.view for each in own],
        "needs": [need for each in own for need in each.needs],
        "sign_up": own_sign_up(person, form),
        "counts": counts,
    }


def find_unit(public_id: str) -> OrgUnit:
    """Return the unit. Raises Http404."""
    return get_object_or_404(OrgUnit.objects.active().select_related("leader"), public_id=public_id)


def find_need(form: AnswerForm, public_id: str) -> Need:
    """Return the need of this form. Raises Http404."""
    needs = Need.objects.filter(service__form=form).select_related("service__form", "service__unit")
    return get_object_or_404(needs, public_id=public_id)


class Form(_FormView):
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


class Close(_FormView):
    """Take no more answers."""

    @extend_schema(operation_id="answer_form_close", request=None, responses=shapes.AnswerFormSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        actions.close_answer_form(actor=person_of(request), form=form)
        return self.show(request, form)


class Reopen(_FormView):
    """Take answers again or for longer, or for more volunteers."""

    @extend_schema(
        operation_id="answer_form_reopen", request=shapes.ReopenSerializer, responses=shapes.AnswerFormSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        sent = self.sent(shapes.ReopenSerializer, request)
        actions.reopen_answer_form(actor=person_of(request), form=form, **sent)
        return self.show(request, form)


class Needs(_FormView):
    """What the services need."""

    @extend_schema(
        operation_id="answer_form_needs",
        responses=shapes.NeedSerializer(many=True),
        parameters=[OpenApiParameter("state", enum=Need.State.values), OpenApiParameter("agency", str)],
    )
    def get(self, request: Request, public_id: str) -> Response:
        """Every need, the newest first, for those who keep the form; of one `state` or `agency`."""
        found = Need.objects.filter(service__form=self.keep(request, public_id)).with_service().with_states()
        state, agency = request.query_params.get("state", ""), request.query_params.get("agency", "")
        if state in Need.State.values:
            found = found.filter(state=state, merged_into__isnull=True)
        if agency:
            found = found.filter(service__unit__agency__public_id=agency[:12])
        return _page(self, request, found, shapes.NeedSerializer)

    @extend_schema(
        operation_id="answer_form_send_need", request=shapes.WriteNeedSerializer, responses={201: shapes.NeedSerializer}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Send what a service needs."""
        form = self.find(request, public_id)
        sent = self.sent(shapes.WriteNeedSerializer, request)
        unit = find_unit(sent.pop("unit"))
        need, new = actions.send_need(actor=person_of(request), form=form, unit=unit, facts=actions.NeedFacts(**sent))
        return Response(shapes.NeedSerializer(need).data, status=201 if new else 200)


def _page(view: APIView, request: Request, rows: Any, shape: type[Serializer[Any]]) -> Response:
    pages = CursorPagination()
    page: Any = pages.paginate_queryset(rows, request, view=view)
    return pages.get_paginated_response(shape(page, many=True).data)


class TakeBack(_FormView):
    """Remove an own need nobody has taken."""

    @extend_schema(operation_id="answer_form_take_back_need", request=shapes.OneNeedSerializer, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        form = self.find(request, public_id)
        need = find_need(form, self.sent(shapes.OneNeedSerializer, request)["need"])
        actions.take_back_need(actor=person_of(request), need=need)
        return Response(status=204)


class Finish(_FormView):
    """Say that a service has answered."""

    @extend_schema(
        operation_id="answer_form_finish", request=shapes.FinishSerializer, responses=shapes.AnswerFormSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.find(request, public_id)
        sent = self.sent(shapes.FinishSerializer, request)
        replies = (sent["reply_1"], sent["reply_2"])
        actions.finish_answer(actor=person_of(request), form=form, unit=find_unit(sent["unit"]), replies=replies)
        return self.show(request, form)


class Answerer(_FormView):
    """Name who answers for a service."""

    @extend_schema(
        operation_id="answer_form_name_answerer",
        request=shapes.AnswererSerializer,
        responses=shapes.AnswerFormSerializer,
    )
    def post(self, request: Request, public_id: str) -> Response:
        form, person = self.find(request, public_id), person_of(request)
        sent = self.sent(shapes.AnswererSerializer, request)
        unit = find_unit(sent["unit"])
        named = get_object_or_404(Employee.objects.active().visible_to(person), public_id=sent["employee"])
        actions.name_answerer(actor=person, form=form, unit=unit, employee=named)
        return self.show(request, form)


class _DecideNeed(_FormView):
    state = ""

    def decide(self, request: Request, public_id: str) -> Response:
        """Move the need to the view's state."""
        form = self.keep(request, public_id)
        sent = self.sent(shapes.DecideNeedSerializer, request)
        need = find_need(form, sent["need"])
        need = actions.set_need_state(actor=person_of(request), need=need, state=self.state, reply=sent["reply"])
        return Response(shapes.NeedSerializer(need).data)


class Take(_DecideNeed):
    """Take a need; the service is told."""

    state = Need.State.TAKEN

    @extend_schema(
        operation_id="answer_form_take", request=shapes.DecideNeedSerializer, responses=shapes.NeedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        return self.decide(request, public_id)


class Done(_DecideNeed):
    """Call a need done; the service is told."""

    state = Need.State.DONE

    @extend_schema(
        operation_id="answer_form_done", request=shapes.DecideNeedSerializer, responses=shapes.NeedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        return self.decide(request, public_id)


class OpenAgain(_DecideNeed):
    """Open a need again."""

    state = Need.State.OPEN

    @extend_schema(
        operation_id="answer_form_open_again", request=shapes.DecideNeedSerializer, responses=shapes.NeedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        return self.decide(request, public_id)


class Merge(_FormView):
    """Let a need follow another that means the same."""

    @extend_schema(
        operation_id="answer_form_merge", request=shapes.MergeNeedSerializer, responses=shapes.NeedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        sent = self.sent(shapes.MergeNeedSerializer, request)
        need, into = find_need(form, sent["need"]), find_need(form, sent["into"])
        return Response(shapes.NeedSerializer(actions.merge_needs(actor=person_of(request), need=need, into=into)).data)


class Split(_FormView):
    """Let a merged need stand for itself again."""

    @extend_schema(operation_id="answer_form_split", request=shapes.OneNeedSerializer, responses=shapes.NeedSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        need = find_need(form, self.sent(shapes.OneNeedSerializer, request)["need"])
        return Response(shapes.NeedSerializer(actions.split_need(actor=person_of(request), need=need)).data)


class OwnSignUp(_FormView):
    """The person's own sign-up."""

    @extend_schema(
        operation_id="answer_form_sign_up",
        request=shapes.WriteSignUpSerializer,
        responses={201: shapes.OwnSignUpSerializer},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Sign up: with a place, or on the waiting list."""
        form = self.find(request, public_id)
        note = self.sent(shapes.WriteSignUpSerializer, request)["note"]
        mine = actions.sign_up(actor=person_of(request), form=form, note=note)
        return Response(shapes.OwnSignUpSerializer(mine).data, status=201)

    @extend_schema(operation_id="answer_form_withdraw", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Withdraw."""
        actions.withdraw_sign_up(actor=person_of(request), form=self.find(request, public_id))
        return Response(status=204)


class SignUps(_FormView):
    """Everyone who has signed up, for those who keep the form. Protected people are left out."""

    @extend_schema(
        operation_id="answer_form_sign_ups",
        responses=shapes.SignUpSerializer(many=True),
        parameters=[OpenApiParameter("state", enum=SignUp.State.values)],
    )
    def get(self, request: Request, public_id: str) -> Response:
        found = self.keep(request, public_id).sign_ups.with_people().filter(employee__protected=False)
        state = request.query_params.get("state", "")
        found = found.filter(state=state) if state in SignUp.State.values else found
        return _page(self, request, found, shapes.SignUpSerializer)


class Pick(_FormView):
    """Choose a volunteer; the leader is asked."""

    @extend_schema(
        operation_id="answer_form_pick", request=shapes.OneSignUpSerializer, responses=shapes.SignUpSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        wanted = self.sent(shapes.OneSignUpSerializer, request)["sign_up"]
        one = get_object_or_404(form.sign_ups.select_related("form"), public_id=wanted)
        return Response(shapes.SignUpSerializer(actions.pick_volunteer(actor=person_of(request), sign_up=one)).data)


class OwnPeople(APIView):
    """The leader's own people who have been picked; the leader need not have got the announcement."""

    @extend_schema(operation_id="answer_form_own_people", responses=shapes.LeaderSignUpSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        asked = SignUp.objects.led_by(person_of(request)).filter(form__announcement__public_id=public_id)
        get_object_or_404(asked[:1])
        return _page(self, request, asked.with_people(), shapes.LeaderSignUpSerializer)

    @extend_schema(
        operation_id="answer_form_answer_for",
        request=shapes.LeaderAnswerSerializer,
        responses=shapes.LeaderSignUpSerializer,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Say yes, or not now: assigned, or the place goes to the next."""
        asked = SignUp.objects.led_by(person_of(request)).filter(form__announcement__public_id=public_id)
        get_object_or_404(asked[:1])
        data = shapes.LeaderAnswerSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        one = get_object_or_404(asked.select_related("form"), public_id=data.validated_data["sign_up"])
        approve = data.validated_data["approve"]
        one = actions.answer_for_volunteer(actor=person_of(request), sign_up=one, approve=approve)
        return Response(shapes.LeaderSignUpSerializer(one).data)


class Export(_FormView):
    """Everything that has come, as CSV safe for spreadsheets. Protected people are left out."""

    @extend_schema(operation_id="answer_form_export", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        form = self.keep(request, public_id)
        rows = list(export_rows(form))
        actions.record_export(actor=person_of(request), form=form, rows=len(rows) - 1)
        return spreadsheet_response(rows, name=f"{form.kind}-{public_id}", kind="csv")
