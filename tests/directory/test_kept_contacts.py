"""Colleagues found without a network: what a device keeps of them, and that it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from directory.models import Employee
from tests.browsing import PHONE, open_browser, violations, watch
from tests.conftest import PASSWORD, MakeEmployee

ClientOf = Callable[[Employee], Client]
KEPT = """async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith("tunet-pages-"))
    .map(async (name) => (await (await caches.open(name)).match("/people/contacts/")) ? 1 : 0))).length"""


@pytest.mark.django_db
def test_it_keeps_the_own_unit_without_hidden_people_and_numbers(
    amina: Employee, kari: Employee, thanh: Employee, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    facts: dict[str, dict[str, Any]] = {
        "Emeka Okafor": {"private_mobile": "911", "mobile_seen_by": "unit"},
        "Grace Mensah": {"private_mobile": "922", "mobile_seen_by": "leader"},
        "Signe Skjermet": {"work_phone": "944", "protected": True},
    }
    for name, held in facts.items():
        make_employee(name, manager=kari, **held)
    answer = client_of(kari).get("/people/contacts/")
    kept = {each["name"]: each["phone"] for each in answer.json()["contacts"]}
    assert (kept["Emeka Okafor"], kept["Grace Mensah"]) == ("911", ""), "what is for the leader alone stays off"
    assert "Signe Skjermet" not in kept
    assert thanh.full_name not in kept
    assert (answer["Cache-Control"], answer.json()["person"]) == ("private, no-store", kari.public_id)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_colleague_is_found_without_a_network(live_server: Any, amina: Employee, kari: Employee) -> None:
    Employee.objects.filter(pk=kari.pk).update(work_phone="900 57 030")
    with open_browser() as browser:
        phone = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        page = watch(phone.new_page())
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_label("E-post eller ansattnummer").fill(amina.email or "")
        page.get_by_label("Passord", exact=True).fill(PASSWORD)
        page.get_by_label("Husk meg på denne enheten").check()
        page.get_by_role("button", name="Logg inn", exact=True).click()
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        with page.expect_response("**/people/contacts/"):
            page.goto(f"{live_server.url}/people/")
        phone.set_offline(True)
        page.get_by_role("searchbox", name="Søk etter kolleger").fill("nordb")
        expect(page.get_by_text("Du er uten nett. Vi søker")).to_be_visible()
        expect(page.get_by_role("link", name="900 57 030")).to_have_attribute("href", "tel:90057030")
        assert violations(page) == []
        page.goto(f"{live_server.url}/people/?q=kari")
        expect(page.get_by_role("link", name="900 57 030")).to_be_visible()
        page.get_by_role("searchbox", name="Søk etter kolleger").fill("finnes ikke")
        expect(page.get_by_text("Ingen av dem som er lagret")).to_be_visible()
        assert violations(page) == []
        phone.set_offline(False)
        page.goto(live_server.url)
        page.locator(".memenu > summary").click()
        page.locator("[data-sign-out] button").click()
        page.wait_for_url("**/accounts/login/**")
        assert page.evaluate(KEPT) == 0
