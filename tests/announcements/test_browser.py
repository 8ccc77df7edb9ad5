"""Important messages in a real browser: written, sent, read on a phone, confirmed, and followed up."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from announcements.models import Announcement
from directory.models import Employee, Organisation
from tests.announcements.conftest import Announce, deliver_all
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in
from tests.conftest import PASSWORD, City, MakeEmployee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def crowd(make_employee: MakeEmployee, city: City) -> list[Employee]:
    """Enough people in two agencies for figures."""
    Organisation.objects.create(
        pk=1, insight_purpose="Nå alle.", dpia_reference="1", discussed_with_stewards_date=datetime.date(2026, 1, 1)
    )
    return [make_employee(f"Person {n}", unit=city.water if n % 2 else city.west) for n in range(60)]


@pytest.fixture
def ola(make_employee: MakeEmployee, city: City) -> Employee:
    """Central communications too: looks over what goes to everyone."""
    return make_employee("Ola Moen", unit=city.whole, roles=("central_communications",))


def signed_in(browser: Browser, live_server: Any, who: Employee, size: dict[str, int] = DESK, **options: Any) -> Page:
    page = open_page(browser, size, **options)
    sign_in(page, live_server.url, who.email or "", PASSWORD)
    return page


def test_from_writing_to_the_leaders_list(
    browser: Browser,
    live_server: Any,
    liv: Employee,
    ola: Employee,
    kari: Employee,
    amina: Employee,
    crowd: list[Employee],
) -> None:
    writer = signed_in(browser, live_server, liv)
    writer.goto(f"{live_server.url}/manage/announcements/new/")
    writer.get_by_role("button", name="Alle", exact=True).click()
    expect(writer.locator("#audience-result")).to_contain_text("64")
    writer.get_by_label("Tittel", exact=True).fill("Ekstremvær fra torsdag")
    writer.get_by_label("Melding", exact=True).fill("Sjekk vakten din.\n\n## Dette gjør du nå\n\n- Lad telefonen.")
    writer.get_by_label("Be alle bekrefte at de har lest den").check()
    writer.get_by_role("button", name="Se over og send").click()
    expect(writer.get_by_role("heading", name="Når 64 ansatte")).to_be_visible()
    writer.get_by_role("button", name="Be om godkjenning").click()
    expect(writer.get_by_role("heading", name="Venter på godkjenning")).to_be_visible()
    second = signed_in(browser, live_server, ola)
    second.goto(f"{live_server.url}/manage/announcements/")
    second.get_by_role("link", name="Ekstremvær fra torsdag").click()
    second.get_by_role("button", name="Godkjenn for 64 ansatte").click()
    expect(second.get_by_text("Godkjent. Den er på vei ut.")).to_be_visible()
    writer.reload()
    expect(writer.get_by_role("heading", name="På vei ut")).to_be_visible()
    deliver_all()
    expect(writer.get_by_text("Nettopp sendt. Ingen har sett den ennå")).to_be_visible(timeout=10_000)

    reader = signed_in(browser, live_server, amina, PHONE)
    reader.get_by_role("link", name="Les og bekreft").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Ekstremvær fra torsdag")
    reader.wait_for_timeout(1500)
    sent = Announcement.objects.get()
    assert sent.receipts.get(employee=amina).seen_at, "it has been in view"
    assert not sent.receipts.get(employee=amina).acknowledged_at
    reader.get_by_role("button", name="Jeg har lest dette").click()
    expect(reader.get_by_text("Du har bekreftet at du har lest meldingen")).to_be_visible()
    reader.goto(live_server.url)
    expect(reader.get_by_role("link", name="Les og bekreft")).to_have_count(0)

    writer.reload()
    writer.get_by_role("link", name="Send påminnelse til 63").click()
    writer.get_by_role("button", name="Send påminnelse til 63").click()
    expect(writer.get_by_text("Påminnelsen er sendt. Neste mulig om 24 timer.")).to_be_visible()

    leader = signed_in(browser, live_server, kari, PHONE)
    leader.goto(f"{live_server.url}{sent.get_absolute_url()}")
    leader.get_by_role("link", name="Hvem av mine har ikke bekreftet?").click()
    expect(leader.get_by_text("Alle som er på jobb, har bekreftet")).to_be_visible()
    assert errors_of(writer) == errors_of(second) == errors_of(reader) == errors_of(leader) == []


def test_reading_and_confirming_without_scripts(
    browser: Browser, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    asked, told = announce(liv, asks_confirmation=True), announce(liv)
    page = signed_in(browser, live_server, amina, PHONE, java_script_enabled=False)
    page.goto(live_server.url + asked.get_absolute_url())
    page.get_by_role("button", name="Jeg har lest dette").click()
    expect(page.get_by_text("Du har bekreftet at du har lest meldingen")).to_be_visible()
    page.get_by_role("link", name="Spørsmål og svar").click()
    expect(page.get_by_label("Skriv en kommentar")).to_be_visible()
    page.goto(live_server.url + told.get_absolute_url())
    page.get_by_role("button", name="Jeg har sett dette").click()
    assert told.receipts.get(employee=amina).seen_at
