"""The named reads of invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from directory.models import Employee
    from onboarding.models import Invitation, InvitationRun  # noqa: F401


class ComingInvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> Self:
        """Those neither sent nor taken back."""
        return self.filter(sent_at=None, cancelled_at=None)

    def letters_for(self, leader: Employee) -> Self:
        """Letters to people whom `leader` leads, or will lead; printed ones as well, taken back ones not."""
        coming, led = leader.coming_employments(), leader.led_employments()
        mine = Q(employee__in=coming.values("employee_id")) | Q(employee__in=led.values("employee_id"))
        return self.filter(mine, road="letter", cancelled_at=None).exclude(employee=leader)


class InvitationRunQuerySet(models.QuerySet["InvitationRun"]):
    def visible_to(self, employee: Employee) -> Self:
        """Every run to whoever invites; none to others."""
        return self if employee.has_perm("onboarding.invite") else self.none()

    def with_counts(self) -> Self:
        """Add how many wait, were sent, wait as letters, were printed and were stopped, in the same query."""
        waits = Q(invitations__sent_at=None, invitations__cancelled_at=None)
        letter = Q(invitations__road="letter")
        return self.annotate(
            people=Count("invitations"),
            waiting=Count("invitations", filter=waits & ~letter),
            letters=Count("invitations", filter=waits & letter),
            printed=Count("invitations", filter=letter & Q(invitations__sent_at__isnull=False)),
            sent=Count("invitations", filter=~letter & Q(invitations__sent_at__isnull=False)),
            stopped=Count("invitations", filter=Q(invitations__cancelled_at__isnull=False)),
        ).select_related("made_by")
