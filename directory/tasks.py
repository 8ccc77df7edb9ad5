"""What the directory does by itself."""

from __future__ import annotations

import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core.clock import local_today
from core.database import lock_for_transaction
from directory.models import Absence, AuditEvent, Employee, SignInDay
from directory.passkeys import forget_passkeys
from directory.people import PeopleChange, due_for_change, forget_history, forget_profiles, refresh_people
from directory.photos import forget_former_photos
from directory.search_texts import refresh_all_search_texts
from directory.sessions import forget_ended
from directory.signals import employees_changed

SIGN_IN_DAYS_KEPT = 28
DAYS_PROFILE_IS_KEPT = 30
LOG_KEPT_DAYS = 365


@shared_task(name="directory.tasks.apply_day_change")
def apply_day_change() -> int:
    """Do what the organisation's midnight changed: let people begin and leave. Return how many it was.

    Runs every minute: costs one query when the day has nothing left to change.
    """
    today = local_today()
    change = _change_people(today) if due_for_change(today) else PeopleChange()
    _forget_what_is_old(today)
    return len(change.employee_ids)


@shared_task(name="directory.tasks.refresh_words")
def refresh_words() -> int:
    """Work out anew, once a night, what everybody is found by. Return how many it changed."""
    return refresh_all_search_texts()


@transaction.atomic
def _change_people(today: datetime.date) -> PeopleChange:
    # The import holds the same lock: one of us at a time.
    lock_for_transaction("people")
    change = refresh_people(due_for_change(today))
    ids = change.employee_ids
    if ids:
        transaction.on_commit(lambda: employees_changed.send_robust(sender=Employee, employee_ids=ids))
    return change


def forget_records() -> int:
    """Forget the log of a year ago, sessions that are over, and of leavers their passkeys and what HR changed.

    Returns how much.
    """
    log = AuditEvent.objects.filter(at__lt=timezone.now() - datetime.timedelta(days=LOG_KEPT_DAYS)).delete()[0]
    left = local_today() - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT)
    return log + forget_ended() + forget_passkeys(left) + forget_history(left)


def _forget_what_is_old(today: datetime.date) -> None:
    SignInDay.objects.filter(date__lte=today - datetime.timedelta(days=SIGN_IN_DAYS_KEPT)).delete()
    Absence.objects.filter(end_date__lt=today).delete()
    forget_former_photos(timezone.now())
    forget_profiles(today - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT))
