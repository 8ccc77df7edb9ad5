"""What the log tells a person about themself, in words. Apps add the verbs they write."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registry import Registry
from directory.models import AuditEvent, Role

# A sentence by verb, or what makes one of the event's facts; without a name: who did it and when stand beside it.
audit_words: Registry[Any] = Registry("audit verb")

audit_words.add(
    "directory.role_granted",
    lambda facts: _("You were given the role %(role)s") % {"role": _role_name(facts)},
)
audit_words.add(
    "directory.role_taken_back",
    lambda facts: _("The role %(role)s was taken back from you") % {"role": _role_name(facts)},
)
audit_words.add("directory.token_created", gettext_lazy("A key to the API was made in your name"))
audit_words.add("directory.sign_in_link_created", gettext_lazy("A link with which you choose a password was made"))
audit_words.add("directory.sessions_ended", gettext_lazy("You were signed out on all devices"))
audit_words.add("directory.password_chosen", gettext_lazy("A password was chosen with a one-time code"))
audit_words.add("directory.password_changed", gettext_lazy("Your password was changed"))
audit_words.add("directory.passkey_added", gettext_lazy("A passkey was made: a device that signs you in"))
audit_words.add("directory.passkey_removed", gettext_lazy("A passkey was removed"))
audit_words.add("directory.token_revoked", gettext_lazy("A key to the API in your name was made worthless"))


def words_of(event: AuditEvent) -> str:
    """Return the sentence for what `event` logged."""
    words = audit_words.find(event.verb) or _("Something that concerns you was logged: %(verb)s") % {"verb": event.verb}
    return str(words(event.facts) if callable(words) else words)


def _role_name(facts: dict[str, Any]) -> str:
    return str(dict(Role.choices).get(facts.get("role", ""), facts.get("role", "")))
