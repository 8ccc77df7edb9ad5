"""Upload, mend, add, and take it back: in a real browser, on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from directory.models import Employee
from tests.browsing import PHONE, errors_of, open_browser, open_page, overflow, sign_in, violations
from tests.conftest import PASSWORD, City
from tests.onboarding.hr import hr_file, hr_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_upload_mend_add_undo(live_server: Any, hege: Employee, city: City) -> None:
    rows = [hr_row(ansattnr="900001", enhetskode="X1", enhet="Alna vst"), hr_row(ansattnr="900002")]
    data = hr_file(*rows).getvalue().replace(b";startdato;", b";Begynte;", 1)
    with open_browser() as browser:
        page = open_page(browser, PHONE)
        sign_in(page, live_server.url, hege.email or "", PASSWORD)
        page.goto(f"{live_server.url}/manage/imports/")
        file: Any = {"name": "nye.csv", "mimeType": "text/csv", "buffer": data}
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Kontroller fila").click()
        assert page.get_by_label("«Begynte»").input_value() == "startdato"
        page.get_by_role("button", name="Kontroller fila").click()
        assert violations(page) == []
        assert overflow(page) <= 0
        page.get_by_role("button", name="Bruk forslaget").locator("visible=true").click()
        page.get_by_role("button", name="Legg til 2 nå").click()
        page.get_by_role("heading", name="Alt er på plass").wait_for()
        assert Employee.objects.filter(employee_number__startswith="90000").count() == 2
        page.get_by_text("Angre denne fila").click()
        page.get_by_role("button", name="Ja, angre").click()
        page.get_by_role("heading", name="Angret").wait_for()
        assert not Employee.objects.filter(employee_number__startswith="90000").exists()
        assert errors_of(page) == []
