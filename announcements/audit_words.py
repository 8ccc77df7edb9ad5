"""What the log tells people about themselves, of announcements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.audit_words import audit_words

audit_words.add(
    "announcements.team_list_opened",
    _("Your leader looked at the list of those who have not confirmed an important message. You were on it"),
)
audit_words.add(
    "announcements.team_list_printed",
    _("Your leader printed the list of those who have not confirmed an important message. You were on it"),
)
audit_words.add(
    "announcements.followed_up_otherwise",
    _("Your leader noted that you are told of an important message in another way. No reason is kept"),
)
audit_words.add(
    "announcements.other_follow_up_undone",
    _("Your leader took back the note that you are told of an important message in another way"),
)
