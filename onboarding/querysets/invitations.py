"""The named reads of invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import Invitation  # noqa: F401


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, employee: Employee) -> Self:
        """Every invitation to whoever brings people in; to leaders those of their own people."""
        if employee.has_perm("directory.import_people"):
            return self
        return self.filter(employee__in=employee.led_employments().values("employee_id"))

    def waiting(self) -> Self:
        """Those neither sent nor taken back."""
        return self.filter(sent_at=None, cancelled_at=None)
