"""The end of groups: archived (read only), closed down (gone, for a while), purged (gone for good)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.errors import require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.models import Group
from groups.signals import groups_purged
from notifications import live


@transaction.atomic
def archive_group(*, actor: Employee, group: Group) -> None:
    """Let the group be read only. Raises PermissionDenied for others than owners."""
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    if group.archived_at is None:
        group.archived_at = timezone.now()
        group.save(update_fields=["archived_at"])
        record_audit_event(actor=actor, verb="groups.archived", obj=group)


@transaction.atomic
def unarchive_group(*, actor: Employee, group: Group) -> None:
    """Let members write again; that counts as in use. Raises PermissionDenied for others than owners."""
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    if group.archived_at is not None:
        group.archived_at, group.in_use_at = None, timezone.now()
        group.save(update_fields=["archived_at", "in_use_at"])
        record_audit_event(actor=actor, verb="groups.unarchived", obj=group)


@transaction.atomic
def close_group(*, actor: Employee, group: Group) -> None:
    """Take the group down at once, for everyone and everywhere. An owner can open it again for 30 days.

    Raises PermissionDenied for others than owners.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    group.closed_at, group.closed_by = timezone.now(), actor
    group.save(update_fields=["closed_at", "closed_by"])
    record_audit_event(actor=actor, verb="groups.closed", obj=group)
    live.renew(f"g:{group.pk}")


@transaction.atomic
def reopen_group(*, actor: Employee, group: Group) -> None:
    """Bring a closed group back as it was. Raises PermissionDenied for others than owners, and after 30 days."""
    require_accepted(actor)
    require(actor.has_perm("groups.reopen", group))
    group.closed_at, group.closed_by, group.in_use_at = None, None, timezone.now()
    group.save(update_fields=["closed_at", "closed_by", "in_use_at"])
    record_audit_event(actor=actor, verb="groups.reopened", obj=group)
    members = group.memberships.active().values_list("employee_id", flat=True)
    live.renew_people(members)


def purge_closed_groups() -> int:
    """Remove for good what was closed down more than 30 days ago, with what stood only there; return how many."""
    past = list(Group.objects.past_reopening()[:20])
    for group in past:
        with transaction.atomic():
            groups_purged.send(sender=Group, group_ids=[group.pk])
            record_audit_event(actor=None, verb="groups.purged", obj=group)
            group.delete()
    return len(past)
