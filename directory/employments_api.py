"""The API of jobs: `/api/v1/employments/`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from directory.models import Employee, Employment, OrgUnit
from directory.serializers import JobSerializer


class EmploymentSerializer(JobSerializer):
    """A job somebody holds today. Only what every colleague sees of it."""

    employee = serializers.CharField(source="employee.public_id")
    manager = serializers.SerializerMethodField()
    is_primary = serializers.SerializerMethodField()
    start_date = serializers.DateField()

    def get_manager(self, job: Employment) -> str | None:
        """The id of the leader; nothing for a protected person."""
        return None if job.manager is None or job.manager.protected else job.manager.public_id

    def get_is_primary(self, job: Employment) -> bool:
        """Whether it is the person's main job."""
        return job.employee.primary_employment_id == job.pk


@extend_schema_view(
    get=extend_schema(
        operation_id="employments_list",
        parameters=[
            OpenApiParameter("employee", str, description="Id of a person: only theirs."),
            OpenApiParameter("unit", str, description="Id of a unit: those in it or below it."),
        ],
    )
)
class EmploymentsView(ListAPIView[Employment]):
    """The jobs held today by colleagues one may find, people with a protected address left out."""

    serializer_class = EmploymentSerializer
    queryset = Employment.objects.none()

    def get_queryset(self) -> QuerySet[Employment]:
        """Return the jobs, narrowed by `employee` and `unit`."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        viewer: Any = self.request.user
        people = Employee.objects.active().visible_to(viewer).filter(protected=False)
        asked = self.request.query_params
        if asked.get("employee"):
            people = people.filter(public_id=asked["employee"])
        jobs = Employment.objects.current().filter(employee__in=people)
        if asked.get("unit"):
            unit = get_object_or_404(OrgUnit.objects.active(), public_id=asked["unit"])
            jobs = jobs.in_branch(unit.path)
        return jobs.select_related("employee", "manager", "unit__agency", "job_family", "workplace")
