"""The named reads of one-time codes."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import SignInCode  # noqa: F401


class SignInCodeQuerySet(models.QuerySet["SignInCode"]):
    def standing(self) -> Self:
        """Those neither used nor withdrawn; they may have become too old."""
        return self.filter(used_at=None, withdrawn_at=None)

    def open(self) -> Self:
        """Those that can still be used, now or when their day comes."""
        return self.standing().filter(expires_at__gt=timezone.now())

    def wrong_tries_of(self, employee: Employee, days: int) -> int:
        """Return how often facts about `employee` were wrong, with any code of the last so many days."""
        since = timezone.now() - datetime.timedelta(days=days)
        told = self.filter(employee=employee, issued_at__gte=since).aggregate(wrong=models.Sum("wrong_tries"))
        return told["wrong"] or 0
