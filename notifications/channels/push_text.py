"""What a notification on a device says, and where a tap leads. Small: it is encrypted into one record of 4 KB."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.public_ids import new_public_id
from directory.models import Employee, Organisation
from notifications.channels.ledger import About
from notifications.inbox import count_unread
from notifications.models import Delivery
from notifications.secrecy import may_show

LONGEST_TITLE, LONGEST_BODY = 120, 240


@dataclass(frozen=True)
class Words:
    """One message to a device."""

    title: str
    body: str
    # Where a tap leads: the entry, which is read by it, or the thing itself.
    url: str
    # What is shown in one place on the lock screen, the newest instead of what came before.
    tag: str
    # The same however often the message is tried.
    mark: str
    language: str
    unread: int
    is_urgent: bool = False

    @property
    def topic(self) -> str:
        """What takes whose place while the device is away: as much as push services allow."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.tag.encode()).digest())[:32].decode()

    def payload(self) -> bytes:
        """Return what is encrypted."""
        told = {
            "title": self.title,
            "body": self.body,
            "url": self.url,
            "tag": self.tag,
            "mark": self.mark,
            "lang": self.language,
            "unread": self.unread,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def words_of(delivery: Delivery, found: About) -> Words:
    """Return what the message says to its reader, without what was said where not everyone may read."""
    title, body = _text(delivery, found)
    event = f"{delivery.kind}:{delivery.event_key}"
    return Words(
        title=Truncator(title).chars(LONGEST_TITLE),
        body=Truncator(body).chars(LONGEST_BODY),
        url=_address(found),
        tag=_hidden(delivery.conversation or event),
        mark=_hidden(f"{delivery.pk}"),
        language=found.reader.language or settings.LANGUAGE_CODE,
        unread=count_unread(found.reader),
        is_urgent=delivery.is_urgent,
    )


def words_of_trial(reader: Employee) -> Words:
    """Return what shows `reader` how notifications look; another one each time, in the place of the one before."""
    name = Organisation.load().product_name
    return Words(
        title=_("This is a trial"),
        body=_("This is how notifications from %(name)s look here.") % {"name": name},
        url=reverse("notification_devices"),
        tag=_hidden("trial"),
        mark=new_public_id(),
        language=reader.language or settings.LANGUAGE_CODE,
        unread=count_unread(reader),
        is_urgent=True,
    )


def _text(delivery: Delivery, found: About) -> tuple[str, str]:
    """Return title and text: of the kind's own template, else the subject of its e-mail alone."""
    reader, kind, bundle, target = found
    context = {
        "organisation": Organisation.load(),
        "address": settings.SITE_ADDRESS + kind.url(bundle, target),
        "facts": delivery.facts,
        "reveal": may_show(reader, kind, target),
    }
    try:
        text = kind.render("push.txt", bundle, target, **context)
    except TemplateDoesNotExist:
        text = kind.render("subject.txt", bundle, target, **context)
    title, _line, body = text.strip().partition("\n")
    return title.strip(), " ".join(body.split())


def _address(found: About) -> str:
    stored = found.bundle.newest
    if stored.pk:
        return reverse("open_notification", args=[stored.public_id])
    return found.kind.url(found.bundle, found.target)


def _hidden(text: str) -> str:
    """Tells two apart and says nothing of either."""
    return salted_hmac("notifications.push", text).hexdigest()[:16]
