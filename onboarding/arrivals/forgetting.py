"""New colleagues' lists are forgotten a year after the first day, and what was called off a month after that."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from core.clock import local_today
from notifications.sweeping import purges
from onboarding.models import Arrival

DAYS_KEPT = 365
DAYS_CALLED_OFF_KEPT = 30


def forget_arrivals() -> int:
    """Remove what is old, with tasks and what was written about them; return how many rows."""
    begun = Q(starts_date__lt=local_today() - datetime.timedelta(days=DAYS_KEPT))
    called_off = Q(cancelled_at__lt=timezone.now() - datetime.timedelta(days=DAYS_CALLED_OFF_KEPT))
    return Arrival.objects.filter(begun | called_off).delete()[0]


purges.add("old lists of new colleagues", forget_arrivals)
