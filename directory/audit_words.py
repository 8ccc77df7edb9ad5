"""What the log tells a person about themself, in words. Apps add the verbs they write."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registry import Registry

# A sentence by verb, without a name: who did it and when stand beside it.
audit_words: Registry[Any] = Registry("audit verb")

audit_words.add("directory.role_granted", gettext_lazy("You were given a role"))
audit_words.add("directory.role_taken_back", gettext_lazy("A role was taken back from you"))
audit_words.add("directory.token_created", gettext_lazy("A key to the API was made in your name"))
audit_words.add("directory.sign_in_link_created", gettext_lazy("A link with which you choose a password was made"))
audit_words.add("directory.token_revoked", gettext_lazy("A key to the API in your name was made worthless"))


def words_for(verb: str) -> str:
    """Return the sentence for `verb`."""
    return str(audit_words.find(verb) or _("Something that concerns you was logged: %(verb)s") % {"verb": verb})
