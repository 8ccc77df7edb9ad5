"""The frame in a real browser: sign-in, the places, errors; for eyes, keyboards and without script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from directory.models import Employee
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in, wrong_in_all_looks
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def test_the_open_menu_is_accessible(browser: Browser, live_server: Any, amina: Employee) -> None:
    page = open_page(browser, PHONE)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    for path in ("/", "/not/here/"):
        page.goto(live_server.url + path)
        page.locator(".memenu > summary").click()
        assert wrong_in_all_looks(page) == {}, path
    assert errors_of(page) == []


def test_one_signs_in_without_script_and_out_again(browser: Browser, live_server: Any, amina: Employee) -> None:
    page = open_page(browser, PHONE, java_script_enabled=False)
    sign_in(page, live_server.url, str(amina.employee_number), PASSWORD)
    page.click(".memenu > summary")
    page.click("form[data-sign-out] button")
    page.goto(live_server.url + "/")
    assert "/accounts/login/" in page.url


def test_keyboard_reaches_the_content_first(browser: Browser, live_server: Any, amina: Employee) -> None:
    page = open_page(browser, DESK)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_draft_is_kept_until_it_is_sent_and_erased_at_sign_out(
    browser: Browser, live_server: Any, amina: Employee
) -> None:
    page = open_page(browser, DESK)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.evaluate("localStorage.setItem(`tunet:draft:${document.body.dataset.person}:x`, 'Hei')")
    page.click(".memenu > summary")
    page.click("form[data-sign-out] button")
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("Object.keys(localStorage).length") == 0
