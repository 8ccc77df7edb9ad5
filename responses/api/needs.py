"""What services need, and what becomes of it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from directory.models import Employee
from responses import actions
from responses import serializers as shapes
from responses.api.requests import FormView, find_need, find_unit, person_of
from responses.models import Need
from responses.querysets import NeedQuerySet


@extend_schema_view(
    get=extend_schema(
        operation_id="answer_form_needs",
        parameters=[OpenApiParameter("state", enum=Need.State.values), OpenApiParameter("agency", str)],
    )
)
class Needs(FormView, generics.ListAPIView[Need]):
    """Every need, the newest first, for those who keep the form; of one `state` or `agency`. POST sends one."""

    serializer_class = shapes.NeedSerializer
    queryset = Need.objects.none()

    def get_queryset(self) -> NeedQuerySet:
        form = self.keep(self.request, self.kwargs["public_id"])
        found = Need.objects.filter(service__form=form).with_service().with_states()
        state, agency = (self.request.query_params.get(name, "") for name in ("state", "agency"))
        if state in Need.State.values:
            found = found.filter(state=state).standing()
        return found.filter(service__unit__agency__public_id=agency[:12]) if agency else found

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


class TakeBack(FormView):
    """Remove an own need nobody has taken."""

    @extend_schema(operation_id="answer_form_take_back_need", request=shapes.OneNeedSerializer, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        form = self.find(request, public_id)
        need = find_need(form, self.sent(shapes.OneNeedSerializer, request)["need"])
        actions.take_back_need(actor=person_of(request), need=need)
        return Response(status=204)


class Finish(FormView):
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


class Answerer(FormView):
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


class _DecideNeed(FormView):
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


class Merge(FormView):
    """Let a need follow another that means the same."""

    @extend_schema(
        operation_id="answer_form_merge", request=shapes.MergeNeedSerializer, responses=shapes.NeedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        sent = self.sent(shapes.MergeNeedSerializer, request)
        need, into = find_need(form, sent["need"]), find_need(form, sent["into"])
        return Response(shapes.NeedSerializer(actions.merge_needs(actor=person_of(request), need=need, into=into)).data)


class Split(FormView):
    """Let a merged need stand for itself again."""

    @extend_schema(operation_id="answer_form_split", request=shapes.OneNeedSerializer, responses=shapes.NeedSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        need = find_need(form, self.sent(shapes.OneNeedSerializer, request)["need"])
        return Response(shapes.NeedSerializer(actions.split_need(actor=person_of(request), need=need)).data)
