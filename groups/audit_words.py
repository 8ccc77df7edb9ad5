"""What the log tells people about themselves, of groups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.audit_words import audit_words

audit_words.add("groups.member_removed", _("You were taken out of a group"))
audit_words.add("groups.role_changed", _("You were given another role in a group"))
audit_words.add("groups.taken_over", _("You became the owner of a group that had none"))
audit_words.add("groups.request_answered", _("Your wish to join a group was answered"))
