"""Reconciling in the background: when people change, when a rule changes, and when a new day begins.

What must be done is a row (a fan-out), so nothing is forgotten when a worker or the broker is away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.public_ids import new_public_id
from notifications.actions import start_fan_out
from notifications.daily import begin_each_day
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut
from onboarding.reconcile import reconcile_enrolments

JOB = "onboarding.reconcile"
# Above this it is cheaper to take everyone than to carry the ids.
MOST_IDS = 2_000


@fan_out_job(JOB)
def reconcile(fan_out: FanOut) -> Step:
    """Reconcile the people named in the facts, or everyone: one step, set-based and safe to repeat."""
    reconcile_enrolments(employee_ids=fan_out.facts.get("employee_ids"))
    return Step(cursor=1, done=1, finished=True)


def reconcile_soon(employee_ids: Iterable[int] | None = None, *, rule_id: int | None = None) -> None:
    """Have these people (or everyone) reconciled as soon as the transaction has been committed.

    With `rule_id` it is because of that rule: until it is done, nobody knows how many it applies to.
    """
    ids = None if employee_ids is None else sorted(set(employee_ids))
    if ids == []:
        return
    facts: dict[str, Any] = {} if ids is None or len(ids) > MOST_IDS else {"employee_ids": ids}
    facts |= {"rule": rule_id} if rule_id else {}
    start_fan_out(job=JOB, key=new_public_id(), facts=facts)


def rules_at_work() -> set[int]:
    """Return the ids of rules that were saved or switched, and whose people have not been reckoned since."""
    unfinished = FanOut.objects.filter(job=JOB, state__in=[FanOut.State.WAITING, FanOut.State.RUNNING])
    return set(unfinished.filter(facts__has_key="rule").values_list("facts__rule", flat=True))


# Rules for the new and days of grace end by themselves.
begin_each_day("enrolments of the day", JOB)
