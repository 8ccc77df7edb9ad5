"""What became of the runs, for their list."""

from __future__ import annotations

from dataclasses import dataclass

from directory.models import Employee
from notifications.models import Delivery
from onboarding.invitations.actions import KIND
from onboarding.models import Invitation, InvitationRun


@dataclass(frozen=True)
class RunLine:
    """A run and its counts, and how many messages nobody would take."""

    run: InvitationRun
    failed: int


def run_lines(employee: Employee, most: int) -> list[RunLine]:
    """Return the latest runs `employee` may see."""
    runs = list(InvitationRun.objects.visible_to(employee).with_counts().order_by("-made_at", "-pk")[:most])
    failed = failed_in([run.pk for run in runs])
    per_run = dict.fromkeys((run.pk for run in runs), 0)
    for run_id in failed.values():
        per_run[run_id] += 1
    return [RunLine(run, per_run[run.pk]) for run in runs]


def failed_in(run_ids: list[int]) -> dict[int, int]:
    """Return the invitations of these runs whose message could not be handed over, with the run of each."""
    waiting = Invitation.objects.waiting().filter(run__in=run_ids)
    given_up = Delivery.objects.filter(kind=KIND, state=Delivery.State.FAILED, target_id__in=waiting.values("pk"))
    found = [pk for pk in given_up.values_list("target_id", flat=True) if pk]
    return dict(waiting.filter(pk__in=found).values_list("pk", "run_id"))
