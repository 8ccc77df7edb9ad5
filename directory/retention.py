"""How long what is known of people's use is kept, as they read it. Each app says so beside the code that forgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.registry import Registry
from directory.tasks import DAYS_PROFILE_IS_KEPT, LOG_KEPT_DAYS, SIGN_IN_DAYS_KEPT


@dataclass(frozen=True)
class Kept:
    """Something kept for a number of days, or as long as `words` say."""

    what: Any
    days: int = 0
    words: Any = ""

    @property
    def how_long(self) -> str:
        """«28 days», or in other words."""
        return str(self.words) or ngettext("%(count)d day", "%(count)d days", self.days) % {"count": self.days}


kept: Registry[Kept] = Registry("retention period")

kept.add("sign-in days", Kept(_("Which days you signed in; the time of day is never kept"), SIGN_IN_DAYS_KEPT))
kept.add(
    "profile",
    Kept(
        _("After you have left: your picture, e-mail, numbers, what you wrote about yourself, and what HR changed"),
        DAYS_PROFILE_IS_KEPT,
    ),
)
kept.add(
    "sessions",
    Kept(
        _("Where you are signed in: device and network address, seen by you alone"),
        words=_("until you sign out, or stay away for a month"),
    ),
)
kept.add("log", Kept(_("What is logged about you on this page"), LOG_KEPT_DAYS))
