"""Figures as files and by API: the same numbers as on the screen, and nothing that runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from announcements.actions import acknowledge, mark_seen
from announcements.models import Announcement
from announcements.unit_figures import read_unit_figures, walk_unit_figures
from core.clock import local_today
from directory.models import Employee, OrgUnit
from tests.announcements.conftest import Announce, ClientOf, body
from tests.conftest import City, MakeEmployee, make_unit

pytestmark = pytest.mark.django_db

WICKED = "=cmd|' /C calc'!A0"


@pytest.fixture
def sent(announce: Announce, liv: Employee, city: City, make_employee: MakeEmployee) -> Announcement:
    """Alna with two sections, Water, an agency with a wicked name, and a small one; some have seen, some confirmed."""
    wicked, small = (make_unit(code, name, city.whole, "agency") for code, name in (("OND", WICKED), ("SMÅ", "Små")))
    sizes: list[tuple[OrgUnit, int]] = [(city.west, 12), (city.east, 15), (city.water, 60), (wicked, 20), (small, 4)]
    people = [make_employee(f"{unit.code} {n}", unit=unit) for unit, count in sizes for n in range(count)]
    found = announce(liv, asks_confirmation=True)
    for number, person in enumerate(people):
        if number % 2:
            mark_seen(employee=person, announcement=found)
        if number % 5 == 0:
            acknowledge(employee=person, announcement=found)
    return found


def read_csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def read_xlsx(answer: Any) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


def fetch(browser: Client, sent: Announcement, kind: str) -> Any:
    answer = browser.get(reverse("export_figures", args=[sent.public_id, kind]))
    assert answer.status_code == 200
    assert f'-{local_today().isoformat()}.{kind}"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    return answer


def test_both_files_show_what_the_screen_shows(sent: Announcement, liv: Employee, client_of: ClientOf) -> None:
    browser = client_of(liv)
    rows = read_csv(fetch(browser, sent, "csv"))
    book = [row[: len(rows[0])] for row in read_xlsx(fetch(browser, sent, "xlsx"))]
    assert [[cell for cell in row if cell] for row in book if any(row)][:-2] == [
        [cell for cell in row if cell] for row in rows if any(row)
    ][:-2]
    by_name = {row[0]: row for row in rows if row}
    assert WICKED not in by_name
    assert f"'{WICKED}" in by_name
    for row in walk_unit_figures(sent):
        shown = by_name[f"'{WICKED}" if row.unit.name == WICKED else row.unit.name]
        if row.is_shown:
            assert shown[3:] == [str(row.active), row.told_share, row.told_acknowledged_share]
        else:
            assert shown[3:] == ["", "vises ikke", "vises ikke"]
    page = body(browser, reverse("announcement_units", args=[sent.public_id]))
    for row in read_unit_figures(sent):
        assert not row.is_shown or row.told_acknowledged_share in page
    assert by_name["Ansatte"][3] == "112"


def test_no_names_ever(sent: Announcement, liv: Employee, client_of: ClientOf) -> None:
    text = str(read_csv(fetch(client_of(liv), sent, "csv")))
    for person in Employee.objects.exclude(last_name=""):
        assert person.full_name not in text
    assert "@" not in text


def test_no_file_of_a_draft_or_of_another_kind(sent: Announcement, liv: Employee, client_of: ClientOf) -> None:
    for kind in ("pdf", "csv.exe", "XLSX"):
        assert client_of(liv).get(reverse("export_figures", args=[sent.public_id, kind])).status_code == 404
    Announcement.objects.filter(pk=sent.pk).update(state="draft")
    assert client_of(liv).get(reverse("export_figures", args=[sent.public_id, "csv"])).status_code == 404


def test_screen_api_and_file_agree_and_the_sums_hold(sent: Announcement, liv: Employee, client_of: ClientOf) -> None:
    Employee.objects.filter(employee_number__in=["100010", "100020", "100030"]).update(is_active=False)
    browser = client_of(liv)
    told = browser.get(f"/api/v1/announcements/{sent.public_id}/progress/").json()
    assert told["audience"] == told["frozen"] + told["joined_later"]
    assert told["active"] == told["audience"] - told["left"] == told["seen"] + told["unseen"]
    assert told["acknowledged"] <= told["seen"] <= told["delivered"]
    rows = {row[0]: row for row in read_csv(fetch(browser, sent, "csv")) if row}
    names = {"Har sett den": "seen", "Har ikke sett den ennå": "unseen", "Har bekreftet": "acknowledged"}
    panel = body(browser, reverse("announcement_figures", args=[sent.public_id]))
    for name, key in names.items():
        assert rows[name][3] == str(told[key])
    assert f"<strong>{told['acknowledged']}</strong>" in panel
    assert f"<strong>{told['unseen']}</strong>" in panel


def test_units_by_api_are_hidden_as_on_the_screen(
    sent: Announcement, liv: Employee, city: City, client_of: ClientOf
) -> None:
    browser = client_of(liv)
    address = f"/api/v1/announcements/{sent.public_id}/progress/units/"
    found = browser.get(address).json()
    assert [row["seen"]["told"] == "hidden" for row in found] == [not row.is_shown for row in read_unit_figures(sent)]
    assert found[-1]["active"] is None
    below = browser.get(address, {"unit": city.home_care.public_id}).json()
    assert {row["name"] for row in below} == {"Alna vest", "Alna øst"}
    assert browser.get(address, {"unit": "finnes-ikke"}).status_code == 404


def test_asking_leaders_by_api(sent: Announcement, liv: Employee, client_of: ClientOf) -> None:
    address = f"/api/v1/announcements/{sent.public_id}/follow-up/"
    refused = client_of(liv).post(address)
    assert refused.status_code == 409, "no purpose is recorded"
    assert refused["Content-Type"] == "application/problem+json"


def test_numbers_that_fail_never_hide_the_message(
    sent: Announcement, liv: Employee, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(announcement: Announcement) -> None:
        raise RuntimeError("no figures today")

    monkeypatch.setattr("announcements.panel.read_unit_figures", fail)
    page = body(client_of(liv), sent.get_absolute_url())
    assert "Ekstremvær fra torsdag" in page
    assert "Tallene kan ikke vises akkurat nå" in page
