"""What a file changes is kept: what it was, what it is, whose file it was."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.test import Client
from django.utils import timezone

from core.clock import local_today
from directory.models import Employee, FactChange, RoleGrant
from directory.tasks import forget_records
from onboarding.imports.actions import apply_import, check_import
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

EXTRA = ("arbeidssted", "jobbtelefon")
ClientOf = Callable[[Employee], Client]


def bring_in(actor: Employee, *rows: dict[str, str], delta: bool = True) -> None:
    run = check_import(actor=actor, file=hr_file(*rows, extra=EXTRA), file_name="hr.csv", is_delta=delta)
    assert apply_import(actor=actor, run=run, confirm_leavers=None).state == "applied"


def told(person: Employee) -> set[tuple[str, str, str]]:
    return set(FactChange.objects.filter(employee=person).values_list("fact", "former", "current"))


def row_of(person: Employee, **facts: str) -> dict[str, str]:
    job = person.employments.order_by("pk")[0]
    own: dict[str, Any] = {
        "ansattnr": person.employee_number, "fornavn": person.first_name, "etternavn": person.last_name,
        "epost": person.email, "startdato": job.start_date.isoformat(), "stilling": job.title,
        "leder_ansattnr": job.manager.employee_number if job.manager else "",
    }  # fmt: skip
    return hr_row(**own | facts)


def test_a_first_file_writes_no_history_and_the_same_again_none(hege: Employee, city: City) -> None:
    rows = [hr_row(ansattnr="900001"), hr_row(ansattnr="900002", leder_ansattnr="900001", stillingsprosent="50")]
    bring_in(hege, *rows)
    bring_in(hege, *rows)
    assert not FactChange.objects.exists()


def test_what_changed_is_kept_with_source_actor_and_time(
    hege: Employee, amina: Employee, kari: Employee, thanh: Employee, city: City
) -> None:
    Employee.objects.filter(pk=thanh.pk).update(protected=True, chosen_name="")
    changed = row_of(
        amina, etternavn="Hassan Berg", epost="amina.berg@oslo.example", mobil="900 00 000", skjermet="J",
        leder_ansattnr=str(thanh.employee_number), stillingsprosent="62,5", sluttdato="2099-06-30",
        arbeidssted="Alna bydelshus", jobbtelefon="22 33 44 55",
    )  # fmt: skip
    bring_in(hege, changed)
    expected = {
        ("last_name", "Hassan", "Hassan Berg"),
        ("email", "amina.hassan@oslo.example", "amina.berg@oslo.example"),
        ("private_mobile", "", "900 00 000"),
        ("work_phone", "", "22 33 44 55"),
        ("protected", "", "yes"),
        ("leader", "Kari Nordby", "*"),
    }
    assert expected <= told(amina)
    change = FactChange.objects.get(employee=amina, fact="last_name")
    assert (change.source, change.actor, change.changed_at <= timezone.now()) == ("file", hege, True)
    before = FactChange.objects.count()
    bring_in(hege, changed)
    assert FactChange.objects.count() == before


def test_facts_of_a_job(hege: Employee, amina: Employee, kari: Employee, city: City) -> None:
    changed = row_of(amina, stillingsprosent="62,5", sluttdato="2099-06-30", arbeidssted="Alna bydelshus")
    bring_in(hege, changed, hr_row(ansattnr=str(amina.employee_number), fornavn="Amina", etternavn="Hassan",
             enhetskode="BAL-01-02", enhet="Alna øst", startdato=local_today().isoformat()))  # fmt: skip
    assert {
        ("percentage", "100", "62.5"),
        ("end_date", "", "2099-06-30"),
        ("workplace", "", "Alna bydelshus"),
        ("job", "", "Helsefagarbeider, Alna øst"),
    } <= told(amina)


def test_the_absent_of_a_full_file_get_their_last_day(hege: Employee, amina: Employee, kari: Employee) -> None:
    everyone = [row_of(person, enhetskode="BAL", enhet="Bydel Alna") for person in (hege,)] + [row_of(kari)]
    bring_in(hege, *everyone, delta=False)
    yesterday = local_today() - datetime.timedelta(days=1)
    assert told(amina) == {("end_date", "", yesterday.isoformat())}
    Employee.objects.filter(pk=amina.pk).update(left_date=F("left_date") - datetime.timedelta(days=40))
    forget_records()
    assert told(amina) == set()


def test_read_by_the_person_and_by_hr_alone(
    hege: Employee, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    FactChange.objects.create(
        employee=amina, fact="percentage", former="100", current="62.5", source="file", actor=hege,
        changed_at=timezone.now(),
    )  # fmt: skip
    RoleGrant.objects.create(employee=kari, role="admin")
    address = f"/people/{amina.public_id}/"
    for reader in (amina, hege):
        page = client_of(reader).get(f"{address}history/").content.decode()
        assert "62,5\u00a0%" in page
        assert "HR-fil" in page
    assert "62,5" in client_of(hege).get(address).content.decode()
    assert "62,5" not in client_of(kari).get(address).content.decode()
    assert client_of(kari).get(f"{address}history/").status_code == 404
