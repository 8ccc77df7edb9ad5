"""«Is this you?»: yes, in a real browser."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from directory.models import Employee
from onboarding.portraits.actions import propose_photos
from onboarding.portraits.sources import Candidate
from tests.browsing import PHONE, errors_of, open_browser, open_page, overflow, sign_in, violations
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_says_yes_to_a_proposed_picture(live_server: Any, amina: Employee) -> None:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "JPEG")
    propose_photos(actor=None, files=[Candidate(f"{amina.employee_number}.jpg", file.getvalue)])
    with open_browser() as browser:
        page = open_page(browser, PHONE)
        sign_in(page, live_server.url, amina.email or "", PASSWORD)
        shown = page.get_by_alt_text("Det foreslåtte bildet")
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 200
        assert violations(page) == []
        assert overflow(page) <= 0
        page.get_by_role("button", name="Ja, bruk bildet").click()
        page.get_by_text("Kollegene ser det nå").wait_for()
        amina.refresh_from_db()
        assert amina.photo
        assert page.get_by_text("Er dette deg?").count() == 0
        page.get_by_role("button", name="Angre").click()
        page.get_by_text("Bildet ditt er som det var").wait_for()
        assert errors_of(page) == []
