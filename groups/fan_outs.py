"""What is told to all members of a group, in chunks, and what owners are asked once a year."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from directory.models import Employee
from groups.actions.groups import PRIVACY_JOB
from groups.actions.takeovers import TAKEOVER_JOB
from groups.models import Group, Membership
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut, Notification

CHUNK = 1000
ASKED_AT_ONCE = 200


@fan_out_job(PRIVACY_JOB)
def tell_of_privacy(fan_out: FanOut) -> Step:
    """Tell the next members that the group can be seen by others than before."""
    facts = {"from": fan_out.facts["from"], "to": fan_out.facts["to"]}
    return _tell_next(fan_out, kind="group_privacy", event_key=f"privacy:{fan_out.key}", facts=facts)


@fan_out_job(TAKEOVER_JOB)
def tell_of_takeover(fan_out: FanOut) -> Step:
    """Tell the next members who looks after the group from now."""
    return _tell_next(fan_out, kind="group_taken_over", event_key=f"takeover:{fan_out.key}")


def _tell_next(fan_out: FanOut, *, kind: str, event_key: str, facts: dict[str, Any] | None = None) -> Step:
    group, actor = fan_out.facts["group"], Employee.objects.filter(pk=fan_out.facts["actor"]).first()
    later = Membership.objects.filter(group=group, employee_id__gt=fan_out.cursor).active()
    ids = list(later.order_by("employee_id").values_list("employee_id", flat=True)[:CHUNK])
    notify(kind=kind, recipients=ids, event_key=event_key, actor=actor, target_id=group, facts=facts or {})
    return Step(cursor=ids[-1] if ids else fan_out.cursor, done=len(ids), finished=len(ids) < CHUNK)


def ask_whether_in_use() -> int:
    """Ask the owners of groups that nobody has spoken for in a year; return how many groups were asked about.

    Who has not answered is asked again when the question has left their list of notifications.
    """
    asked = Notification.objects.filter(kind="group_in_use", target_id=OuterRef("pk"))
    groups = list(Group.objects.unconfirmed().filter(~Exists(asked)).order_by("pk")[:ASKED_AT_ONCE])
    for group in groups:
        owners = group.memberships.active().filter(role="owner").values_list("employee_id", flat=True)
        key = f"in-use:{group.pk}:{group.in_use_at:%Y-%m-%d}"
        notify(kind="group_in_use", recipients=list(owners), event_key=key, target_id=group.pk)
    return len(groups)
