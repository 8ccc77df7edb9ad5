"""The API of people and units: `/api/v1/me/`, `/api/v1/employees/`, `/api/v1/units/`."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from core.pagination import CursorPagination
from core.policies import annotate_allowed
from core.text import fold
from directory.actions import change_profile, change_second_pair_of_eyes, change_settings, rename_unit
from directory.house_rules import has_accepted
from directory.models import Employee, Organisation, OrgUnit
from directory.querysets import EmployeeQuerySet, OrgUnitQuerySet
from directory.serializers import (
    EmployeeSerializer,
    MeSerializer,
    MyFactsSerializer,
    OrganisationSerializer,
    UnitNameSerializer,
    UnitNodeSerializer,
    UnitSerializer,
)

OWN_SETTINGS = ("language", "color_scheme", "text_size")


class ByName(CursorPagination):
    """Pages in the order of names."""

    ordering = ("sort_key", "pk")


class ByPlace(CursorPagination):
    """Pages of units, the organisation first, then down the tree."""

    ordering = ("depth", "name", "pk")


class MeView(APIView):
    """Oneself."""

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return everything one may know of oneself."""
        return self._answer(request.user)

    @extend_schema(operation_id="me_update", request=MyFactsSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change what is one's own to change."""
        facts = MyFactsSerializer(data=request.data)
        facts.is_valid(raise_exception=True)
        profile = {name: value for name, value in facts.validated_data.items() if name not in OWN_SETTINGS}
        wanted = {name: value for name, value in facts.validated_data.items() if name in OWN_SETTINGS}
        employee: Employee = request.user  # type: ignore[assignment]
        with transaction.atomic():
            if profile:
                change_profile(actor=employee, employee=employee, **profile)
            if wanted:
                change_settings(actor=employee, **wanted)
        return self._answer(employee)

    def _answer(self, employee: Any) -> Response:
        me = Employee.objects.with_job().get(pk=employee.pk)
        return Response(MeSerializer(me, context={"house_rules_accepted": has_accepted(me)}).data)


class OrganisationView(APIView):
    """What the organisation has decided for itself; its administrators change it."""

    @extend_schema(operation_id="organisation_retrieve", responses=OrganisationSerializer)
    def get(self, request: Request) -> Response:
        """Return the settings."""
        return self._answer(request)

    @extend_schema(operation_id="organisation_update", request=OrganisationSerializer, responses=OrganisationSerializer)
    def patch(self, request: Request) -> Response:
        """Turn the second pair of eyes on or off."""
        sent = OrganisationSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        employee: Employee = request.user  # type: ignore[assignment]
        require(employee.has_perm("directory.keep_settings"))
        if "second_pair_of_eyes" in sent.validated_data:
            change_second_pair_of_eyes(actor=employee, wanted=sent.validated_data["second_pair_of_eyes"])
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        require(request.user.has_perm("directory.keep_settings"))
        return Response(OrganisationSerializer(Organisation.load()).data)


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="Every word must fit: name, job, unit, place, skills, number."),
            OpenApiParameter("unit", str, description="Id of a unit: those who work in it or below it."),
        ]
    ),
)
class EmployeeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Employee]):
    """Colleagues who work here today. People with a protected address are not here, whoever asks."""

    queryset = Employee.objects.none()
    serializer_class = EmployeeSerializer
    pagination_class = ByName
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[Employee]:
        """Return those the asker may find, narrowed by `search` and `unit`."""
        viewer: Employee = self.request.user  # type: ignore[assignment]
        open_people: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).filter(protected=False)
        people = self._narrowed(open_people) if self.action == "list" else open_people
        return annotate_allowed(people.with_job(), viewer, may_see_mobile="directory.see_mobile")

    def _narrowed(self, people: EmployeeQuerySet) -> EmployeeQuerySet:
        text, unit_id = (self.request.query_params.get(name, "").replace("\x00", "") for name in ("search", "unit"))
        if unit_id:
            unit = get_object_or_404(OrgUnit.objects.active(), public_id=unit_id)
            people = people.in_branch(unit.path)
        return people.search(text) if fold(text) else people


class UnitViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[OrgUnit]):
    """The units of the organisation that have not been ended."""

    queryset = OrgUnit.objects.none()
    serializer_class = UnitSerializer
    pagination_class = ByPlace
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> OrgUnitQuerySet:
        """Return units with what stands beside them."""
        return OrgUnit.objects.active().select_related("parent", "agency", "leader")

    @extend_schema(operation_id="units_rename", request=UnitNameSerializer, responses=UnitSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Give the unit another name; everybody who works in it is found by it at once."""
        unit, actor = self.get_object(), cast(Employee, request.user)
        require(actor.has_perm("directory.rename_units", unit))
        sent = UnitNameSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        facts = {"name": unit.name, "short_name": unit.short_name} | sent.validated_data
        rename_unit(actor=actor, unit=unit, **facts)
        return Response(UnitSerializer(self.get_object()).data)


class UnitTreeView(APIView):
    """The whole organisation at once."""

    @extend_schema(operation_id="units_tree", responses=UnitNodeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return every unit in short, parents before children."""
        units = OrgUnit.objects.active().order_by("depth", "name", "pk")
        names = ("public_id", "code", "name", "kind", "parent__public_id")
        keys = ("id", "code", "name", "kind", "parent")
        return Response([dict(zip(keys, row, strict=True)) for row in units.values_list(*names)])
