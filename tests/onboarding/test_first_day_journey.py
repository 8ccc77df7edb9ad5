"""The first day on a telephone: a code is handed over, becomes a passkey, and leads to the welcome page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from core.clock import local_today
from directory.models import Employee
from onboarding.models import Welcome
from onboarding.sign_in_codes.actions import give_code
from onboarding.sign_in_codes.codes import shown
from tests.browsing import PHONE, errors_of, open_browser, open_page
from tests.conftest import MakeEmployee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def phone_with_screen_lock(browser: Browser) -> Page:
    page = open_page(browser, PHONE)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def test_from_a_code_to_a_passkey_and_back_in(
    browser: Browser, live_server: Any, kari: Employee, make_employee: MakeEmployee
) -> None:
    new = make_employee("Sunniva Dahl", manager=kari, email=None, private_mobile="912 34 567", started_days_ago=0)
    Welcome.objects.create(employee=new, starts_date=local_today())
    code = give_code(actor=kari, employee=new)
    site = live_server.url.replace("127.0.0.1", "localhost")
    page = phone_with_screen_lock(browser)

    page.goto(f"{site}{reverse('first_sign_in')}#{shown(code)}")
    expect(page.get_by_label("Koden du har fått")).to_have_value(shown(code))
    assert "#" not in page.url
    page.get_by_label("Ansattnummer").fill(str(new.employee_number))
    page.get_by_label("De fire siste sifrene").fill("4567")
    page.get_by_role("button", name="Gå videre").click()
    page.get_by_role("button", name="Lag en passnøkkel").click()
    page.wait_for_url(f"{site}{reverse('welcome')}")
    assert errors_of(page) == []

    page.context.clear_cookies(name="sessionid")
    page.goto(f"{site}{reverse('my_sign_in')}")
    page.get_by_role("button", name="Logg inn med passnøkkel").click()
    page.wait_for_url(f"{site}{reverse('my_sign_in')}")
    expect(page.get_by_text("Denne enheten", exact=True)).to_be_visible()
    assert errors_of(page) == []
