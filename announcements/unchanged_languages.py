"""Which languages were left as they stood while another was changed: readers of those must not be told old news."""

from __future__ import annotations

from collections.abc import Mapping

from announcements.actions import Wording, wordings_of
from announcements.models import Announcement
from announcements.wording import LANGUAGE_NAMES


def unchanged_languages(before: Mapping[str, Wording], after: Mapping[str, Wording]) -> list[str]:
    """Return the names of the languages whose title and body are the same, where another one's are not."""
    both = [code for code in LANGUAGE_NAMES if code in before and code in after]
    same = [code for code in both if _words(before[code]) == _words(after[code])]
    return [LANGUAGE_NAMES[code] for code in same] if len(same) < len(both) else []


def unchanged_since_former(update: Announcement) -> list[str]:
    """Return the same for an update beside the message it follows; nothing for what follows none."""
    return unchanged_languages(wordings_of(update.updates), wordings_of(update)) if update.updates else []


def _words(wording: Wording) -> tuple[list[str], list[str]]:
    # Browsers send other line ends than what was stored over the API.
    return wording.title.split(), wording.body.split()
