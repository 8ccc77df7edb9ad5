"""The sheet for the break-room wall: one page, with a code that leads to the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import segno
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from announcements.actions import Wording, withdraw_announcement
from announcements.models import Announcement
from core.qr import QUIET_MODULES, qr_code
from directory.models import Employee
from tests.announcements.conftest import Announce, ClientOf, body
from tests.browsing import DESK, open_browser, open_page, sign_in
from tests.conftest import PASSWORD

PARAGRAPH = "Det er ventet svært sterk vind og mye regn fra torsdag klokka 20. Vi holder de viktigste tjenestene åpne. "
LIST = "- Sjekk vakten din før klokka 15 i dag.\n- Avtal med lederen din hvis du ikke kommer deg på jobb.\n"


def long_text(characters: int) -> str:
    """A message with headings, lists and paragraphs, of about so many characters."""
    parts: list[str] = []
    while sum(map(len, parts)) < characters:
        parts += [PARAGRAPH * 3, "## Dette gjør du nå", LIST]
    return "\n\n".join(parts)[:characters]


@pytest.mark.django_db
def test_the_sheet_says_who_when_and_where(
    client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = body(client_of(amina), reverse("print_announcement", args=[sent.public_id]))
    address = settings.SITE_ADDRESS + sent.get_absolute_url()
    for said in (address, qr_code(address), "Liv Aune", "Skrevet ut", "kl. ", "Les og bekreft på telefonen"):
        assert said in page
    modules = len(segno.make_qr(address, error="m").matrix) + 2 * QUIET_MODULES
    assert f'<svg viewBox="0 0 {modules} {modules}" class="qr">' in page


@pytest.mark.django_db
def test_only_what_is_out_is_printed(client_of: ClientOf, announce: Announce, liv: Employee) -> None:
    sent = announce(liv)
    address = reverse("print_announcement", args=[sent.public_id])
    withdraw_announcement(actor=liv, announcement=sent)
    assert client_of(liv).get(address).status_code == 404
    Announcement.objects.filter(pk=sent.pk).update(state="draft")
    assert client_of(liv).get(address).status_code == 404
    assert address not in body(client_of(liv), sent.get_absolute_url())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


ADD_PICTURE = """() => {
  const picture = Object.assign(document.createElement("img"), { className: "hero-img", width: 1200, height: 500 });
  picture.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
  document.querySelector(".article").before(picture);
}"""


def pages_of(page: Page) -> int:
    """Print the page, and count the sheets."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_paper_it_is_one_page_without_navigation(
    browser: Browser, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    short = announce(liv, asks_confirmation=True, texts={"nb": Wording("Ekstremvær fra torsdag", long_text(2500))})
    longer = announce(liv, texts={"nb": Wording("Ekstremvær fra torsdag kveld", long_text(9000))})
    page = open_page(browser, DESK, "dark")
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.goto(f"{live_server.url}{longer.get_absolute_url()}print/")
    assert pages_of(page) > 1, "what is longer flows on"
    page.goto(f"{live_server.url}{short.get_absolute_url()}print/")
    assert pages_of(page) == 1
    page.evaluate(ADD_PICTURE)
    assert pages_of(page) == 1, "with a picture too"
    page.emulate_media(media="print")
    for part in (".top", ".bar", ".rail", ".foot", "[data-print]"):
        for found in page.locator(part).all():
            expect(found).to_be_hidden()
    for part in (".sheet .h1", ".sheet__foot", ".sheet .article p"):
        colour = page.locator(part).first.evaluate("(one) => getComputedStyle(one).color")
        assert colour == "rgb(0, 0, 0)", "black on white, in the dark too"
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
