from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.errors import require
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.actions.memberships import put_in_by_invitation
from groups.models import Group, Invitation, Membership, OptOut
from notifications.actions import notify

# So long a no can be undone.
UNDO_WITHIN = datetime.timedelta(minutes=15)


@transaction.atomic
def invite_to_group(*, actor: Employee, group: Group, employee: Employee) -> Invitation | None:
    """Ask a colleague to come in and tell them; None where that is not to be done.

    Members are not asked, nor whoever has said no or was removed, nor anyone twice. Raises PermissionDenied for those
    who may not invite to the group.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.invite", group))
    if not _may_be_asked(actor, group, employee):
        return None
    facts = {"invited_by": actor}
    invitation, created = Invitation.objects.get_or_create(
        group=group, employee=employee, answered_at=None, defaults=facts
    )
    if not created:
        return None
    notify(
        kind="group_invitation",
        recipients=[employee.pk],
        event_key=f"invitation:{invitation.pk}",
        actor=actor,
        target_id=invitation.pk,
    )
    return invitation


@transaction.atomic
def answer_invitation(*, actor: Employee, group: Group, accept: bool) -> Membership | None:
    """Come in, or say no; returns the membership. None without an invitation that waits."""
    require_accepted(actor)
    waiting = Invitation.objects.visible_to(actor).filter(group=group).select_for_update(of=("self",)).first()
    if waiting is None:
        return None
    waiting.answered_at, waiting.accepted = timezone.now(), accept
    waiting.save(update_fields=["answered_at", "accepted"])
    return put_in_by_invitation(waiting) if accept else None


@transaction.atomic
def undo_decline(*, actor: Employee, group_id: str) -> Group | None:
    """Open again the invitation to the group with that public id to which the actor said no a moment ago.

    Returns the group; None where there is no such invitation.
    """
    said_no = Invitation.objects.filter(employee=actor, group__public_id=group_id, group__closed_at=None)
    recent = said_no.filter(accepted=False, answered_at__gte=timezone.now() - UNDO_WITHIN)
    declined = recent.select_for_update(of=("self",)).select_related("group").order_by("-answered_at").first()
    if declined is None or Invitation.objects.visible_to(actor).filter(group=declined.group).exists():
        return None
    declined.answered_at = None
    declined.save(update_fields=["answered_at"])
    return declined.group


@transaction.atomic
def take_back_invitation(*, actor: Employee, group: Group, employee: Employee) -> None:
    """Forget that the colleague was asked. For who asked, and those who run the group."""
    waiting = Invitation.objects.filter(group=group, employee=employee, answered_at=None)
    if not actor.has_perm("groups.moderate", group):
        waiting = waiting.filter(invited_by=actor)
    waiting.delete()


def _may_be_asked(actor: Employee, group: Group, employee: Employee) -> bool:
    here = Q(group=group, employee=employee)
    said_no = Invitation.objects.filter(here, answered_at__isnull=False, accepted=False)
    removed = OptOut.objects.filter(here, removed_by__isnull=False)
    known = Employee.objects.active().visible_to(actor).filter(pk=employee.pk, protected=False)
    is_member = Membership.objects.filter(here)
    return known.exists() and not (is_member.exists() or said_no.exists() or removed.exists())
