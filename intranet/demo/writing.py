"""Stores the demo's people: accounts, jobs, roles, photos, welcomes."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from directory.house_rules import current_house_rules
from directory.models import (
    Absence,
    Employee,
    Employment,
    HouseRulesAcceptance,
    JobFamily,
    OrgUnit,
    RoleGrant,
    Workplace,
)
from directory.people import refresh_people
from intranet.demo.calendar import Calendar
from intranet.demo.copying import analyse, copy_rows, public_ids, reserve_ids
from intranet.demo.people import Crowd, Person

PASSWORD = "tunet-demo-2026"  # noqa: S105 - printed at every start of the demo
ROLES = {
    "hr": "hr",
    "org_admin": "admin",
    "central_communications": "central_communications",
    "agency_communications": "agency_communications",
    "critical_announcer": "preparedness",
    "superuser": "superuser",
    "shop_steward": "shop_steward",
    "safety_rep": "safety_representative",
}
# Titles that name the same work.
FAMILIES = {"Adjunkt": "Lærer", "Lektor": "Lærer", "Tilkallingsvikar": "Vikar", "Assisterende rektor": "Rektor"}


ACCOUNT_COLUMNS = (
    "id public_id username kind employee_number first_name last_name chosen_name protected email work_phone "
    "private_mobile mobile_seen_by photo nickname pronunciation pronoun about ask_me_about spoken_languages language "
    "color_scheme text_size is_active created_at password sort_key folded_name search_text first_signed_in_at"
)


def write_people(crowd: Crowd, chance: random.Random, photo_of: Callable[[Person], str], calendar: Calendar) -> None:
    """Store everyone with jobs, and work out what follows from them."""
    people = crowd.people
    for person, pk in zip(people, reserve_ids(Employee, len(people)), strict=True):
        person.pk = pk
    accounts = Accounts(chance, photo_of, calendar)
    ids = public_ids(chance, len(people))
    rows = (accounts.row(person, public_id) for person, public_id in zip(people, ids, strict=True))
    copy_rows(Employee, ACCOUNT_COLUMNS.split(), rows)
    _write_jobs(crowd)
    refresh_people([person.pk for person in people])
    _write_leaders(crowd)
    _write_roles(crowd)
    _write_acceptances(crowd)
    _write_absences(crowd, calendar)
    analyse(Employee, Employment, OrgUnit)


def _write_leaders(crowd: Crowd) -> None:
    led = [unit for unit in crowd.units.values() if unit.code in crowd.leaders]
    units = [OrgUnit(pk=unit.pk, leader_id=crowd.leaders[unit.code].pk) for unit in led]
    OrgUnit.objects.bulk_update(units, ["leader"], batch_size=500)


class Accounts:
    """Makes the row of each account; the password is worked out once, since it is made slow on purpose."""

    def __init__(self, chance: random.Random, photo_of: Callable[[Person], str], calendar: Calendar) -> None:
        self.chance, self.photo_of, self.calendar = chance, photo_of, calendar
        self.password, self.none = make_password(PASSWORD), make_password(None)

    def row(self, person: Person, public_id: str) -> list[Any]:
        """Return the values of `ACCOUNT_COLUMNS`."""
        cast, chance, now = person.cast, self.chance, timezone.now()
        language = cast.get("language") or chance.choices(["", "nn", "en"], [90, 7, 3])[0]
        phone = f"900 {chance.randrange(100):02} {chance.randrange(1000):03}"
        first_signed_in = None if cast.get("started_days_ago") == 0 else now - datetime.timedelta(days=90)
        return [
            person.pk, public_id, person.number, "person", person.number, person.first_name, person.last_name,
            cast.get("display_name", ""), bool(cast.get("protected")), person.email,
            phone if cast or chance.random() < 0.4 else "",
            phone.replace("900", "400", 1) if chance.random() < 0.7 else "",
            cast.get("mobile_seen_by", "leader"), self.photo_of(person),
            cast.get("nickname", ""), cast.get("pronunciation", ""), cast.get("pronoun") or "",
            self.calendar.fill(cast.get("about") or ""),
            json.dumps(cast.get("ask_me_about", []), ensure_ascii=False),
            json.dumps([name.lower() for name in cast.get("languages", [])], ensure_ascii=False),
            "" if language == "nb" else language, "auto", 100, person.end_date is None, now,
            self.password if cast else self.none, "", "", "", first_signed_in,
        ]  # fmt: skip


def _write_jobs(crowd: Crowd) -> None:
    families = _named(JobFamily, {family_of(title) for title in _titles(crowd)})
    workplaces = _named(
        Workplace, {person.workplace for person in crowd} | {p.second_unit.place for p in crowd if p.second_unit}
    )
    rows: list[list[Any]] = []
    for person in crowd:
        rows.append(
            _job(
                person,
                person.title,
                person.unit.pk,
                person.workplace,
                person.percentage,
                person.manager,
                families,
                workplaces,
            )
        )
        if person.second and person.second_unit:
            place = person.second.get("workplace") or person.second_unit.place
            if place not in workplaces:
                workplaces.update(_named(Workplace, {place}))
            share = person.second["fte_percent"]
            title = person.second["job_title"]
            rows.append(
                _job(person, title, person.second_unit.pk, place, share, person.second_manager, families, workplaces)
            )
    columns = [
        "employee_id",
        "unit_id",
        "position_code",
        "title",
        "position_key",
        "job_family_id",
        "workplace_id",
        "manager_id",
        "kind",
        "percentage",
        "start_date",
        "end_date",
        "source",
    ]
    copy_rows(Employment, columns, rows)


def _write_absences(crowd: Crowd, calendar: Calendar) -> None:
    for person in crowd:
        if away := person.cast.get("away"):
            until = calendar.today + datetime.timedelta(days=away["days"])
            stand_in = crowd.by_key[away["stand_in"]].pk
            Absence.objects.create(
                employee_id=person.pk, start_date=calendar.today, end_date=until, stand_in_id=stand_in
            )


def _titles(crowd: Crowd) -> set[str]:
    return {person.title for person in crowd} | {person.second["job_title"] for person in crowd if person.second}


def _job(
    person: Person, title: str, unit: int, place: str, share: int, manager: Person | None,
    families: dict[str, int], workplaces: dict[str, int],
) -> list[Any]:  # fmt: skip
    family, workplace = families[family_of(title)], workplaces[place]
    key = " ".join(title.lower().split())
    leader = manager.pk if manager else None
    kind = "Fast" if person.percentage > 40 else "Midlertidig"
    return [
        person.pk,
        unit,
        "",
        title,
        key,
        family,
        workplace,
        leader,
        kind,
        share,
        person.start_date,
        person.end_date,
        "file",
    ]


def family_of(title: str) -> str:
    """Return the job family a title belongs to in the demo organisation."""
    bare = title.split(",")[0]
    return FAMILIES.get(bare, bare)


def _named(model: Any, names: set[str]) -> dict[str, int]:
    model.objects.bulk_create([model(name=name) for name in sorted(names)], ignore_conflicts=True)
    return dict(model.objects.filter(name__in=names).values_list("name", "pk"))


def _write_roles(crowd: Crowd) -> None:
    scoped = {"agency_communications", "superuser", "shop_steward", "safety_rep"}
    RoleGrant.objects.bulk_create(
        RoleGrant(
            employee_id=person.pk,
            role=ROLES[entry["role"]],
            unit_id=crowd.units[entry["scope"]].pk
            if entry["role"] in scoped and entry.get("scope") in crowd.units
            else None,
        )
        for person in crowd
        for entry in person.cast.get("roles", [])
        if entry["role"] in ROLES
    )


def _write_acceptances(crowd: Crowd) -> None:
    rules = current_house_rules()
    assert rules is not None
    now = timezone.now()
    accepted = (person for person in crowd if person.cast.get("accepted_house_rules", True))
    copy_rows(
        HouseRulesAcceptance,
        ["employee_id", "house_rules_id", "accepted_at"],
        ([p.pk, rules.pk, now] for p in accepted),
    )
