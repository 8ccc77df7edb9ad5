"""Reading and confirming without a network, in a real browser with its service worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from announcements.actions import withdraw_announcement
from announcements.models import Announcement
from directory.models import Employee
from tests.announcements.conftest import Announce
from tests.browsing import PHONE, open_browser, violations, watch
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = "Bekreftelsen er tatt vare på"
BUTTON = "Jeg har lest dette"
COUNT_KEPT = """async () => (await caches.keys()).filter((name) => name.startsWith("tunet-pages-")).length"""
COUNT_WAITING = """() => new Promise((done) => {
  const request = indexedDB.open("tunet-outbox", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "key" });
  request.onsuccess = () => {
    const all = request.result.transaction("kept").objectStore("kept").getAll();
    all.onsuccess = () => { request.result.close(); done(all.result.length); };
  };
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context
    context.close()


def signed_in(phone: BrowserContext, url: str, who: Employee, *, remember: bool = True) -> Page:
    """Sign in and wait until the service worker looks after the pages."""
    page = watch(phone.new_page())
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("E-post eller ansattnummer").fill(who.email or "")
    page.get_by_label("Passord", exact=True).fill(PASSWORD)
    page.get_by_label("Husk meg på denne enheten").set_checked(remember)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    page.wait_for_url(f"{url}/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def asked_of(page: Page) -> list[str]:
    """Return a list that fills with the confirmations sent from any page or worker of this browser."""
    sent: list[str] = []
    page.context.on(
        "request", lambda one: sent.append(one.url) if one.method == "POST" and "acknowledge" in one.url else None
    )
    return sent


def waiting(page: Page) -> int:
    count: int = page.evaluate(COUNT_WAITING)
    return count


def opened(page: Page, url: str, sent: Announcement) -> None:
    """Open the message once with a network, long enough to be seen and kept."""
    page.goto(url + sent.get_absolute_url())
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    page.wait_for_timeout(1500)


def test_confirmed_without_a_network_survives_the_page_and_is_sent_once(
    phone: BrowserContext, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = signed_in(phone, live_server.url, amina)
    posts = asked_of(page)
    opened(page, live_server.url, sent)
    phone.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    page.close()
    again = watch(phone.new_page())
    again.goto(live_server.url + sent.get_absolute_url())
    expect(again.get_by_role("heading", level=1)).to_have_text("Ekstremvær fra torsdag")
    expect(again.get_by_text(KEPT)).to_be_visible()
    expect(again.get_by_role("button", name=BUTTON)).to_be_hidden()
    assert sent.receipts.get(employee=amina).acknowledged_at is None
    phone.set_offline(False)
    expect(again.get_by_text("Du har bekreftet at du har lest meldingen")).to_be_visible(timeout=15_000)
    receipt = sent.receipts.get(employee=amina)
    assert (receipt.revision, receipt.language) == (1, "nb")
    again.reload()
    again.wait_for_timeout(500)
    assert waiting(again) == 0
    assert len(posts) == 1


def test_what_the_server_refuses_is_told(
    phone: BrowserContext, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = signed_in(phone, live_server.url, amina)
    opened(page, live_server.url, sent)
    phone.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    withdraw_announcement(actor=liv, announcement=sent)
    phone.set_offline(False)
    expect(page.get_by_text("Meldingen er trukket tilbake", exact=True)).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Det er ingenting å bekrefte")).to_be_visible()
    page.goto(live_server.url)
    assert waiting(page) == 0
    assert sent.receipts.get(employee=amina).acknowledged_at is None


def test_never_sent_for_another_and_erased_at_sign_out(
    phone: BrowserContext, live_server: Any, announce: Announce, liv: Employee, amina: Employee, thanh: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = signed_in(phone, live_server.url, amina)
    opened(page, live_server.url, sent)
    phone.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.close()
    phone.clear_cookies()
    phone.set_offline(False)
    other = signed_in(phone, live_server.url, thanh)
    other.wait_for_timeout(1000)
    assert waiting(other) == 0
    assert not sent.receipts.filter(acknowledged_at__isnull=False).exists()
    opened(other, live_server.url, sent)
    assert other.evaluate(COUNT_KEPT) == 1
    other.locator(".memenu > summary").click()
    other.locator("[data-sign-out] button").click()
    other.wait_for_url(lambda address: "login" in address or address.endswith("/"))
    other.goto(f"{live_server.url}/accounts/login/")
    other.wait_for_timeout(500)
    assert other.evaluate(COUNT_KEPT) == 0


def test_a_device_that_may_be_shared_keeps_nothing(
    phone: BrowserContext, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = signed_in(phone, live_server.url, amina, remember=False)
    opened(page, live_server.url, sent)
    assert page.evaluate(COUNT_KEPT) == 0
    phone.set_offline(True)
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_text("Det ble ikke sendt")).to_be_visible()
    assert waiting(page) == 0


def test_a_message_kept_is_found_from_the_page_without_a_network(
    phone: BrowserContext, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv, asks_confirmation=True)
    page = signed_in(phone, live_server.url, amina)
    opened(page, live_server.url, sent)
    phone.set_offline(True)
    page.goto(f"{live_server.url}/people/")
    page.get_by_role("link", name="Ekstremvær fra torsdag").click()
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
