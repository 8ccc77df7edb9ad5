"""Pages of the directory, and the organisation chart of five thousand units."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from directory.benchmarks.golden import ASKER, named
from directory.models import Employee, HouseRules, HouseRulesAcceptance, OrgUnit

FLOOR = "/bench/floor/"
UNITS = 5_000
NODES = 40
REQUESTS = 8


@dataclass
class Place:
    """A reader with a browser, and units of every depth to look at."""

    client: Client
    top: OrgUnit
    nodes: list[OrgUnit]


_place: list[Place] = []


def prepare(scale: float) -> Place:
    """Let the organisation have five thousand units, once for all figures; each of the new ones has a leader."""
    if not _place:
        _add_units(max(0, UNITS - OrgUnit.objects.count()))
        reader = named(" ".join(ASKER))
        for rules in HouseRules.objects.all():
            HouseRulesAcceptance.objects.get_or_create(employee=reader, house_rules=rules)
        client = Client(headers={"host": "localhost"})
        client.force_login(reader, backend="directory.authentication.EmployeeBackend")
        _place.append(Place(client, OrgUnit.objects.get(parent=None), _nodes()))
    return _place[0]


def open_floor(place: Place) -> float:
    """Return the seconds the floor takes."""
    return _median(lambda: place.client.get(FLOOR), REQUESTS)


def open_whole_organisation(place: Place) -> float:
    """Return the seconds the first page of the whole organisation takes."""
    address = f"{reverse('people')}?unit={place.top.public_id}"
    return _median(lambda: place.client.get(address), REQUESTS)


def open_own_unit(place: Place) -> float:
    """Return the seconds the page takes that opens with the own unit."""
    return _median(lambda: place.client.get(reverse("people")), REQUESTS)


def open_search(place: Place) -> float:
    """Return the seconds the results take while one types a name."""
    headers = {"HX-Request": "true"}
    return _median(lambda: place.client.get(f"{reverse('people')}?q=kari+no", headers=headers), REQUESTS)


def open_chart(place: Place) -> float:
    """Return the slowest of all but one in twenty nodes of the chart, in seconds."""
    addresses = [reverse("chart_of_unit", args=[unit.public_id]) for unit in place.nodes]
    taken = sorted(_median(lambda address=address: place.client.get(address), 3) for address in addresses)  # type: ignore[misc]
    return taken[int(len(taken) * 0.95)]


def _nodes() -> list[OrgUnit]:
    """The whole, and units of every depth by chance."""
    units = list(OrgUnit.objects.active().order_by("pk"))
    chance = random.Random(5)
    return [units[0], *chance.sample(units[1:], min(NODES, len(units)) - 1)]


def _add_units(missing: int) -> None:
    parents = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT).order_by("pk"))
    leaders = list(Employee.objects.active().order_by("pk").values_list("pk", flat=True)[: missing or 1])
    made = []
    for number in range(missing):
        above = parents[number % len(parents)]
        unit = OrgUnit(code=f"BENCH-{number}", name=f"Seksjon {number}", kind=OrgUnit.Kind.SECTION, parent=above)
        unit.path, unit.depth, unit.agency_id = "", above.depth + 1, above.agency_id
        unit.leader_id = leaders[number % len(leaders)]
        made.append(unit)
    for unit in OrgUnit.objects.bulk_create(made):
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    OrgUnit.objects.bulk_update(made, ["path"], batch_size=1_000)


def _median(ask: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2]
