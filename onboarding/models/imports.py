from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from onboarding.querysets.imports import ImportFindingQuerySet, ImportRecordQuerySet, ImportRunQuerySet


class ImportRun(models.Model):
    """One file from HR: checked, and then applied or let be."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("Waiting for columns")
        CHECKING = "checking", _("Checking")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Adding")
        APPLIED = "applied", _("Added")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
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
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[ImportRunQuerySet] = ImportRunQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"

    @property
    def may_be_discarded(self) -> bool:
        """Whether nothing of it has been stored, and nobody is at it."""
        idle = (self.State.MAPPING, self.State.CHECKED, self.State.STOPPED, self.State.FAILED)
        return self.state in idle and self.applied_at is None


class ImportRecord(models.Model):
    """One row of a checked file, tidied, waiting to be applied. Removed 14 days after the run."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="records")
    record = models.PositiveIntegerField()
    employee_number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=9)
    # It could be taken, and would change nothing.
    is_unchanged = models.BooleanField(default=False, db_default=False)
    # It cannot be taken, or something is odd that nobody has confirmed yet, whatever else is said of it.
    needs_a_look = models.BooleanField(default=False, db_default=False)
    # What would become of the person: new, returned, moved, leaving, changed; "" when nothing, or not known.
    outcome = models.CharField(max_length=8, blank=True, db_default="")
    # What it would change: [column, what stands, what will stand], as kept and as a file would say it.
    changes: models.JSONField[Any, Any] = models.JSONField(default=list, db_default=[])
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

    objects: ClassVar[ImportFindingQuerySet] = ImportFindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["run", "record"], name="import_finding_record")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.record} {self.code}"


class ImportLeaver(models.Model):
    """A person who would no longer work here once a checked run has been applied."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="leavers")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("run", "employee", name="import_leaver_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.employee_id}"


class ImportChange(models.Model):
    """What stood of one person before a run and right after it, jobs included. Kept while it can be undone."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    # Null for a person the run made.
    before: models.JSONField[Any, Any] = models.JSONField(null=True)
    after: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint("run", "employee", name="import_change_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.employee_id}"


class KnownHeading(models.Model):
    """Which of our columns a heading of one source's files is; "" for a column that is left out."""

    source = models.CharField(max_length=20)
    # In lower case, tidied.
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=40, blank=True)
    known_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    known_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("source", "heading", name="known_heading_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.heading}"
