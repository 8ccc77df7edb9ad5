"""The named reads of rules and enrolments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from directory.models import Employee
    from groups.models import Group
    from onboarding.models import Enrolment, EnrolmentRule  # noqa: F401


class EnrolmentRuleQuerySet(models.QuerySet["EnrolmentRule"]):
    def visible_to(self, employee: Employee) -> Self:
        """Rules are for those who keep them; an agency's administrator keeps those of the own branch."""
        if employee.has_role_everywhere("hr", "admin"):
            return self.all()
        own = Q(pk__in=[])
        for path in employee.role_paths("agency_admin"):
            own |= Q(branch__path__startswith=path)
        return self.filter(own)

    def named(self, text: str, groups: QuerySet[Group]) -> Self:
        """Rules that name something with `text` in its name: a unit, job or place, the branch, or one of `groups`."""
        words = text.replace("\x00", "")
        fits = Q(branch__name__icontains=words) | Q(groups__in=groups.filter(name__icontains=words).values("pk"))
        for named in ("unit", "job_family", "workplace"):
            fits |= Q(**{f"audience__terms__{named}__name__icontains": words})
        return self.filter(pk__in=self.filter(fits).values("pk"))

    def in_branch(self, path: str) -> Self:
        """Rules that keep to the branch with this path or part of it, or name a unit in it."""
        fits = Q(branch__path__startswith=path)
        fits |= Q(audience__terms__unit__path__startswith=path, audience__terms__exclude=False)
        return self.filter(pk__in=self.filter(fits).values("pk"))

    def in_force(self) -> Self:
        """Rules that are switched on."""
        return self.filter(is_active=True)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def in_force(self) -> Self:
        """Enrolments whose rule still holds for the person, those within their grace period included."""
        return self.filter(ended_at__isnull=True)

    def holding(self) -> Self:
        """Enrolments whose rule still holds, without those in their days of grace."""
        return self.filter(ended_at__isnull=True, leaves_at__isnull=True)

    def in_grace(self) -> Self:
        """Enrolments whose rule has let go, while their days of grace run."""
        return self.filter(ended_at__isnull=True, leaves_at__isnull=False)
