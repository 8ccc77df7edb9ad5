"""What a system has told of people who left is forgotten with their profile; the name it knows them by stays."""

from __future__ import annotations

import datetime

from django.db.models import F, Value
from django.db.models.functions import JSONObject

from core.clock import local_today
from directory.tasks import DAYS_PROFILE_IS_KEPT
from notifications.sweeping import purges
from onboarding.models import ScimUser


def forget_told() -> int:
    """Blank what is told of people who left long ago; return of how many.

    User name and external id are kept: Okta never deletes anybody, and knows them again by these when they return.
    """
    left = local_today() - datetime.timedelta(days=DAYS_PROFILE_IS_KEPT)
    gone = ScimUser.objects.filter(is_active=False, employee__is_active=False, employee__left_date__lt=left)
    kept = JSONObject(userName=F("user_name"), active=Value(False))
    return gone.exclude(attributes=kept).update(addresses=[], attributes=kept)


purges.add("what systems told of those who left", forget_told)
