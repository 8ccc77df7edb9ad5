"""What must hold before an announcement goes out: when it is asked for, and again when it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from announcements.actions.updating import require_newest
from announcements.actions.writing import Wording, check_reach, check_urgency, wordings_of
from announcements.models import Announcement
from core.errors import RefusedError, require
from directory.models import Employee
from groups.audience_choice import refuse_nobody
from groups.audience_input import read_token, resolve_strictly, token_of
from groups.audiences import compile_terms, terms_of
from groups.models import AudienceTerm


def require_sendable(sender: Employee, announcement: Announcement) -> list[AudienceTerm]:
    """Return the terms of its audience. Call it inside the transaction that sends, holding the row.

    Raises PermissionDenied when `sender` does not keep it, and RefusedError when something is missing, a newer update
    goes out, or `sender` may not address the audience today, or it describes nobody.
    """
    require(sender.has_perm("announcements.manage", announcement))
    if announcement.level == Announcement.Level.CRITICAL and not sender.has_perm("announcements.write_critical"):
        raise RefusedError(_("Only those with the preparedness right send critical messages."), field="level")
    require_newest(announcement)
    require_complete(wordings_of(announcement))
    return require_audience(sender, announcement)


def require_complete(texts: Mapping[str, Wording]) -> None:
    """Raise RefusedError, at its field, for the first language that lacks title or body. Bokmål must be there."""
    begun = {code: text for code, text in texts.items() if text.is_begun}
    for language in dict.fromkeys(["nb", *begun]):
        text = begun.get(language, Wording("", ""))
        if not text.title.strip():
            raise RefusedError(_("Write a title."), field=f"title_{language}", code="title_missing")
        if not text.body.strip():
            raise RefusedError(_("Write the message."), field=f"body_{language}", code="body_missing")


def require_audience(sender: Employee, announcement: Announcement) -> list[AudienceTerm]:
    """Return the terms. Raises RefusedError when `sender` may not address them today or they describe nobody."""
    raw = [read_token(token_of(term), exclude=term.exclude) for term in terms_of(announcement.audience)]
    terms = resolve_strictly(raw, employee=sender)
    check_reach(sender, terms)
    check_urgency(sender, announcement.urgent_reason, terms)
    if not compile_terms(terms).exists():
        raise refuse_nobody()
    return terms
