"""From a mention to the other's screen, to their mail when they did not see it, and to no more such mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from directory.models import Employee
from feed.actions import publish_post
from groups.models import Group
from intranet.live.events import Events
from notifications.actions import mark_all_read
from notifications.channels import email
from notifications.models import Delivery
from tests.browsing import PHONE, errors_of, open_browser, open_page, sign_in
from tests.conftest import PASSWORD
from tests.intranet.test_live_browser import Pages, front_door, is_open, unread
from tests.notifications.mail_sink import Sink, free_port, listening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def hours_pass() -> None:
    """As if the time a mail waits for its reader to look were over."""
    Delivery.objects.update(not_before=timezone.now())
    email.send_due()


def links_of(message: EmailMessage) -> list[str]:
    plain = message.get_body(("plain",))
    assert plain is not None
    return re.findall(r"https?://[^/\s]+(/\S+)", plain.get_content())


def test_from_a_mention_to_the_screen_to_the_mail_to_no_more_mails(
    live_server: Any, make_group: Callable[..., Group], kari: Employee, amina: Employee, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    group = make_group("Alna vest", "open", owner=kari, members=[amina])
    sink, events = Sink(), Events(django_settings.REDIS_URL)

    def mention(text: str) -> None:
        publish_post(actor=kari, groups=[group], text=f"{text} @Amina Hassan")

    with (
        listening(sink, settings.EMAIL_PORT),
        front_door(events, Pages(live_server.url)) as address,
        open_browser() as browser,
    ):
        page = open_page(browser, PHONE)
        sign_in(page, address, amina.email or "", PASSWORD)
        is_open(page)
        mention("Har du nøkkelen?")
        expect(unread(page)).to_have_text("1")

        # She does not look; the mail comes, and one click leads to the very post.
        hours_pass()
        (message,) = sink.taken
        assert message["To"] == amina.email
        assert message["Subject"] == "Alna vest: Har du nøkkelen? @Amina Hassan"
        item, choice = links_of(message)
        page.goto(address + item)
        expect(page.get_by_text("Har du nøkkelen?")).to_be_visible()

        # What she has seen in Tunet is not mailed.
        mark_all_read(reader=amina)
        mention("Fant den!")
        mark_all_read(reader=amina)
        hours_pass()
        assert len(sink.taken) == 1

        # She wants no more of these, changes her mind, and changes it back.
        page.goto(address + choice)
        page.get_by_role("button", name="Ikke send meg flere av disse").click()
        expect(page.get_by_role("heading", name="Du får ikke flere slike e-poster")).to_be_visible()
        page.get_by_role("button", name="Angre").click()
        page.get_by_role("button", name="Ikke send meg flere av disse").click()
        mention("Kan du låse?")
        hours_pass()
        assert len(sink.taken) == 1
        assert errors_of(page) == []
