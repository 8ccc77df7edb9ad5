"""What the tests of «ready for day one» begin with: an agency's list, its desk, and somebody on the way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.clock import local_today
from directory.models import Employee
from onboarding.arrivals.lists import StepFacts, save_desk, save_step
from onboarding.models import Arrival, ArrivalDesk, ArrivalStep
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]


@pytest.fixture
def hassan(make_employee: MakeEmployee) -> Employee:
    """IT."""
    return make_employee("Hassan Raza", title="Brukerstøttekonsulent")


@pytest.fixture
def desk(city: City, hege: Employee, hassan: Employee) -> ArrivalDesk:
    return save_desk(actor=hege, unit=city.alna, name="IT", people=[hassan])


@pytest.fixture
def steps(city: City, hege: Employee, desk: ArrivalDesk) -> list[ArrivalStep]:
    wanted = [
        StepFacts("PC og bruker", "desk", kind="it", desk=desk, days_before=7, text="Husk skjerm."),
        StepFacts("Møt opp første dag", "buddy", kind="buddy", days_before=0),
        StepFacts("Avtal første vakt", "leader", days_before=2),
    ]
    return [save_step(actor=hege, unit=city.alna, facts=facts) for facts in wanted]


def in_days(days: int) -> datetime.date:
    return local_today() + datetime.timedelta(days=days)


def send(client: Client, steps: list[ArrivalStep], unit: Any, **facts: Any) -> Any:
    sent = {
        "name": "Sunniva Berg",
        "title": "Helsefagarbeider",
        "starts_date": str(in_days(30)),
        "unit": unit.public_id,
    }
    sent |= {"seen": unit.public_id, "step": [step.public_id for step in steps], **facts}
    return client.post("/arrivals/new/", sent)


@pytest.fixture
def led(city: City, kari: Employee) -> Employee:
    """Kari, who leads Alna vest."""
    city.west.leader = kari
    city.west.save()
    return kari


@pytest.fixture
def arrival(led: Employee, amina: Employee, steps: list[ArrivalStep], city: City, client_of: ClientOf) -> Arrival:
    assert send(client_of(led), steps, city.west, buddy=amina.public_id).status_code == 302
    return Arrival.objects.get()
