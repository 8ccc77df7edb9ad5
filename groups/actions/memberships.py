from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from groups.hearing import HEARD, level_kept, place_of
from groups.models import Follow, Group, Invitation, Membership, MembershipRequest, OptOut
from notifications import live
from notifications.actions import notify
from notifications.choices.actions import set_place_level

Role = Membership.Role


@transaction.atomic
def join_group(*, actor: Employee, group: Group) -> Membership:
    """Make `actor` a member of a group that lets anyone in. Joining twice changes nothing.

    Whoever is there for days of grace only stays by their own hand.

    Raises PermissionDenied where the group does not let anyone in or is no longer live.
    """
    require_accepted(actor)
    mine = Membership.objects.filter(group=group, employee=actor).first()
    if mine is not None and mine.reading_until is None:
        return mine
    require(actor.has_perm("groups.join", group))
    OptOut.objects.filter(group=group, employee=actor, removed_by__isnull=True).delete()
    return _put_in(group, actor)


@transaction.atomic
def leave_group(*, actor: Employee, group: Group) -> Membership | None:
    """Take `actor` out of the group, and keep rules from putting them back. Returns the membership that was.

    Raises RefusedError where a rule says that the group cannot be left, and for its only owner.
    """
    _lock_owners(group)
    membership = Membership.objects.filter(group=group, employee=actor).first()
    if membership is None:
        return None
    if not membership.may_leave:
        raise RefusedError(_("This group goes with your job and cannot be left."), code="conflict")
    _keep_an_owner(membership)
    Membership.objects.filter(pk=membership.pk).delete()
    # Each leaving is one of its own: what undoes the one undoes no other.
    OptOut.objects.filter(group=group, employee=actor).delete()
    OptOut.objects.create(group=group, employee=actor)
    _tell_open_pages(actor)
    return membership


@transaction.atomic
def undo_leaving(*, actor: Employee, group: Group, former: Membership, opt_out: int) -> Membership | None:
    """Put `actor` back as they were, if they left by themself a moment ago; None where someone has removed them.

    `former` is what `leave_group` returned and `opt_out` the row it left, good for once; whoever calls vouches that
    they are genuine and recent.
    """
    own = OptOut.objects.filter(pk=opt_out, group=group, employee=actor, removed_by__isnull=True)
    if group.is_archived or group.closed_at or not own.exists():
        return None
    own.delete()
    former.pk, former.group, former.employee = None, group, actor
    kept = {
        name: getattr(former, name)
        for name in ("role", "by_hand", "reason", "notification_level", "muted_at", "read_until", "reading_until")
    }
    membership, _created = Membership.objects.get_or_create(group=group, employee=actor, defaults=kept)
    Follow.objects.filter(group=group, employee=actor).delete()
    _tell_open_pages(actor)
    return membership


