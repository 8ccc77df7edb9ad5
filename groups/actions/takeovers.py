"""A group without an owner gets one: a member offers, and a second member must agree."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.models import Group, Membership, Takeover
from notifications.actions import start_fan_out

# Tells the members of a group who looks after it from now.
TAKEOVER_JOB = "groups.tell_of_takeover"


@transaction.atomic
def offer_to_take_over(*, actor: Employee, group: Group) -> Takeover:
    """Keep that `actor` would look after a group that has no owner. One offer stands at a time: another's is kept.

    Raises PermissionDenied for others than members, and where the group has an owner.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.take_over", group))
    Takeover.objects.filter(group=group).exclude(pk__in=Takeover.objects.standing().values("pk")).delete()
    return Takeover.objects.get_or_create(group=group, defaults={"employee": actor})[0]


def take_back_offer(*, actor: Employee, group: Group) -> None:
    """Offer it no longer."""
    Takeover.objects.filter(group=group, employee=actor).delete()


@transaction.atomic
def agree_to_takeover(*, actor: Employee, group: Group) -> Membership:
    """Make the member who offered the owner, as the second of two. Logged, and all members are told.

    Raises PermissionDenied for others than members and for the one who offered, RefusedError when nobody offers.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.take_over", group))
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    offer = Takeover.objects.standing().filter(group=group).select_related("employee").first()
    if offer is None or not actor.has_perm("groups.take_over", group):
        raise RefusedError(_("Nobody offers to look after the group any more."), code="conflict")
    require(offer.employee_id != actor.pk)
    membership = Membership.objects.get(group=group, employee=offer.employee)
    membership.role, membership.by_hand = Membership.Role.OWNER, True
    membership.save(update_fields=["role", "by_hand"])
    Group.objects.filter(pk=group.pk).update(in_use_at=timezone.now())
    offer.delete()
    facts = {"agreed_by": actor.public_id}
    event = record_audit_event(
        actor=actor, verb="groups.taken_over", obj=group, subject=membership.employee, facts=facts
    )
    job = {"group": group.pk, "actor": membership.employee_id}
    start_fan_out(job=TAKEOVER_JOB, key=str(event.pk), facts=job)
    return membership
