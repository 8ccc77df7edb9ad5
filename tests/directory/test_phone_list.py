from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from directory import phone_list
from directory.models import Employee
from tests.conftest import City, MakeEmployee

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
