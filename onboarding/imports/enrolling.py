"""After people have changed: the groups that follow from it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count
from django.utils import timezone

from onboarding.models import Enrolment
from onboarding.reconcile import reconcile_enrolments

MOST_GROUPS_TOLD = 50


def enrol_changed(employee_ids: Sequence[int]) -> list[list[int]]:
    """Let the rules put these people into groups and out again.

    Returns [group id, how many were put in] for the groups that gained most.
    """
    if not employee_ids:
        return []
    began_at = timezone.now()
    reconcile_enrolments(employee_ids=employee_ids)
    gained = (
        Enrolment.objects.filter(created_at__gte=began_at, employee_id__in=employee_ids)
        .values("group")
        .annotate(people=Count("employee", distinct=True))
        .order_by("-people", "group")
    )
    return [[row["group"], row["people"]] for row in gained[:MOST_GROUPS_TOLD]]
