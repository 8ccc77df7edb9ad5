"""How long it is kept who has seen and who has confirmed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from announcements.actions.forgetting import SEEN_KEPT
from directory.retention import Kept, kept

kept.add("seen", Kept(_("That you have seen an important message, after it has left the top"), SEEN_KEPT.days))
kept.add(
    "confirmed", Kept(_("That you have confirmed one"), words=_("as long as the message says: 30, 90 or 365 days"))
)
