from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from onboarding.querysets import (
    CorrectionQuerySet,
    EnrolmentQuerySet,
    EnrolmentRuleQuerySet,
    ImportRecordQuerySet,
    ImportRunQuerySet,
    PhotoProposalQuerySet,
)


class ImportRun(models.Model):
    """One file from HR: checked, and then applied or let be."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Adding")
        APPLIED = "applied", _("Added")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    public_id = PublicIdField()
    source = models.CharField(max_length=40, default="file")
    scope = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+")
    is_delta = models.BooleanField(default=False)
    creates_units = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHECKING)
    # Records by status, people by outcome, and how far a long run has come.
    summary: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    record_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ImportRunQuerySet] = ImportRunQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportRecord(models.Model):
    """One row of a checked file, tidied, waiting to be applied. Removed 14 days after the run."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="records")
    record = models.PositiveIntegerField()
    employee_number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=9)
    # It could be taken, and would change nothing.
    is_unchanged = models.BooleanField(default=False, db_default=False)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)

    objects: ClassVar[ImportRecordQuerySet] = ImportRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("run", "record", name="import_record_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record} {self.status}"


class ImportFinding(models.Model):
    """Something to say about one field of one row."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="findings")
    record = models.PositiveIntegerField()
    employee_number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=9)
    field = models.CharField(max_length=40, blank=True)
    # A code of onboarding.hr_file.messages, worded in the reader's language when shown.
    code = models.CharField(max_length=40)
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    value = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "record"], name="import_finding_record")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record} {self.code}"


class EnrolmentRule(models.Model):
    """«Everyone in this audience joins these groups», from HR's facts only."""

    public_id = PublicIdField()
    audience = models.OneToOneField("groups.Audience", models.PROTECT, related_name="enrolment_rule")
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

    rule = models.ForeignKey(EnrolmentRule, models.CASCADE, related_name="enrolments")
    group = models.ForeignKey("groups.Group", models.CASCADE, related_name="enrolments")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="enrolments")
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


class Welcome(models.Model):
    """One person's first weeks: the leader's greeting and what has been done of the first things to do."""

    employee = models.OneToOneField("directory.Employee", models.CASCADE, related_name="welcome", primary_key=True)
    greeting = models.TextField(blank=True)
    greeted_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    buddy = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    starts_date = models.DateField()
    details_checked_at = models.DateTimeField(null=True, blank=True)
    notifications_chosen_at = models.DateTimeField(null=True, blank=True)
    said_hello_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"welcome {self.employee_id}"


class PhotoProposal(models.Model):
    """A portrait somebody else supplied, from the access cards say. Shown to nobody before the person says yes."""

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, related_name="photo_proposal", primary_key=True
    )
    photo = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[PhotoProposalQuerySet] = PhotoProposalQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"photo for {self.employee_id}"


class Correction(models.Model):
    """«Something wrong?»: what somebody says is wrong about a person, for HR to look at."""

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="corrections")
    reported_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    reported_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[CorrectionQuerySet] = CorrectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["reported_at"], condition=Q(settled_at=None), name="correction_open")]

    def __str__(self) -> str:
        return f"correction {self.public_id}"
