"""The named reads of identity systems and of what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import ScimClient, ScimGroup, ScimToken, ScimUser  # noqa: F401


class ScimClientQuerySet(models.QuerySet["ScimClient"]):
    def visible_to(self, employee: Employee) -> Self:
        """Identity systems are for the organisation's administrators."""
        return self.all() if employee.has_perm("onboarding.keep_scim") else self.none()

    def listed(self) -> Self:
        """Those in use first, with how many people and groups each tells of."""
        people = Count("users", filter=Q(users__is_active=True), distinct=True)
        counted = self.annotate(people_count=people, group_count=Count("groups", distinct=True))
        return counted.select_related("unit").order_by(models.F("closed_at").asc(nulls_first=True), "name", "pk")


class ScimTokenQuerySet(models.QuerySet["ScimToken"]):
    def valid(self) -> Self:
        """Keys that open the door now."""
        unended = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return self.filter(unended, revoked_at__isnull=True, client__closed_at__isnull=True)


class ScimUserQuerySet(models.QuerySet["ScimUser"]):
    def told_by(self, client: ScimClient) -> Self:
        """What this client has told of; it knows of nobody else."""
        return self.filter(client=client)


class ScimGroupQuerySet(models.QuerySet["ScimGroup"]):
    def told_by(self, client: ScimClient) -> Self:
        """What this client has told of."""
        return self.filter(client=client)

    def counted(self) -> Self:
        """With how many members each has, and the group here that it is connected to."""
        return self.annotate(member_count=Count("members")).select_related("group").order_by("display_name", "pk")
