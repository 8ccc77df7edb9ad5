"""Newcomers are invited by themselves where the organisation wants it; old invitations are forgotten."""

from __future__ import annotations

import datetime
import time

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.clock import local_moment, local_today
from core.database import lock_for_transaction
from directory.models import Employee, Employment
from notifications.models import Delivery
from notifications.sweeping import purges, rounds
from onboarding.invitations.actions import KIND, store_run
from onboarding.invitations.planning import make_plan
from onboarding.models import Invitation, InvitationHabit, InvitationRun, SignInCode

# So long before the first day they are made ready, so that somebody may stop them.
DAYS_BEFORE = 2
SECONDS_BETWEEN = 60
KEPT_DAYS = 90
_last = {"round": 0.0}


def invite_newcomers() -> int:
    """Make invitations ready for those who begin in the next days; return how many. Looks once a minute."""
    if time.monotonic() - _last["round"] < SECONDS_BETWEEN:
        return 0
    _last["round"] = time.monotonic()
    moved = _follow_first_days()
    hour = InvitationHabit.load().hour
    return moved + (_invite_at(hour) if hour else 0)


@transaction.atomic
def _follow_first_days() -> int:
    """Who has not begun when the message was due, because the first day was moved, gets it on the new one."""
    passed = Delivery.objects.filter(kind=KIND, state=Delivery.State.SKIPPED, recipient__is_active=False)
    coming = Employment.objects.filter(employee=OuterRef("recipient"), start_date__gt=local_today())
    found = passed.filter(Exists(coming), target_id__in=Invitation.objects.waiting().values("pk"))
    moved = 0
    for delivery in found.select_for_update(of=("self",)):
        invitation = Invitation.objects.get(pk=delivery.target_id or 0)
        first = Employment.objects.filter(employee=delivery.recipient_id, start_date__gt=local_today())
        day = first.order_by("start_date").values_list("start_date", flat=True)[0]
        send_at = local_moment(day, timezone.localtime(invitation.send_at).time()) or invitation.send_at
        Invitation.objects.filter(pk=invitation.pk).update(send_at=send_at)
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.WAITING, not_before=send_at)
        moved += 1
    return moved


@transaction.atomic
def _invite_at(hour: datetime.time) -> int:
    lock_for_transaction("invitations")
    today = local_today()
    soon = (today, today + datetime.timedelta(days=DAYS_BEFORE))
    jobs = Employment.objects.filter(employee=OuterRef("pk"))
    begins = Exists(jobs.filter(start_date__range=soon)) & ~Exists(jobs.filter(start_date__lt=today))
    people = Employee.objects.people().filter(begins, first_signed_in_at=None)
    plan = make_plan(people.exclude(pk__in=Invitation.objects.values("employee")), hour)
    if plan.people:
        store_run(plan, None)
    return len(plan.people)


def forget_invitations() -> int:
    """Remove runs and codes that are over; return how many."""
    before = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    codes = SignInCode.objects.filter(expires_at__lt=before).delete()[0]
    return codes + InvitationRun.objects.filter(made_at__lt=before).delete()[0]


rounds.add("invitations of newcomers", invite_newcomers)
purges.add("old invitations and codes", forget_invitations)
