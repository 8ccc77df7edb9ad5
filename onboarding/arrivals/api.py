"""The API of what is made ready for new colleagues: `/api/v1/arrivals/` and `/api/v1/arrival-tasks/`."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError, require
from directory.models import Employee
from onboarding.arrivals.actions import ArrivalFacts, cancel_arrival, move_arrival, prepare_arrival, restore_arrival
from onboarding.arrivals.serializers import (
    ArrivalChangeSerializer,
    ArrivalSerializer,
    ArrivalTaskSerializer,
    NewArrivalSerializer,
    TaskChangeSerializer,
    arrival_as_shown,
    task_as_shown,
)
from onboarding.arrivals.task_actions import set_task_state
from onboarding.arrivals.units import coming_to, units_to_prepare_in
from onboarding.models import Arrival, ArrivalStep, ArrivalTask


class ArrivalsView(GenericAPIView[Arrival]):
    """The new colleagues whose list one reads."""

    queryset = Arrival.objects.none()

    @extend_schema(operation_id="arrivals_list", responses=ArrivalSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them, the latest told of first; called off ones too."""
        me = _preparer(request)
        page = self.paginate_queryset(_whole(me)) or []
        return self.get_paginated_response([arrival_as_shown(arrival, me) for arrival in page])

    @extend_schema(operation_id="arrivals_create", request=NewArrivalSerializer, responses={201: ArrivalSerializer})
    def post(self, request: Request) -> Response:
        """Tell of a new colleague: everything on the agency's list is set in motion at once."""
        me = _preparer(request)
        sent = NewArrivalSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        facts = _facts(me, sent.validated_data)
        made = prepare_arrival(actor=me, facts=facts, steps=list(ArrivalStep.objects.of_unit(facts.unit)))
        return Response(_shown(made, me), status=status.HTTP_201_CREATED)


class ArrivalView(APIView):
    """One new colleague."""

    @extend_schema(operation_id="arrivals_get", responses=ArrivalSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Show how far everything has come."""
        me = _me(request)
        return Response(arrival_as_shown(_find(me, public_id), me))

    @extend_schema(operation_id="arrivals_change", request=ArrivalChangeSerializer, responses=ArrivalSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Move the first day, call it off, or bring it back."""
        me = _me(request)
        found = _find(me, public_id)
        sent = ArrivalChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if "cancelled" in sent.validated_data:
            (cancel_arrival if sent.validated_data["cancelled"] else restore_arrival)(actor=me, arrival=found)
        if "starts_date" in sent.validated_data:
            move_arrival(actor=me, arrival=found, starts_date=sent.validated_data["starts_date"])
        return Response(_shown(found, me))


class ArrivalTasksView(GenericAPIView[ArrivalTask]):
    """What one has to make ready."""

    queryset = ArrivalTask.objects.none()

    @extend_schema(operation_id="arrival_tasks_list", responses=ArrivalTaskSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List one's own tasks that are left, and those of the desks one is at."""
        me = _me(request)
        left = ArrivalTask.objects.of(me).filter(settled_at=None).with_arrival()
        return self.get_paginated_response([task_as_shown(task, me) for task in self.paginate_queryset(left) or []])


class ArrivalTaskView(APIView):
    """One task."""

    @extend_schema(operation_id="arrival_tasks_change", request=TaskChangeSerializer, responses=ArrivalTaskSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Say how far it has come, and a few words that those concerned are told of."""
        me = _me(request)
        found = ArrivalTask.objects.live().visible_to(me).with_arrival()
        task = get_object_or_404(found, public_id=public_id.replace("\x00", ""))
        sent = TaskChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        set_task_state(actor=me, task=task, **sent.validated_data)
        return Response(task_as_shown(found.get(pk=task.pk), me))


def _facts(me: Employee, values: dict[str, Any]) -> ArrivalFacts:
    wanted = values.get("buddy", "").replace("\x00", "")
    buddies = Employee.objects.active().visible_to(me).filter(protected=False)
    buddy = buddies.filter(public_id=wanted).first() if wanted else None
    if wanted and buddy is None:
        raise RefusedError(_("We did not find the person."), field="buddy")
    if known := values.get("employee", "").replace("\x00", ""):
        job = coming_to(me).filter(employee__public_id=known).first()
        if job is None:
            raise RefusedError(_("We did not find the person."), field="employee")
        return ArrivalFacts(job.unit, job.start_date, note=values["note"], job=job, buddy=buddy)
    unit = units_to_prepare_in(me).filter(public_id=values.get("unit", "").replace("\x00", "")).first()
    if unit is None:
        raise RefusedError(_("Choose where the new colleague begins."), field="unit")
    if "starts_date" not in values:
        raise RefusedError(_("Choose the first day."), field="starts_date")
    return ArrivalFacts(unit, values["starts_date"], values["name"], values["title"], values["note"], buddy=buddy)


def _whole(me: Employee) -> Any:
    tasks = Prefetch("tasks", queryset=ArrivalTask.objects.with_arrival().in_order())
    return Arrival.objects.visible_to(me).with_people().prefetch_related(tasks)


def _find(me: Employee, public_id: str) -> Arrival:
    found: Arrival = get_object_or_404(_whole(me), public_id=public_id.replace("\x00", ""))
    return found


def _shown(arrival: Arrival, me: Employee) -> dict[str, Any]:
    return arrival_as_shown(_find(me, arrival.public_id), me)


def _preparer(request: Request) -> Employee:
    me = _me(request)
    require(me.has_perm("onboarding.prepare_arrivals"))
    return me


def _me(request: Request) -> Employee:
    return cast(Employee, request.user)
