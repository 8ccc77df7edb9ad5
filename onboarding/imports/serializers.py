"""Imports as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.national_ids import without_national_ids
from directory.models import Employee, OrgUnit
from onboarding.hr_file import columns
from onboarding.hr_file.headings import tidy_heading
from onboarding.hr_file.reader import MAX_COLUMNS
from onboarding.imports.actions import FILE, SOURCE, may_be_source
from onboarding.imports.applying import WORKING
from onboarding.imports.presenting import count_rows
from onboarding.imports.progress import progress_of
from onboarding.imports.rows_shown import tell
from onboarding.models import ImportFinding, ImportRecord, ImportRun

SHOWN = (
    "records",
    "plan",
    "people",
    "written",
    "units",
    "is_cut",
    "nameless",
    "ready",
    "unchanged",
    "undoable",
    "undone",
)


class ImportRunSerializer(serializers.ModelSerializer[ImportRun]):
    """A run: its state, its figures, and how far a long one has come."""

    id = serializers.CharField(source="public_id", read_only=True)
    delta = serializers.BooleanField(source="is_delta", read_only=True)
    scope: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField(slug_field="code", read_only=True)
    summary = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()

    class Meta:
        model = ImportRun
        fields = (
            "id", "state", "source", "file_name", "checksum", "delta", "scope", "record_count", "counts", "summary",
            "progress", "error", "created_at", "applied_at", "undone_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_summary(self, run: ImportRun) -> dict[str, Any]:
        """Figures only: records by status, and what would become or has become of people."""
        figures = {name: run.summary[name] for name in SHOWN if name in run.summary}
        joining = run.summary.get("joining", {})
        told = {name: joining[name] for name in ("memberships", "groups") if name in joining}
        return figures | ({"joining": told} if told else {})

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, run: ImportRun) -> dict[str, int]:
        """Rows that are ready, say nothing new, must be mended, should be looked at."""
        return count_rows(run)

    @extend_schema_field(serializers.IntegerField())
    def get_progress(self, run: ImportRun) -> int:
        """Whole per cents of a run that is at work; 100 for one that is not."""
        return progress_of(run.pk) if run.state in WORKING else 100


class FindingSerializer(serializers.ModelSerializer[ImportFinding]):
    """Something said of one field of one row."""

    message = serializers.SerializerMethodField()

    class Meta:
        model = ImportFinding
        fields = ("record", "employee_number", "status", "field", "code", "message", "value")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_message(self, finding: ImportFinding) -> str:
        """The finding in the reader's language."""
        return tell(finding)


class RowSerializer(serializers.ModelSerializer[ImportRecord]):
    """One row of a checked run: what it would make of the person, and what stands and will stand of each fact."""

    changes = serializers.SerializerMethodField()

    class Meta:
        model = ImportRecord
        fields = ("record", "employee_number", "status", "needs_a_look", "is_unchanged", "outcome", "changes")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.DictField(child=serializers.CharField())))
    def get_changes(self, record: ImportRecord) -> list[dict[str, str]]:
        """Each fact by its column. What a private number was, is for HR."""
        is_hr = self.context["request"].user.has_role("hr")
        return [
            {"field": name, "former": former if is_hr or name != "mobil" else "", "current": current}
            for name, former, current in record.changes
        ]


class LeaverSerializer(serializers.ModelSerializer[Employee]):
    """Somebody who would no longer work here."""

    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)

    class Meta:
        model = Employee
        fields = ("id", "employee_number", "name")
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    """A file to check."""

    file = serializers.FileField(allow_empty_file=True)
    delta = serializers.BooleanField(default=False)
    create_units = serializers.BooleanField(default=False)
    source = serializers.RegexField(SOURCE, max_length=20, default=FILE)  # type: ignore[assignment]
    # Bring it in straight away: nobody is going to look at it before.
    apply = serializers.BooleanField(default=False)
    confirm_leavers = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0)
    scope = serializers.SlugRelatedField(
        slug_field="code", queryset=OrgUnit.objects.active(), required=False, allow_null=True, default=None
    )

    # Which of our columns headings of another name are ("" for none), as {"Ressursnr": "ansattnr"}; remembered.
    headings = serializers.JSONField(required=False, default=None, allow_null=True)

    def validate_headings(self, headings: Any) -> dict[str, str] | None:
        """Headings and columns are text, and the columns are ours."""
        if headings is None:
            return None
        names = ("", columns.WHOLE_NAME, *columns.ALL)
        fits = isinstance(headings, dict) and len(headings) <= MAX_COLUMNS
        if not fits or any(str(said) not in names for said in headings.values()):
            raise serializers.ValidationError(_("Say which of our columns each heading is."))
        return {tidy_heading(without_national_ids(str(head))): str(said) for head, said in headings.items()}

    def validate_source(self, source: str) -> str:
        """Names we use ourselves are not for files."""
        if not may_be_source(source):
            raise serializers.ValidationError(_("Use another name for the system."))
        return source.lower()


class ApplySerializer(serializers.Serializer[Any]):
    """How to apply a checked file."""

    confirm_leavers = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0)
    skip_warnings = serializers.BooleanField(default=False)
