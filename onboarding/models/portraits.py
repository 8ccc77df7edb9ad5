from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from onboarding.querysets.portraits import PhotoProposalQuerySet


class PhotoProposal(models.Model):
    """A portrait somebody else supplied, from the access cards say. Shown to nobody before the person says yes."""

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, related_name="photo_proposal", primary_key=True
    )
    photo = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[PhotoProposalQuerySet] = PhotoProposalQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"photo for {self.employee_id}"
