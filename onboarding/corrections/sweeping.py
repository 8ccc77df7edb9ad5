"""Reports are forgotten some time after they were answered, and with the profile of who left."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from core.clock import local_today
from directory.tasks import DAYS_PROFILE_IS_KEPT
from notifications.sweeping import purges
from onboarding.corrections.actions import SETTLED_KEPT_DAYS
from onboarding.models import Correction


def forget_corrections() -> int:
    """Remove what is old; return how many."""
    settled = Q(settled_at__lt=timezone.now() - datetime.timedelta(days=SETTLED_KEPT_DAYS))
    left = local_today() - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT)
    gone = Q(employee__is_active=False, employee__left_date__lt=left)
    return Correction.objects.filter(settled | gone).delete()[0]


purges.add("old corrections", forget_corrections)
