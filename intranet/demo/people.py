"""The demo organisation's people: the cast by hand, everyone else by chance, always the same for the same seed."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.text import fold
from intranet.demo.sources import read
from intranet.demo.units import Unit

LEADER_TITLES = {"organisation": "Kommunaldirektør", "department": "Avdelingsleder", "section": "Seksjonsleder"}
# Many in the field have no e-mail at work; offices do.
FIELD_WORDS = ("hjem", "barnehage", "skole", "sykehjem", "drift", "renhold", "bolig", "bofellesskap", "brann")
FIRST_NUMBER = 200_001


@dataclass(eq=False)
class Person:
    """Someone to be written: facts as the tables want them."""

    first_name: str
    last_name: str
    gender: str
    title: str
    unit: Unit
    number: str = ""
    email: str | None = None
    key: str = ""
    cast: dict[str, Any] = field(default_factory=dict)
    manager: Person | None = None
    workplace: str = ""
    percentage: int = 100
    start_date: datetime.date = datetime.date(2000, 1, 1)
    end_date: datetime.date | None = None
    second: dict[str, Any] | None = None
    second_unit: Unit | None = None
    second_manager: Person | None = None
    pk: int = 0


class Crowd:
    """Everyone, made unit by unit."""

    def __init__(self, units: dict[str, Unit], employees: int, today: datetime.date, chance: random.Random) -> None:
        self.units = units
        self.today = today
        self.chance = chance
        self.people: list[Person] = []
        self.by_key: dict[str, Person] = {}
        self.leaders: dict[str, Person] = {}
        self._names = Names(chance)
        self._emails: set[str] = set()
        self._place_cast()
        self._appoint_leaders()
        self._fill(employees)
        self._finish()

    # --- the cast ---------------------------------------------------------------------------------------------
    def _place_cast(self) -> None:
        teams = {(unit.parent.code, unit.name): unit for unit in self.units.values() if unit.parent}
        for entry in read("cast")["people"]:
            unit = teams.get((entry["unit"], entry.get("team"))) or self.units[entry["unit"]]
            person = Person(entry["first_name"], entry["last_name"], entry["gender"], entry["job_title"], unit)
            person.key, person.cast, person.email = entry["key"], entry, entry["email"]
            person.number = entry.get("employee_number", "")
            person.workplace, person.percentage = entry["workplace"], entry.get("fte_percent", 100)
            person.second = entry.get("second_employment")
            if entry["email"]:
                self._emails.add(entry["email"].lower())
            self.people.append(person)
            self.by_key[person.key] = person
            for role in entry["roles"]:
                if role["role"] == "leader":
                    self.leaders[role["scope"]] = person
        self.leaders["OSLO"] = self.by_key["vigdis"]

    # --- leaders ----------------------------------------------------------------------------------------------
    def _appoint_leaders(self) -> None:
        for unit in self.units.values():
            is_team = unit.parent is not None and unit.parent.kind == "section"
            if unit.code not in self.leaders and not is_team:
                person = self._new(unit, leader_title(unit))
                self.leaders[unit.code] = person

    def leader_of(self, unit: Unit | None, other_than: Person | None = None) -> Person | None:
        """Return the leader of the unit, or of the nearest unit above that someone else leads."""
        while unit is not None:
            leader = self.leaders.get(unit.code)
            if leader is not None and leader is not other_than:
                return leader
            unit = unit.parent
        return None

    # --- the others -------------------------------------------------------------------------------------------
    def _fill(self, employees: int) -> None:
        present: defaultdict[str, int] = defaultdict(int)
        for person in self.people:
            present[person.unit.code] += 1
        rooms = [unit for unit in self.units.values() if unit.size > 0]
        for unit in rooms:
            for _ in range(unit.size - present[unit.code]):
                self._new(unit, self._pick_job(unit))
        open_rooms = [unit for unit in rooms if not _is_fixed(unit)]
        while len(self.people) - self._left() < employees:
            unit = self.chance.choice(open_rooms)
            self._new(unit, self._pick_job(unit))
        self._trim(employees)

    def _left(self) -> int:
        return sum(1 for person in self.people if "left_days_ago" in person.cast)

    def _trim(self, employees: int) -> None:
        """Take away from the end what is more than was asked for: never the cast, never leaders, never Alna vest."""
        leaders = {id(person) for person in self.leaders.values()}
        extra = len(self.people) - self._left() - employees
        ordinary = [p for p in reversed(self.people) if not p.cast and id(p) not in leaders and not _is_fixed(p.unit)]
        gone = {id(person) for person in ordinary[: max(0, extra)]}
        self.people = [person for person in self.people if id(person) not in gone]

    def _pick_job(self, unit: Unit) -> str:
        jobs = unit.jobs or (unit.parent.jobs if unit.parent else []) or [("Rådgiver", 1)]
        return self.chance.choices([job for job, _ in jobs], [number for _, number in jobs])[0]

    def _new(self, unit: Unit, title: str) -> Person:
        first, last, gender = self._names.pick()
        person = Person(first, last, gender, title, unit)
        self.people.append(person)
        return person

    # --- what everyone gets -----------------------------------------------------------------------------------
    def _finish(self) -> None:
        numbers = iter(range(FIRST_NUMBER, FIRST_NUMBER + 2 * len(self.people) + 10))
        for person in self.people:
            person.number = person.number or str(next(numbers))
            person.workplace = person.workplace or self._workplace_in(person.unit)
            person.manager = self._manager_of(person)
            self._employ(person)
            if not person.cast:
                self._equip(person)

    def _workplace_in(self, unit: Unit) -> str:
        """Return where one works who works in `unit`: what is said of it or of what it belongs to, or else its name."""
        places: dict[str, list[str]] = read("units")["workplaces"]
        codes = [code for code in places if f"{unit.code}-".startswith(f"{code}-")]
        return self.chance.choice(places[max(codes, key=len)]) if codes else unit.place

    def _manager_of(self, person: Person) -> Person | None:
        named = self.by_key.get(person.cast.get("leader") or "")
        if named is not None:
            return named
        leads = self.leaders.get(person.unit.code) is person
        return self.leader_of(person.unit.parent if leads else person.unit, other_than=person)

    def _employ(self, person: Person) -> None:
        if "started_days_ago" in person.cast:
            days = person.cast["started_days_ago"]
        elif not person.cast and self.chance.random() < 0.015:
            days = self.chance.randrange(1, 90)
        else:
            days = 120 + int(min(self.chance.expovariate(1 / 2600), 14_000))
        person.start_date = self.today - datetime.timedelta(days=days)
        if "left_days_ago" in person.cast:
            person.end_date = self.today - datetime.timedelta(days=person.cast["left_days_ago"])
            person.start_date = min(person.start_date, person.end_date - datetime.timedelta(days=400))
        if person.second:
            person.second_unit = self.units[person.second["unit"]]
            person.second_manager = self.by_key.get(person.second.get("leader", ""))

    def _equip(self, person: Person) -> None:
        in_field = any(word in person.unit.name.lower() for word in FIELD_WORDS)
        if not in_field or self.chance.random() < 0.55:
            person.email = self._email(person)
        person.percentage = self.chance.choices([100, 80, 75, 60, 50, 40], [62, 12, 8, 8, 6, 4])[0]
        if person.percentage <= 60 and self.chance.random() < 0.25 and self._is_ordinary(person):
            self._give_second_job(person)

    def _is_ordinary(self, person: Person) -> bool:
        return self.leaders.get(person.unit.code) is not person and not _is_fixed(person.unit)

    def _give_second_job(self, person: Person) -> None:
        unit = self.chance.choice(self.people).unit
        if unit.kind == "section" and unit is not person.unit and not _is_fixed(unit):
            person.second = {"job_title": self._pick_job(unit), "fte_percent": 100 - person.percentage}
            person.second_unit = unit
            person.second_manager = self.leader_of(unit, other_than=person)

    def _email(self, person: Person) -> str:
        stem = ".".join(fold(f"{person.first_name} {person.last_name}").replace("-", " ").split())
        stem = "".join(c for c in stem if c.isascii() and (c.isalnum() or c == "."))
        email, number = f"{stem}@oslo.example", 2
        while email in self._emails:
            email, number = f"{stem}{number}@oslo.example", number + 1
        self._emails.add(email)
        return email

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people)


def _is_fixed(unit: Unit) -> bool:
    """Say whether the number of people in the unit was written by hand."""
    return any(unit.code.startswith(code) for code in read("units")["sizes"])


class Names:
    """Believable names of many origins, drawn by chance."""

    def __init__(self, chance: random.Random) -> None:
        words = read("words")
        self.chance = chance
        self.origins = list(words["origin_weights"])
        self.weights = list(words["origin_weights"].values())
        self.double = words["double_names"]
        self.first: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, gender, origin in words["first_names"]:
            self.first[origin].append((name, gender))
        self.last: defaultdict[str, list[str]] = defaultdict(list)
        for name, origin in words["last_names"]:
            self.last[origin].append(name)

    def pick(self) -> tuple[str, str, str]:
        """Return first name, last name and gender ("f" or "m"); most last names follow the first one's origin."""
        origin = self.chance.choices(self.origins, self.weights)[0]
        first, gender = self.chance.choice(self.first.get(origin) or self.first["no"])
        if origin == "no" and self.chance.random() < 0.05:
            first = self.chance.choice(self.double[gender])
        own = self.last.get(origin) or self.last["no"]
        last = self.chance.choice(own if self.chance.random() < 0.9 else self.last["no"])
        if origin == "no" and self.chance.random() < 0.06:
            last = f"{self.chance.choice(self.last['no'])} {last}"
        return first, last, gender


def leader_title(unit: Unit) -> str:
    """Return what the leader of such a unit is called."""
    name = unit.name.lower()
    if unit.kind == "agency":
        return "Bydelsdirektør" if name.startswith("bydel") else "Direktør"
    if unit.kind == "section" and "barnehage" in name:
        return "Styrer"
    if unit.kind == "section" and "skole" in name and "helse" not in name:
        return "Rektor"
    return LEADER_TITLES[unit.kind]
