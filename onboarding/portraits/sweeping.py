"""Pictures nobody said yes to are erased in time."""

from __future__ import annotations

from notifications.sweeping import purges
from onboarding.portraits.actions import forget_proposals

purges.add("old photo proposals", forget_proposals)
