"""«Find someone I half remember» and «who leads this», in a real browser, on a phone and with the keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from directory.actions import refresh_people
from directory.models import Employee, OrgUnit
from tests.browsing import PHONE, errors_of, open_browser, open_page, overflow, sign_in, violations
from tests.conftest import PASSWORD, City, MakeEmployee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_find_someone_i_half_remember(
    live_server: Any, amina: Employee, city: City, make_employee: MakeEmployee
) -> None:
    """«Muhamed something, a nurse»: typed on a phone, found as one types, opened, and back to what was typed."""
    make_employee("Mohammed Iqbal", unit=city.west, title="Sykepleier", work_phone="900 16 446")
    make_employee("Mona Berg", unit=city.water, title="Ingeniør")
    refresh_people(Employee.objects.values_list("pk", flat=True))
    with open_browser() as browser:
        page = open_page(browser, PHONE)
        sign_in(page, live_server.url, amina.email or "", PASSWORD)
        page.goto(f"{live_server.url}/people/")
        field = page.get_by_role("searchbox", name="Søk etter kolleger")
        field.press_sequentially("muhamed sykepl", delay=20)
        card = page.locator("#people").get_by_role("link", name="Mohammed Iqbal")
        card.first.wait_for()
        page.wait_for_url("**/people/?q=muhamed+sykepl")
        assert page.get_by_role("link", name="Mona Berg").count() == 0
        assert violations(page) == []
        assert overflow(page) <= 0
        page.locator(".people").get_by_role("link", name="Mohammed Iqbal").click()
        page.get_by_role("link", name="Ring").first.wait_for()
        page.go_back()
        page.locator(".people").get_by_role("link", name="Mohammed Iqbal").wait_for()
        assert field.input_value() == "muhamed sykepl"
        assert errors_of(page) == []


def test_who_leads_this(live_server: Any, amina: Employee, kari: Employee, city: City) -> None:
    """From one's own unit up to the agency and down again by the keyboard alone, to the leader's own page."""
    OrgUnit.objects.filter(pk__in=(city.west.pk, city.alna.pk)).update(leader=kari)
    with open_browser() as browser:
        page = open_page(browser, {"width": 1280, "height": 900})
        sign_in(page, live_server.url, amina.email or "", PASSWORD)
        page.goto(f"{live_server.url}/people/?unit={city.west.public_id}")
        page.get_by_role("link", name="Organisasjonskart").press("Enter")
        chart = page.get_by_role("navigation", name="Organisasjonskart")
        chart.get_by_role("heading", name="Alna vest").wait_for()
        chart.get_by_role("link", name="Bydel Alna").press("Enter")
        chart.get_by_role("heading", name="Bydel Alna").wait_for()
        assert violations(page) == []
        chart.get_by_role("link", name="Hjemmetjenesten").press("Enter")
        chart.get_by_role("link", name="Alna vest").press("Enter")
        chart.get_by_role("heading", name="Alna vest").wait_for()
        chart.get_by_role("listitem").get_by_role("link", name="Kari Nordby").last.press("Enter")
        page.get_by_role("heading", level=1, name="Kari Nordby").wait_for()
        assert errors_of(page) == []
