"""What the log tells people about themselves, of answers to announcements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.audit_words import audit_words

audit_words.add("responses.answerer_named", _("You were named to answer for a service"))
audit_words.add("responses.leader_asked", _("You had signed up as a volunteer, and your leader was asked"))
audit_words.add("responses.assigned", _("You had signed up as a volunteer, and were assigned"))
audit_words.add("responses.not_now", _("You had signed up as a volunteer, and your leader said not now"))