@transaction.atomic
def add_members(*, actor: Employee, group: Group, employees: Iterable[Employee]) -> int:
    """Put people into the group by hand and tell them; returns how many were new.

    Raises PermissionDenied for others than owners and moderators, in archived groups and where rules alone put in.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.add_members", group))
    wanted = Q(pk__in=[person.pk for person in employees])
    people = Employee.objects.active().visible_to(actor).filter(wanted)
    new = list(people.exclude(pk__in=group.memberships.filter(reading_until=None).values("employee_id")))
    OptOut.objects.filter(group=group, employee__in=new).delete()
    for person in new:
        told = f"membership:{_put_in(group, person).pk}"
        notify(kind="membership_added", recipients=[person.pk], event_key=told, actor=actor, target_id=group.pk)
    return len(new)


@transaction.atomic
def remove_member(*, actor: Employee, group: Group, employee: Employee) -> None:
    """Take a person out of the group, for good: no rule puts them back. Logged, and the person may read it.

    Raises PermissionDenied for others than owners and moderators, and for moderators who remove an owner;
    RefusedError for the only owner.
    """
    require_accepted(actor)
    _lock_owners(group)
    require(actor.has_perm("groups.moderate", group))
    membership = Membership.objects.filter(group=group, employee=employee).first()
    if membership is None:
        return
    require(membership.role != Role.OWNER or actor.has_perm("groups.manage", group))
    _keep_an_owner(membership)
    membership.delete()
    OptOut.objects.update_or_create(group=group, employee=employee, defaults={"removed_by": actor})
    _tell_open_pages(employee)
    record_audit_event(actor=actor, verb="groups.member_removed", obj=group, subject=employee)


@transaction.atomic
def set_role(*, actor: Employee, group: Group, employee: Employee, role: str) -> None:
    """Make a member owner, moderator or plain member, and log it.

    An owner has been chosen by hand and stays when a rule ends. Raises PermissionDenied for others than owners,
    RefusedError for an unknown role and when the group would be left without an owner.
    """
    require_accepted(actor)
    _lock_owners(group)
    require(actor.has_perm("groups.manage", group))
    if role not in Role.values:
        raise RefusedError(_("There is no such role."), field="role")
    membership = Membership.objects.filter(group=group, employee=employee).first()
    if membership is None or membership.role == role:
        return
    if role != Role.OWNER:
        _keep_an_owner(membership)
    former, membership.role = membership.role, role
    membership.by_hand = membership.by_hand or role == Role.OWNER
    membership.save(update_fields=["role", "by_hand"])
    facts = {"from": former, "to": role}
    record_audit_event(actor=actor, verb="groups.role_changed", obj=group, subject=employee, facts=facts)


def set_notification_level(*, actor: Employee, group: Group, level: str) -> None:
    """Keep how much of the group `actor` wants to be told of. Raises RefusedError for an unknown level."""
    if level not in Membership.NotificationLevel.values:
        raise RefusedError(_("Choose one of those shown."), field="level")
    Membership.objects.filter(group=group, employee=actor).update(notification_level=level)
    hear_from(actor, group, level)


def hear_from(employee: Employee, group: Group, level: str) -> None:
    """Let the roads out of Tunet know what the membership says, and remember it beyond the membership."""
    set_place_level(actor=employee, place=place_of(group), level=HEARD[Membership.NotificationLevel(level)])


def mark_read(*, employee: Employee, group: Group, until: datetime.datetime) -> None:
    """Keep that everything in the group up to `until` has been shown to `employee`. The mark never moves back."""
    older = Q(read_until__isnull=True) | Q(read_until__lt=until)
    Membership.objects.filter(older, group=group, employee=employee).update(read_until=until)


def put_in_by_request(request: MembershipRequest) -> Membership:
    """Make the one who asked a member. For `answer_request`, which has settled that it may be done."""
    OptOut.objects.filter(group=request.group, employee=request.employee).delete()
    return _put_in(request.group, request.employee)


def put_in_by_invitation(invitation: Invitation) -> Membership:
    """Make the one who was invited a member. For `answer_invitation`, which has settled that it may be done."""
    OptOut.objects.filter(group=invitation.group, employee=invitation.employee).delete()
    return _put_in(invitation.group, invitation.employee)


def _put_in(group: Group, person: Employee) -> Membership:
    kept = {"notification_level": lambda: level_kept(group, person)}
    membership, _created = Membership.objects.get_or_create(group=group, employee=person, defaults=kept)
    if membership.reading_until is not None:
        membership.by_hand, membership.reading_until = True, None
        membership.save(update_fields=["by_hand", "reading_until"])
    waiting = {"group": group, "employee": person, "answered_at": None}
    MembershipRequest.objects.filter(**waiting).delete()
    Invitation.objects.filter(**waiting).update(answered_at=timezone.now(), accepted=True)
    Follow.objects.filter(group=group, employee=person).delete()
    _tell_open_pages(person)
    return membership


def _tell_open_pages(person: Employee) -> None:
    """Let the person's open event streams listen to the groups they are in now, and to no others."""
    live.renew(f"u:{person.pk}")


def _lock_owners(group: Group) -> None:
    """Let one after another change who runs the group: two owners cannot go, or demote each other, at once."""
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def _keep_an_owner(membership: Membership) -> None:
    """Raise RefusedError if `membership` is its group's only owner."""
    if membership.role != Role.OWNER:
        return
    if Membership.objects.filter(group=membership.group_id, role=Role.OWNER).count() < 2:
        message = _("The group has no other owner. Make someone else an owner first, or archive the group.")
        raise RefusedError(message, code="conflict")
