"""The named reads of proposed photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from onboarding.models import PhotoProposal  # noqa: F401


class PhotoProposalQuerySet(models.QuerySet["PhotoProposal"]):
    def answerable(self) -> Self:
        """Those whose person works here, has no picture yet and no protected address."""
        return self.filter(employee__is_active=True, employee__photo="", employee__protected=False)
