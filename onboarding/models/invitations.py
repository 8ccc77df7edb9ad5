from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from onboarding.querysets.invitations import ComingInvitationQuerySet, InvitationRunQuerySet


class InvitationHabit(models.Model):
    """The one row that says when newcomers are invited by themselves: `hour` of the first day, or never."""

    hour = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="invitation_habit_single_row")]

    def __str__(self) -> str:
        return f"at {self.hour}" if self.hour else "never"

    @classmethod
    def load(cls) -> InvitationHabit:
        """Return the habit; «never» where none has been stored."""
        return cls._base_manager.filter(pk=1).first() or cls(pk=1)


class InvitationRun(models.Model):
    """People invited together, by somebody or (`made_by` empty) by habit. Taken back together."""

    public_id = PublicIdField()
    made_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    cancelled_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationRunQuerySet] = InvitationRunQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"invitations {self.public_id}"


class Invitation(models.Model):
    """One person is asked to come in: by a message with a code at `send_at`, or by a letter that somebody prints."""

    class Road(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        LETTER = "letter", _("Letter")

    public_id = PublicIdField()
    run = models.ForeignKey(InvitationRun, models.CASCADE, related_name="invitations")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="invitations_in")
    road = models.CharField(max_length=6, choices=Road.choices)
    send_at = models.DateTimeField()
    # When the gateway or mail server took it, or the letter was printed.
    sent_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ComingInvitationQuerySet] = ComingInvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "employee", condition=Q(sent_at=None, cancelled_at=None), name="invitation_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"
