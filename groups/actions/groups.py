from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.errors import require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.actions.facts import GroupFacts, checked_values
from groups.models import Follow, Group, Invitation, Membership
from groups.signals import group_narrowed, names_shown
from notifications import live
from notifications.actions import start_fan_out

# Tells the members of a group that others may see it than before.
PRIVACY_JOB = "groups.tell_of_privacy"


@transaction.atomic
def create_group(*, actor: Employee, facts: GroupFacts) -> Group:
    """Start a group with `actor` as its owner, and log it.

    Raises PermissionDenied without the right (a secret group needs one of its own), RefusedError when the name is
    missing or something does not fit together. A name that is taken is no hindrance: names need not be unique.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.create"))
    if facts.privacy == Group.Privacy.SECRET:
        require(actor.has_perm("groups.create_secret"))
    group = Group.objects.create(created_by=actor, **checked_values(facts, actor))
    Membership.objects.create(
        group=group, employee=actor, role=Membership.Role.OWNER, notification_level=Membership.NotificationLevel.ALL
    )
    live.renew(f"u:{actor.pk}")
    record_audit_event(actor=actor, verb="groups.created", obj=group, facts={"privacy": group.privacy})
    return group


@transaction.atomic
def change_group(*, actor: Employee, group: Group, facts: GroupFacts) -> Group:
    """Store what an owner has decided; a change of who may see the group is logged, and its members are told.

    Raises PermissionDenied for others than owners and for making a group secret without the right, RefusedError when
    something does not fit together.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    former = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if facts.privacy == Group.Privacy.SECRET != former.privacy:
        require(actor.has_perm("groups.create_secret"))
    values = checked_values(facts, actor, former)
    for name, value in values.items():
        setattr(group, name, value)
    group.save(update_fields=list(values))
    _log_changes(actor, former, group)
    return group


@transaction.atomic
def confirm_in_use(*, actor: Employee, group: Group) -> None:
    """Keep that the group is in use: its owners are not asked for another year. Raises PermissionDenied for others."""
    require(actor.has_perm("groups.manage", group))
    group.in_use_at = timezone.now()
    group.save(update_fields=["in_use_at"])


def _log_changes(actor: Employee, former: Group, group: Group) -> None:
    if former.privacy != group.privacy:
        _tell_of_privacy(actor, former, group)
    for name in ("sensitive", "seen_by"):
        if getattr(former, name) != getattr(group, name):
            facts = {name: getattr(group, name)}
            record_audit_event(actor=actor, verb=f"groups.{name}_changed", obj=group, facts=facts)
    if _shows_names(group) and not _shows_names(former):
        names_shown.send(sender=Group, group=group)


def _shows_names(group: Group) -> bool:
    return group.seen_by == Group.SeenBy.NAMES and group.privacy != Group.Privacy.OPEN


def _tell_of_privacy(actor: Employee, former: Group, group: Group) -> None:
    facts = {"from": former.privacy, "to": group.privacy}
    event = record_audit_event(actor=actor, verb="groups.privacy_changed", obj=group, facts=facts)
    if group.privacy != Group.Privacy.OPEN:
        group_narrowed.send(sender=Group, group=group)
        Follow.objects.filter(group=group).delete()
        live.renew(f"g:{group.pk}")
        # Only those who run it ask people into a group that not everyone may read.
        helpers = group.memberships.active().helpers().values("employee")
        Invitation.objects.filter(group=group, answered_at=None).exclude(invited_by__in=helpers).delete()
    job = {"group": group.pk, "actor": actor.pk, **facts}
    start_fan_out(job=PRIVACY_JOB, key=str(event.pk), facts=job)
