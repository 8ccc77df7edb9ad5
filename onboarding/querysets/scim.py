"""The named reads of identity systems and of what they tell."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import ScimClient, ScimGroup, ScimHeld, ScimShut, ScimToken, ScimUser  # noqa: F401


class ScimClientQuerySet(models.QuerySet["ScimClient"]):
    def visible_to(self, employee: Employee) -> Self:
        """Identity systems are for the organisation's administrators."""
        return self.all() if employee.has_perm("onboarding.keep_scim") else self.none()

    def listed(self) -> Self:
        """Those in use first, with how many people and groups each tells of."""
        people = _count(self.model, "users").filter(is_active=True)
        held = _count(self.model, "held").filter(released_at=None)
        counted = self.annotate(
            people_count=_number(people),
            group_count=_number(_count(self.model, "groups")),
            held_count=_number(held),
        )
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


class ScimShutQuerySet(models.QuerySet["ScimShut"]):
    def of(self, employee: Employee) -> Self:
        """Who has shut this person out."""
        return self.filter(employee=employee)

    def counted(self) -> Self:
        """Those shut out within the last day without anybody here having said that so many may be."""
        return self.filter(is_counted=True, shut_at__gt=timezone.now() - datetime.timedelta(days=1))


class ScimHeldQuerySet(models.QuerySet["ScimHeld"]):
    def waiting(self) -> Self:
        """Those about whom nobody has said anything yet."""
        return self.filter(released_at=None)

    def released(self) -> Self:
        """Those whom a person has said may be shut out, the first first."""
        return self.exclude(released_at=None).order_by("released_at", "pk")


class ScimGroupQuerySet(models.QuerySet["ScimGroup"]):
    def told_by(self, client: ScimClient) -> Self:
        """What this client has told of."""
        return self.filter(client=client)

    def counted(self) -> Self:
        """With how many members each has, and the group here that it is connected to."""
        members = _number(_count(self.model, "members"))
        return self.annotate(member_count=members).select_related("group").order_by("display_name", "pk")


def _count(model: type[models.Model], many: str) -> models.QuerySet[models.Model]:
    """The rows that hang on one of the outer query's: counted for those rows alone that are shown."""
    relation: Any = model._meta.get_field(many)
    manager: Any = relation.related_model._default_manager
    rows: models.QuerySet[models.Model] = manager.filter(**{relation.field.name: OuterRef("pk")})
    return rows.order_by()


def _number(rows: models.QuerySet[models.Model]) -> Coalesce:
    every = rows.annotate(every=Value(1)).values("every")
    return Coalesce(Subquery(every.annotate(number=Count("pk")).values("number")), 0)
