"""What one e-mail looks like: plain and with looks, in the reader's language, put together with what it answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import plain_text
from directory.models import Organisation
from notifications.channels.ledger import About
from notifications.models import Delivery
from notifications.secrecy import may_reveal, wants_closed_text
from notifications.unsubscribing import unsubscribe_address

SUBJECT_LENGTH = 70
# Of so many things one mail tells; the rest stands in the conversation.
MOST_LINES = 10
# They make one sign of several, in emoji and in scripts where that matters.
_JOINERS = "\u200c\u200d"


def compose(
    delivery: Delivery, organisation: Organisation, found: About, along: Sequence[About] = ()
) -> EmailMultiAlternatives:
    """Return the message, in the language that is active; `along` is what else it tells of the same conversation."""
    reader, kind, bundle, target = found
    address = settings.SITE_ADDRESS + kind.url(bundle, target)
    reveal = may_reveal(reader, kind, target)
    context = {
        "organisation": organisation,
        "address": address,
        "facts": delivery.facts,
        "site": settings.SITE_ADDRESS,
        "reveal": reveal,
        "kind": kind,
        "why": kind.why(reader, target),
        "unsubscribe": "" if delivery.priority == Delivery.Priority.CRITICAL else unsubscribe_address(reader, kind),
    }
    told = _told(found, context, [found, *along])
    text, call = _apart(told["text"], address)
    subject = conversation_subject(found, reveal=reveal) or told["heading"]
    message = EmailMultiAlternatives(
        line_of(subject),
        render_to_string("notifications/email.txt", context | told),
        settings.DEFAULT_FROM_EMAIL,
        [reader.email or ""],
        headers=_headers(delivery, kind.conversation(bundle, target), str(context["unsubscribe"])),
    )
    looks = {"subject": subject, "text": text, "call": call, "html": _own_html(found, context)}
    html = render_to_string("notifications/email.html", context | told | looks)
    message.attach_alternative(_inliner().inline(html), "text/html")
    return message


def conversation_subject(found: About, *, reveal: bool) -> str:
    """Return what every mail of the conversation has as its subject, so that mail programs show them as one.

    "" where it stands by itself. A place that must not be named is none.
    """
    standing = found.kind.standing(found.reader, found.target)
    if not found.kind.conversation(found.bundle, found.target):
        return ""
    if not reveal:
        return _("A conversation in a closed group")
    place = "" if standing.is_unnamed and not wants_closed_text(found.reader) else standing.place
    words = Truncator(" ".join(plain_text(standing.words).split())).chars(SUBJECT_LENGTH)
    return ": ".join(part for part in (place, words) if part)


def line_of(text: str) -> str:
    """Return `text` as a line of a mail's head: no signs that steer, and nothing that mail programs would decode."""
    plain = "".join(sign for sign in text if sign in _JOINERS or unicodedata.category(sign) not in ("Cc", "Cf"))
    return " ".join(plain.replace("=?", "= ?").split())


def _told(found: About, context: dict[str, Any], about: Sequence[About]) -> dict[str, Any]:
    """Return the heading and text of one thing, or of several with a line for each."""
    if len(about) == 1:
        return {"heading": _heading(found, context), "text": found.kind.render("txt", *found[2:], **context).strip()}
    names = list(dict.fromkeys(each.bundle.actor.display_name for each in about if each.bundle.actor))
    lines = [(_heading(each, context), each.kind.quoted(each.target) if context["reveal"] else "") for each in about]
    heading = _several(names, len(about))
    return {"heading": heading, "text": heading, "lines": lines[:MOST_LINES], "more": max(0, len(lines) - MOST_LINES)}


def _several(names: list[str], count: int) -> str:
    if not names:
        return ngettext("%(count)d new thing for you", "%(count)d new things for you", count) % {"count": count}
    if len(names) == 1:
        return _("%(name)s wrote to you %(count)d times") % {"name": names[0], "count": count}
    others = len(names) - 1
    words = ngettext(
        "%(name)s and %(others)d other wrote to you", "%(name)s and %(others)d others wrote to you", others
    )
    return words % {"name": names[-1], "others": others}


def _heading(found: About, context: dict[str, Any]) -> str:
    return " ".join(found.kind.render("subject.txt", found.bundle, found.target, **context).split())


def _apart(text: str, address: str) -> tuple[str, str]:
    """Return the text without its line to the address, and what that line calls for: a button says it with looks."""
    lines = text.split("\n")
    calls = [line.removesuffix(address).strip(" :") for line in lines if line.endswith(address)]
    return "\n".join(line for line in lines if not line.endswith(address)).strip(), (calls or [""])[-1]


def _own_html(found: About, context: dict[str, Any]) -> str:
    """Return what a kind with looks of its own in mails shows; "" for those that say it in words."""
    return found.kind.render("email.html", found.bundle, found.target, **context) if found.kind.has_own_email else ""


def _headers(delivery: Delivery, conversation: str, unsubscribe: str) -> dict[str, str]:
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    headers = {
        # The same event gives the same id however often it is tried, so that mail programs show it once. It says
        # nothing of how many messages there are.
        "Message-ID": f"<{delivery.kind}.{_digest('message', str(delivery.pk))}@{host}>",
        "List-Id": f"<{delivery.kind.replace('_', '-')}.{host}>",
        "Content-Language": translation.get_language() or settings.LANGUAGE_CODE,
        # Nobody's «I am away» answers it.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if conversation:
        # All mails of a conversation answer one that was never sent: so mail programs put them together.
        root = f"<conversation.{_digest('conversation', conversation)}@{host}>"
        headers |= {"In-Reply-To": root, "References": root}
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _digest(what: str, value: str) -> str:
    return salted_hmac(f"notifications.email.{what}", value, algorithm="sha256").hexdigest()[:32]


@cache
def _inliner() -> css_inline.CSSInliner:
    """Mail programs know little but what stands at each element; only the dark scheme is left to a style sheet."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
