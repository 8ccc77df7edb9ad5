"""Writing in a real browser: the draft saves itself, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from announcements.models import Announcement
from directory.models import Employee
from tests.browsing import PHONE, errors_of, open_browser, open_page, sign_in
from tests.conftest import PASSWORD, City

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def test_a_draft_saves_itself(browser: Browser, live_server: Any, liv: Employee, city: City) -> None:
    page = open_page(browser, PHONE)
    sign_in(page, live_server.url, liv.email or "", PASSWORD)
    page.goto(f"{live_server.url}/manage/announcements/new/")
    state = page.locator("[data-autosave-state]")
    page.get_by_role("button", name="Alle", exact=True).click()
    page.fill("[name=title_nb]", "Strømbrudd")
    expect(state).to_contain_text("Utkast lagret kl.")
    draft = Announcement.objects.get()
    assert page.url.endswith(f"/manage/announcements/{draft.public_id}/")
    page.context.set_offline(True)
    page.fill("[name=body_nb]", "Skru av komfyren.")
    expect(state).to_contain_text("Lagres når nettet er tilbake")
    page.context.set_offline(False)
    expect(state).to_contain_text("Utkast lagret kl.")
    page.check("[name=asks_confirmation]")
    page.fill("[name=button_nb]", "Jeg er klar")
    page.locator("[name=look_over]").click()
    page.wait_for_url("**/publish/")
    expect(page.get_by_text("Jeg er klar")).to_be_visible()
    expect(page.get_by_text("Skru av komfyren.").first).to_be_visible()
    complaints = [error for error in errors_of(page) if "ERR_INTERNET_DISCONNECTED" not in error]
    assert complaints == []


def test_signed_out_while_writing_nothing_is_lost(
    browser: Browser, live_server: Any, liv: Employee, city: City
) -> None:
    page = open_page(browser, PHONE)
    sign_in(page, live_server.url, liv.email or "", PASSWORD)
    page.goto(f"{live_server.url}/manage/announcements/new/")
    state = page.locator("[data-autosave-state]")
    expect(page.get_by_text("Legg til svarskjema")).to_have_count(0)
    page.fill("[name=title_nb]", "Strømbrudd")
    expect(state).to_contain_text("Utkast lagret kl.")
    expect(page.get_by_text("Legg til svarskjema")).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=body_nb]", "Skru av komfyren.")
    expect(state).to_contain_text("Du er logget ut")
    page.get_by_role("button", name="Lagre utkastet").last.click()
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", liv.email or "")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    page.wait_for_url("**/manage/announcements/**")
    expect(page.locator("[name=body_nb]")).to_have_value("Skru av komfyren.")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('tunet:draft:'))")
    assert Announcement.objects.get().text_in("nb").body == "Skru av komfyren."
