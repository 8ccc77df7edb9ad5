from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.public_ids import PublicIdField
from onboarding.querysets.rules import EnrolmentQuerySet, EnrolmentRuleQuerySet


class EnrolmentRule(models.Model):
    """«Everyone in this audience joins these groups», from HR's facts only."""

    public_id = PublicIdField()
    audience = models.OneToOneField("groups.Audience", models.PROTECT, related_name="enrolment_rule")
    # The branch it keeps to, whoever its audience names; None for the whole organisation.
    branch = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+")
    groups: models.ManyToManyField[Any, Any] = models.ManyToManyField("groups.Group", related_name="enrolment_rules")
    may_leave = models.BooleanField(default=True)
    # Ends this many days after the person started; for «new here» groups.
    ends_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EnrolmentRuleQuerySet] = EnrolmentRuleQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Enrolment(models.Model):
    """That a rule put a person into a group. The membership stands while one enrolment, or a hand, holds it."""

    # Both are found by an index below that begins with them.
    rule = models.ForeignKey(EnrolmentRule, models.CASCADE, related_name="enrolments", db_index=False)
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="enrolments")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="enrolments", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    # Set when the rule no longer holds; the membership goes at this time (after the rule's grace).
    leaves_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EnrolmentQuerySet] = EnrolmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "rule",
                "group",
                "employee",
                condition=Q(ended_at__isnull=True),
                name="enrolment_in_force_once",
            )
        ]
        indexes = [models.Index(fields=["employee", "group"], name="enrolment_employee")]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.group_id} by {self.rule_id}"
