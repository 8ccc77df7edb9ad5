"""The API of roles: `/api/v1/roles/`, for those who give and take them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError, require
from directory.actions import grant_role, take_back_role
from directory.models import Employee, OrgUnit, Role, RoleGrant
from directory.serializers import UnitReferenceSerializer


class RoleGrantSerializer(serializers.ModelSerializer[RoleGrant]):
    """A role somebody has, for a unit's branch (nothing: everywhere) and a period."""

    id = serializers.CharField(source="public_id", read_only=True)
    employee = serializers.SerializerMethodField()
    name = serializers.CharField(source="employee.display_name", read_only=True)
    unit = UnitReferenceSerializer(read_only=True, allow_null=True)
    granted_by = serializers.SerializerMethodField()

    class Meta:
        model = RoleGrant
        fields = [
            *("id", "employee", "name", "role", "unit", "start_date", "end_date"),
            *("granted_by", "granted_at", "taken_back_at"),
        ]
        read_only_fields = fields

    def get_employee(self, grant: RoleGrant) -> str | None:
        """The id of who has it; nothing for a protected person."""
        return None if grant.employee.protected else grant.employee.public_id

    def get_granted_by(self, grant: RoleGrant) -> str | None:
        """The id of who gave it; nothing for the system and for a protected person."""
        giver = grant.granted_by
        return None if giver is None or giver.protected else giver.public_id


class NewGrantSerializer(serializers.Serializer[Any]):
    """A role to give."""

    employee = serializers.CharField(max_length=40)
    role = serializers.ChoiceField(choices=Role.choices)
    unit = serializers.CharField(max_length=40, required=False, allow_null=True)
    start_date = serializers.DateField(required=False, allow_null=True)
    end_date = serializers.DateField(required=False, allow_null=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="roles_list",
        parameters=[
            OpenApiParameter("role", str, description="Only this role."),
            OpenApiParameter("employee", str, description="Id of a person: only theirs."),
            OpenApiParameter("all", bool, description="Those that are over as well."),
        ],
    )
)
class RolesView(ListAPIView[RoleGrant]):
    """Who has which role, in the branches one looks after."""

    serializer_class = RoleGrantSerializer
    queryset = RoleGrant.objects.none()

    def get_queryset(self) -> QuerySet[RoleGrant]:
        """Return the grants, those that hold or will unless `all` is asked for."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        giver, asked = _giver(self.request), self.request.query_params
        grants = _grants(giver)
        if asked.get("all", "").lower() not in ("1", "true"):
            grants = grants.lasting()
        if asked.get("role"):
            grants = grants.filter(role=asked["role"])
        if asked.get("employee"):
            people = Employee.objects.visible_to(giver)
            grants = grants.filter(employee__in=people.filter(public_id=asked["employee"]))
        found: QuerySet[RoleGrant] = grants
        return found

    @extend_schema(operation_id="roles_create", request=NewGrantSerializer, responses={201: RoleGrantSerializer})
    def post(self, request: Request) -> Response:
        """Give a role; it is logged, and the person is told."""
        giver = _giver(request)
        sent = NewGrantSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        facts = dict(sent.validated_data)
        employee = Employee.objects.visible_to(giver).filter(public_id=_id(facts.pop("employee"))).first()
        if employee is None:
            raise RefusedError(_("We did not find the person."), field="employee")
        unit = _unit(facts.pop("unit", None))
        grant = grant_role(actor=giver, employee=employee, unit=unit, **facts)
        return Response(RoleGrantSerializer(grant).data, status=status.HTTP_201_CREATED)


class RoleView(APIView):
    """One role somebody has."""

    @extend_schema(operation_id="roles_retrieve", responses=RoleGrantSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Show it."""
        return Response(RoleGrantSerializer(_find(request, public_id)).data)

    @extend_schema(operation_id="roles_take_back", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take it back now."""
        take_back_role(actor=_giver(request), grant=_find(request, public_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _giver(request: Any) -> Employee:
    giver: Employee = request.user
    require(giver.has_perm("directory.grant_roles"))
    return giver


def _grants(giver: Employee) -> Any:
    return RoleGrant.objects.visible_to(giver).select_related("employee", "unit", "granted_by")


def _find(request: Request, public_id: str) -> RoleGrant:
    grant: RoleGrant = get_object_or_404(_grants(_giver(request)), public_id=public_id)
    return grant


def _unit(public_id: str | None) -> OrgUnit | None:
    if not public_id:
        return None
    unit = OrgUnit.objects.filter(public_id=_id(public_id)).first()
    if unit is None:
        raise RefusedError(_("We did not find the unit."), field="unit")
    return unit


def _id(text: str) -> str:
    return text.replace("\x00", "")
