from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory import phone_list
from directory.models import Employee, Employment, OrgUnit, RoleGrant
from tests.browsing import open_browser, open_page, sign_in
from tests.conftest import PASSWORD, City, MakeEmployee

ClientOf = Callable[[Employee], Client]


def test_it_holds_the_numbers_one_may_see_and_nobody_hidden(
    amina: Employee, kari: Employee, thanh: Employee, city: City, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    facts: dict[str, dict[str, Any]] = {
        "Emeka Okafor": {"private_mobile": "911", "mobile_seen_by": "unit"},
        "Grace Mensah": {"private_mobile": "922", "mobile_seen_by": "leader"},
        "Samir Ahmed": {"work_phone": "933"},
        "Signe Skjermet": {"work_phone": "944", "protected": True},
    }
    for name, held in facts.items():
        make_employee(name, manager=kari, **held)
    for viewer, seen in ((amina, {"911", "933"}), (kari, {"911", "922", "933"}), (thanh, {"933"})):
        answer = client_of(viewer).get(f"/people/phone-list/?unit={city.west.public_id}")
        text = answer.content.decode()
        assert {number for number in ("911", "922", "933", "944") if f"tel:{number}" in text} == seen
        assert "Signe" not in text
        assert answer["Cache-Control"] == "private, no-store"
    assert "Alna vest" in client_of(amina).get("/people/phone-list/?unit=unknown").content.decode()


def test_too_many_for_one_list_are_sent_on_to_smaller_ones(
    amina: Employee, kari: Employee, city: City, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_list, "MOST", 1)
    text = client_of(amina).get(f"/people/phone-list/?unit={city.home_care.public_id}").content.decode()
    assert "Kari Nordby" not in text
    assert city.west.public_id in text


def test_the_leader_stands_first_and_nobody_has_an_empty_cell(
    amina: Employee, kari: Employee, thanh: Employee, city: City, client_of: ClientOf
) -> None:
    Employment.objects.filter(employee=kari).update(unit=city.home_care)
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
    answer = client_of(amina).get(f"/people/phone-list/?unit={city.west.public_id}")
    lines = [(person.pk, word) for person, word in answer.context["list"].lines]
    assert lines == [(kari.pk, "Leder"), (thanh.pk, "Fungerende leder"), (amina.pk, "")]
    assert answer.content.decode().count('–</span><span class="sr">Ikke noe nummer') == 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_printed_list_begins_on_the_first_page_with_one_line_each(
    live_server: Any, amina: Employee, city: City, make_employee: MakeEmployee
) -> None:
    for number in range(60):
        make_employee(f"Kollega Nummer{number}", title="Helsefagarbeider i natt", work_phone="911 22 333")
    with open_browser() as browser:
        page = open_page(browser, {"width": 1280, "height": 900})
        sign_in(page, live_server.url, amina.email or "", PASSWORD)
        page.goto(f"{live_server.url}/people/phone-list/?unit={city.west.public_id}")
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
    assert len(pages) == 2
