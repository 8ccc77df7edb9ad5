"""«Change my photo on a phone», in a real browser."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from directory.models import Employee
from directory.photos import photo_name
from tests.browsing import PHONE, errors_of, open_browser, open_page, overflow, sign_in, violations
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def two_halves() -> dict[str, Any]:
    """A wide picture, red to the left and blue to the right."""
    picture, file = Image.new("RGB", (900, 600), "red"), io.BytesIO()
    picture.paste("blue", (450, 0, 900, 600))
    picture.save(file, "JPEG")
    return {"name": "meg.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def is_red(person: Employee) -> bool:
    """Whether the middle of the portrait is red."""
    with default_storage.open(photo_name(person.photo, 400)) as file:
        red, _green, blue = Image.open(file).convert("RGB").getpixel((200, 200))  # type: ignore[misc]
    return red > blue


def test_one_takes_a_picture_chooses_what_it_shows_and_regrets_it(live_server: Any, amina: Employee) -> None:
    with open_browser() as browser:
        page = open_page(browser, PHONE, has_touch=True)
        sign_in(page, live_server.url, amina.email or "", PASSWORD)
        page.goto(f"{live_server.url}/me/")
        page.locator("#part-photo").get_by_role("link", name="Legg til bilde").click()
        whole = two_halves()
        cut_short = {**whole, "buffer": whole["buffer"][:-200]}
        page.get_by_label("Velg et bilde").set_input_files(cut_short)  # type: ignore[arg-type]
        page.get_by_role("button", name="Bruk bildet").click()
        page.get_by_text("Vi klarer ikke å lese dette som et bilde").first.wait_for()
        page.get_by_label("Velg et bilde").set_input_files(whole)  # type: ignore[arg-type]
        stage = page.get_by_role("application", name="Velg hva bildet skal vise")
        stage.focus()
        # The middle of the picture stands on the edge between the colours: a few steps show the left half.
        for _step in range(9):
            stage.press("ArrowRight")
        stage.press("+")
        assert violations(page) == []
        assert overflow(page) <= 0
        page.get_by_role("button", name="Bruk bildet").click()
        page.get_by_text("Kollegene ser det nå").wait_for()
        amina.refresh_from_db()
        assert is_red(amina)
        page.get_by_role("button", name="Angre").click()
        page.get_by_text("Bildet ditt er som det var").wait_for()
        amina.refresh_from_db()
        assert not amina.photo
        assert errors_of(page) == []
