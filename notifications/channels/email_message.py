"""What one e-mail looks like: plain and with looks, in the reader's language, put together with what it answers."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from directory.models import Organisation
from notifications.channels.ledger import About
from notifications.models import Delivery
from notifications.secrecy import may_reveal
from notifications.unsubscribing import unsubscribe_address


def compose(delivery: Delivery, organisation: Organisation, found: About) -> EmailMultiAlternatives:
    """Return the message, in the language that is active."""
    reader, kind, bundle, target = found
    address = settings.SITE_ADDRESS + kind.url(bundle, target)
    unsubscribe = unsubscribe_address(reader, kind)
    context = {
        "organisation": organisation,
        "address": address,
        "facts": delivery.facts,
        "site": settings.SITE_ADDRESS,
        "reveal": may_reveal(reader, kind, target),
        "unsubscribe": unsubscribe,
    }
    subject = " ".join(kind.render("subject.txt", bundle, target, **context).split())
    said = {"kind": kind, "subject": subject, "text": kind.render("txt", bundle, target, **context).strip()}
    message = EmailMultiAlternatives(
        subject,
        render_to_string("notifications/email.txt", context | said),
        settings.DEFAULT_FROM_EMAIL,
        [reader.email or ""],
        headers=_headers(delivery, kind.conversation(bundle, target), unsubscribe),
    )
    html = render_to_string("notifications/email.html", context | said | {"html": _own_html(found, context)})
    message.attach_alternative(_inliner().inline(html), "text/html")
    return message


def _own_html(found: About, context: dict[str, object]) -> str:
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
