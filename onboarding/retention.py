"""How long what HR sends and what people say of it is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.retention import Kept, kept
from directory.tasks import DAYS_PROFILE_IS_KEPT
from onboarding.arrivals.forgetting import DAYS_KEPT
from onboarding.corrections.actions import SETTLED_KEPT_DAYS
from onboarding.imports.sweeping import KEPT
from onboarding.invitations.sweeping import KEPT_DAYS as INVITATION_DAYS
from onboarding.portraits.actions import KEPT_DAYS

kept.add("file rows", Kept(_("Rows of HR's file that could not be taken"), KEPT.days))
kept.add("corrections", Kept(_("What somebody said was wrong about you, after HR has answered"), SETTLED_KEPT_DAYS))
kept.add("proposals", Kept(_("A picture you have not answered yes or no to"), KEPT_DAYS))
kept.add(
    "told by systems",
    Kept(_("After you have left: what the system that keeps your account said"), DAYS_PROFILE_IS_KEPT),
)
kept.add("arrivals", Kept(_("What was made ready before your first day, and what was written about it"), DAYS_KEPT))
kept.add("invitations", Kept(_("That you were invited, and that a one-time code was made for you"), INVITATION_DAYS))
