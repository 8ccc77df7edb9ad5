from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.clock import local_today
from onboarding.querysets.welcome import WelcomeQuerySet


class Welcome(models.Model):
    """One person's first weeks: the leader's greeting and what has been done of the first things to do."""

    employee = models.OneToOneField("directory.Employee", models.CASCADE, related_name="welcome", primary_key=True)
    greeting = models.TextField(blank=True)
    greeted_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    buddy = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    starts_date = models.DateField()
    # Whether the person has worked here before.
    is_return = models.BooleanField(default=False)
    details_checked_at = models.DateTimeField(null=True, blank=True)
    notifications_chosen_at = models.DateTimeField(null=True, blank=True)
    said_hello_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    # The leader has been reminded that nobody has greeted yet.
    reminded_at = models.DateTimeField(null=True, blank=True)
    # The one quiet «new colleague» line: where it stands and since when; or that the person wants none.
    introduced_in = models.ForeignKey("groups.Group", models.SET_NULL, null=True, blank=True, related_name="+")
    introduced_at = models.DateTimeField(null=True, blank=True)
    unannounced_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[WelcomeQuerySet] = WelcomeQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"welcome {self.employee_id}"

    @property
    def has_begun(self) -> bool:
        """Whether the first day is today or has been."""
        return self.starts_date <= local_today()
