"""Imports that stand still are taken up again; rows nobody mended are forgotten."""

from __future__ import annotations

import datetime

from django.utils import timezone

from notifications.sweeping import purges, rounds
from onboarding.imports.applying import WORKING
from onboarding.imports.changes import forget_changes
from onboarding.imports.checking import FORM
from onboarding.imports.telling import continue_and_tell
from onboarding.imports.unattended import take_from_folder
from onboarding.models import ImportFinding, ImportLeaver, ImportRecord, ImportRun

# A worker takes a run up within seconds; what waits longer has been lost on the way.
STANDS_STILL = datetime.timedelta(minutes=1)
KEPT = datetime.timedelta(days=14)
FORM_KEPT = datetime.timedelta(days=1)


def continue_imports() -> int:
    """Take up the oldest run that waits for work nobody does; return how many (one at most: they are long)."""
    waiting = ImportRun.objects.filter(
        state__in=WORKING,
        created_at__lt=timezone.now() - STANDS_STILL,
    )
    first = waiting.order_by("created_at").values_list("pk", flat=True).first()
    return int(first is not None and continue_and_tell(first))


def forget_rows() -> int:
    """Remove rows, findings and leavers of runs older than 14 days; the figures of the runs stay."""
    old = ImportRun.objects.filter(created_at__lt=timezone.now() - KEPT)
    findings, _ = ImportFinding.objects.filter(run__in=old).delete()
    records, _ = ImportRecord.objects.filter(run__in=old).delete()
    leavers, _ = ImportLeaver.objects.filter(run__in=old).delete()
    # A form that was filled in and never stored.
    forms, _ = ImportRun.objects.filter(source=FORM, created_at__lt=timezone.now() - FORM_KEPT).exclude(
        state__in=[ImportRun.State.APPLIED, ImportRun.State.UNDONE, ImportRun.State.UNDOING]
    ).delete()  # fmt: skip
    return int(bool(findings or records or leavers or forms))


rounds.add("imports", continue_imports)
rounds.add("HR's folder", take_from_folder)
rounds.add("old import rows", forget_rows)
purges.add("what files changed", forget_changes)
