from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.database import lock_for_transaction
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from notifications.actions import notify
from notifications.models import Delivery
from onboarding.invitations.planning import Plan, leaders_of, make_plan, may_be_invited
from onboarding.models import Invitation, InvitationHabit, InvitationRun

KIND = "invitation"
LETTER_KIND = "letter_to_print"
Road = Invitation.Road
CHANNELS = {Road.SMS: Delivery.Channel.SMS, Road.EMAIL: Delivery.Channel.EMAIL}


@dataclass
class Taken:
    """What taking a run back came to."""

    stopped: int = 0
    # Those whom it had reached already.
    sent: list[Employee] = field(default_factory=list)


@transaction.atomic
def invite(*, actor: Employee, who: str, hour: datetime.time, count: int) -> InvitationRun:
    """Invite those in `who` ("coming" or "begun") whom `actor` looks after, at `hour`; leaders print the letters.

    `count` is how many the person was shown. Raises PermissionDenied, and RefusedError when it is another number by
    now, or nobody.
    """
    require(actor.has_perm("onboarding.invite"))
    lock_for_transaction("invitations")
    plan = make_plan(may_be_invited(actor, who), hour)
    if not plan.people:
        raise RefusedError(_("There is nobody to invite."))
    if len(plan.people) != count:
        raise RefusedError(_("It is %(count)d people by now. Look it over once more.") % {"count": len(plan.people)})
    return store_run(plan, actor)


def store_run(plan: Plan, actor: Employee | None) -> InvitationRun:
    """Store what was planned: the ledger sends each message once, when its time has come."""
    run = InvitationRun.objects.create(made_by=actor)
    made = Invitation.objects.bulk_create(
        [Invitation(run=run, employee=one.employee, road=one.road, send_at=one.send_at) for one in plan.people]
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                recipient=each.employee,
                channel=CHANNELS[Road(each.road)],
                kind=KIND,
                event_key=f"{KIND}:{each.public_id}",
                target_id=each.pk,
                not_before=each.send_at,
                priority=Delivery.Priority.ESSENTIAL,
            )
            for each in made
            if each.road != Road.LETTER
        ],
        batch_size=1000,
    )
    _ask_leaders(run, [each.employee_id for each in made if each.road == Road.LETTER])
    record_audit_event(actor=actor, verb="onboarding.invited", obj=run, facts={"people": len(made)})
    return run


@transaction.atomic
def take_back(*, actor: Employee, run: InvitationRun) -> Taken:
    """Stop what of a run has not gone yet, and say whom it has reached. Raises PermissionDenied.

    What a sender holds in the hand this moment counts as gone.
    """
    require(actor.has_perm("onboarding.invite"))
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    waiting = Delivery.objects.filter(
        free, kind=KIND, state="waiting", target_id__in=run.invitations.waiting().values("pk")
    )
    stopped = dict(waiting.select_for_update(skip_locked=True).values_list("pk", "target_id"))
    Delivery.objects.filter(pk__in=stopped).update(state=Delivery.State.SKIPPED)
    mine = run.invitations.waiting().filter(Q(pk__in=stopped.values()) | Q(road=Road.LETTER))
    now = timezone.now()
    taken = Taken(stopped=mine.update(cancelled_at=now))
    gone = run.invitations.filter(cancelled_at=None).select_related("employee").order_by("employee__sort_key")
    taken.sent = [each.employee for each in gone]
    InvitationRun.objects.filter(pk=run.pk, cancelled_at=None).update(cancelled_at=now, cancelled_by=actor)
    record_audit_event(actor=actor, verb="onboarding.invitations_stopped", obj=run, facts={"people": taken.stopped})
    return taken


def set_habit(*, actor: Employee, hour: datetime.time | None) -> None:
    """Invite newcomers by themselves at `hour` of the first day, or (None) no longer. Raises PermissionDenied."""
    require(actor.has_perm("onboarding.invite") and actor.has_role_everywhere("hr"))
    habit = InvitationHabit.load()
    habit.hour = hour
    habit.save()
    facts = {"hour": f"{hour:%H:%M}" if hour else ""}
    record_audit_event(actor=actor, verb="onboarding.invitation_habit", facts=facts)


def mark_printed(*, invitations: list[Invitation]) -> None:
    """Note that the letters were printed."""
    Invitation.objects.filter(pk__in=[each.pk for each in invitations], sent_at=None).update(sent_at=timezone.now())


def _ask_leaders(run: InvitationRun, employee_ids: list[int]) -> None:
    """Each leader is told once of a run, however many letters wait."""
    key = f"letters:{run.public_id}"
    notify(kind=LETTER_KIND, recipients=leaders_of(employee_ids), event_key=key, target_id=run.pk)
