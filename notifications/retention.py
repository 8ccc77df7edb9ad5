"""How long what was told to people is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.retention import Kept, kept
from notifications.querysets import BELIEVED_FOR
from notifications.sweeping import INBOX_DAYS, LOG_DAYS

kept.add("notifications", Kept(_("Your notifications"), INBOX_DAYS))
kept.add("mail log", Kept(_("That an e-mail was sent to you, without its text"), LOG_DAYS))
kept.add("refused address", Kept(_("That your e-mail address does not take mail"), BELIEVED_FOR.days))
