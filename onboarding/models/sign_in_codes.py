from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from onboarding.querysets.sign_in_codes import SignInCodeQuerySet


class SignInCode(models.Model):
    """A one-time code with which one person comes in and chooses how to sign in. Only a keyed digest of it is kept.

    It opens nothing by itself: besides, whoever has it says two facts about the person. See docs/sign-in.md.
    """

    class Road(models.TextChoices):
        HAND = "hand", _("Handed over")
        LETTER = "letter", _("Letter")
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")

    public_id = PublicIdField()
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="sign_in_codes")
    digest = models.CharField(max_length=64, unique=True)
    road = models.CharField(max_length=6, choices=Road.choices)
    issued_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    opens_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SignInCodeQuerySet] = SignInCodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "employee", condition=Q(used_at=None, withdrawn_at=None), name="sign_in_code_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in code {self.public_id}"
