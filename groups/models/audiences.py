from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groups.models.groups import Group


class Audience(models.Model):
    """A saved description of people; `groups.audiences.compile_audience` turns it into a queryset."""

    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"audience {self.pk}"


class AudienceTerm(models.Model):
    """One part of an audience: these people in, or these out."""

    class Kind(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        UNIT = "unit", _("Unit")
        JOB_FAMILY = "job_family", _("Job family")
        LEADERS = "leaders", _("Leaders")
        WORKPLACE = "workplace", _("Workplace")
        GROUP = "group", _("Members of a group")
        STARTED_WITHIN = "started_within", _("Started within a number of days")

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="terms")
    exclude = models.BooleanField(default=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    unit = models.ForeignKey("directory.OrgUnit", models.CASCADE, null=True, blank=True, related_name="+")
    job_family = models.ForeignKey("directory.JobFamily", models.CASCADE, null=True, blank=True, related_name="+")
    workplace = models.ForeignKey("directory.Workplace", models.CASCADE, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audience_term_names_what_its_kind_needs",
                condition=Q(
                    kind__in=["everyone", "leaders"],
                    unit=None,
                    job_family=None,
                    workplace=None,
                    group=None,
                    days=None,
                )
                | Q(kind="unit", unit__isnull=False, job_family=None, workplace=None, group=None, days=None)
                | Q(
                    kind="job_family",
                    job_family__isnull=False,
                    unit=None,
                    workplace=None,
                    group=None,
                    days=None,
                )
                | Q(
                    kind="workplace",
                    workplace__isnull=False,
                    unit=None,
                    job_family=None,
                    group=None,
                    days=None,
                )
                | Q(kind="group", group__isnull=False, unit=None, job_family=None, workplace=None, days=None)
                | Q(kind="started_within", days__gte=1, unit=None, job_family=None, workplace=None, group=None),
            )
        ]

    def __str__(self) -> str:
        return f"{'-' if self.exclude else '+'}{self.kind}"

    @property
    def named(self) -> Any:
        """The unit, family, workplace or group the term names, or its days; None for everyone and leaders."""
        return self.unit or self.job_family or self.workplace or self.group or self.days
