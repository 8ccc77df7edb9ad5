"""What is told to all members of a group, in chunks, and what owners are asked once a year."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from directory.models import Employee
from groups.actions.groups import PRIVACY_JOB
from groups.models import Group, Membership
from notifications.actions import notify
from notifications.fan_out import Step, fan_out_job
from notifications.models import FanOut, Notification

CHUNK = 1000
ASKED_AT_ONCE = 200


@fan_out_job(PRIVACY_JOB)
def tell_of_privacy(fan_out: FanOut) -> Step:
    """Tell the next members that the group can be seen by others than before."""
    facts = fan_out.facts
    later = Membership.objects.filter(group=facts["group"], employee_id__gt=fan_out.cursor).active()
    ids = list(later.order_by("employee_id").values_list("employee_id", flat=True)[:CHUNK])
    notify(
        kind="group_privacy",
        recipients=ids,
        event_key=f"privacy:{fan_out.key}",
        actor=Employee.objects.filter(pk=facts["actor"]).first(),
        target_id=facts["group"],
        facts={"from": facts["from"], "to": facts["to"]},
    )
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
