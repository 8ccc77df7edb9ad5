"""With scripts turned off: signing in, reading, posting, answering, reacting, joining, confirming. All plain forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from announcements.actions import draft_announcement, publish_announcement
from directory.models import Employee
from feed.actions import publish_post
from groups.models import Group
from tests.announcements.conftest import content, deliver_all, one_pair_of_eyes
from tests.browsing import PHONE, open_browser, open_page, sign_in
from tests.conftest import PASSWORD, MakeGroup

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def west(make_group: MakeGroup, kari: Employee, amina: Employee, liv: Employee) -> Group:
    """A group in which Kari has written, beside one that Amina is not in and a message to everyone."""
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    publish_post(actor=kari, groups=[group], text="Nøkkelen henger på kroken.")
    make_group("Strikkekafeen", owner=liv)
    one_pair_of_eyes()
    draft = draft_announcement(actor=liv, content=content(liv, asks_confirmation=True))
    publish_announcement(actor=liv, announcement=draft)
    deliver_all()
    return group


def test_a_day_without_scripts(browser: Browser, live_server: Any, amina: Employee, west: Group) -> None:
    page = open_page(browser, PHONE, java_script_enabled=False)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    expect(page.get_by_text("Nøkkelen henger på kroken.")).to_be_visible()

    page.get_by_role("link", name="Les og bekreft").click()
    page.get_by_role("button", name="Jeg har lest dette").click()
    expect(page.get_by_text("Du har bekreftet at du har lest meldingen")).to_be_visible()

    page.goto(live_server.url + west.get_absolute_url())
    page.get_by_role("link", name="Skriv innlegg").first.click()
    page.locator("#post-text").fill("Takk, den er funnet.")
    page.get_by_role("button", name="Legg ut").click()
    expect(page.get_by_text("Takk, den er funnet.")).to_be_visible()

    page.goto(live_server.url)
    post = page.locator("article.post").filter(has_text="Nøkkelen henger på kroken.")
    post.locator("form[data-react] button[type=submit]").first.click()
    pressed = page.locator("form[data-react] button[aria-pressed=true]").first
    expect(pressed).to_be_visible()
    page.locator("textarea[name=text]").first.fill("Hvilken krok?")
    page.locator("form.write button[type=submit]").first.click()
    expect(page.get_by_text("Hvilken krok?")).to_be_visible()

    page.goto(f"{live_server.url}/groups/?show=all")
    page.get_by_role("link", name="Strikkekafeen").first.click()
    page.get_by_role("button", name="Bli med").click()
    expect(page.get_by_role("link", name="Skriv innlegg").first).to_be_visible()
