"""Announcements for tests: written, sent and delivered through the product's own actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from announcements.actions import Content, Wording, draft_announcement, publish_announcement
from announcements.models import Announcement
from directory.models import Employee, Organisation
from groups.audience_input import parse_audience
from notifications.fan_out import run_fan_out
from notifications.models import FanOut

TEXTS = {"nb": Wording("Ekstremvær fra torsdag", "Sjekk vakten din.\n\n## Dette gjør du nå\n\n- Lad telefonen.")}
EVERYONE = {"include": [{"kind": "everyone"}]}


def content(author: Employee, audience: Any = None, **facts: Any) -> Content:
    """What an author has decided, for everyone unless `audience` says otherwise."""
    terms = parse_audience(audience or EVERYONE, employee=author)
    return Content(**{"texts": TEXTS, "terms": terms, **facts})


def one_pair_of_eyes() -> None:
    """Let what goes to everyone be sent by one person: the second pair of eyes has tests of its own."""
    Organisation.objects.update_or_create(pk=1, defaults={"second_pair_of_eyes": False})


def deliver_all() -> None:
    """Work through every fan-out that has been stored, as a worker would."""
    for pk in FanOut.objects.exclude(state="done").values_list("pk", flat=True):
        run_fan_out(pk)


def body(client: Client, address: str) -> str:
    """Return the page at `address`, which must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


ClientOf = Callable[[Employee], Client]
Announce = Callable[..., Announcement]


@pytest.fixture
def announce() -> Announce:
    """Send an announcement and deliver it: `announce(liv, audience={…}, asks_confirmation=True)`."""

    def make(author: Employee, audience: Any = None, *, deliver: bool = True, **facts: Any) -> Announcement:
        one_pair_of_eyes()
        draft = draft_announcement(actor=author, content=content(author, audience, **facts))
        sent = publish_announcement(actor=author, announcement=draft)
        if deliver:
            deliver_all()
            sent.refresh_from_db()
        return sent

    return make
