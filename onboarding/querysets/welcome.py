"""The named reads of people's first weeks."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from core.clock import local_today

if TYPE_CHECKING:
    from groups.models import Group
    from onboarding.models import Welcome  # noqa: F401

# So long the page is offered on the home page, and a first sign-in is told of.
DAYS_SHOWN = 30
# So long a new colleague has to say «not me» before the group is told.
HOURS_TO_DECLINE = 1
# So long the line stands in the group.
DAYS_INTRODUCED = 14
# So long before the first day a leader who has not greeted is reminded.
DAYS_REMINDED = 2


class WelcomeQuerySet(models.QuerySet["Welcome"]):
    def to_introduce(self) -> Self:
        """Those who have signed in lately for the first time and of whom their group may be told now."""
        now = timezone.now()
        return self._may_be_told().filter(
            introduced_at=None,
            starts_date__lte=local_today(),
            employee__first_signed_in_at__lte=now - datetime.timedelta(hours=HOURS_TO_DECLINE),
            employee__first_signed_in_at__gte=now - datetime.timedelta(days=DAYS_SHOWN),
        )

    def introduced_in(self, group: Group) -> Self:
        """New colleagues the members of `group` are told of, the latest first; only while they are members."""
        since = timezone.now() - datetime.timedelta(days=DAYS_INTRODUCED)
        standing = self._may_be_told().filter(introduced_in=group, introduced_at__gt=since)
        return standing.filter(employee__memberships__group=group).order_by("-introduced_at", "pk")

    def ungreeted(self) -> Self:
        """Those who begin very soon and whose leader has been told, but has neither greeted nor been reminded."""
        today = local_today()
        soon = self.filter(starts_date__gte=today, starts_date__lte=today + datetime.timedelta(days=DAYS_REMINDED))
        return soon.filter(greeted_by=None, reminded_at=None, employee__is_active=True)

    def _may_be_told(self) -> Self:
        return self.filter(unannounced_at=None, employee__is_active=True, employee__protected=False)
