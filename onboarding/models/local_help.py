from __future__ import annotations

from typing import ClassVar

from django.db import models

from onboarding.querysets.local_help import LocalHelpQuerySet


class LocalHelp(models.Model):
    """Where those who work in a unit, and below it, find help: what is left empty is as in the unit above."""

    unit = models.OneToOneField("directory.OrgUnit", models.CASCADE, related_name="local_help", primary_key=True)
    # Who answers when nobody else does: «Vakttelefonen».
    on_call_phone = models.CharField(max_length=30, blank=True)
    # Where somebody helps in person, and when: «Resepsjonen», «mandag til fredag 8–15».
    place = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)

    objects: ClassVar[LocalHelpQuerySet] = LocalHelpQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"help in {self.unit_id}"
