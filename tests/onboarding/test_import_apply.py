"""Bringing a file in: what becomes of people, that twice is once, and who is never ended."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import local_today
from directory.models import AuditEvent, Employee, Employment, JobFamily, OrgUnit
from onboarding.imports.actions import apply_import, check_import
from onboarding.models import ImportRun, Welcome
from tests.conftest import City, MakeEmployee
from tests.onboarding.hr import hr_file, hr_row


def bring_in(*rows: dict[str, str], delta: bool = True, confirm: int | None = None, **options: Any) -> ImportRun:
    extra = options.pop("extra", ())
    run = check_import(actor=None, file=hr_file(*rows, extra=extra), file_name="hr.csv", is_delta=delta, **options)
    return apply_import(actor=None, run=run, confirm_leavers=confirm)


def row_versions() -> list[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'e', id, xmin::text FROM directory_employee UNION ALL SELECT 'j', id, xmin::text"
            " FROM directory_employment UNION ALL SELECT 'u', id, xmin::text FROM directory_orgunit ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def test_new_person_gets_everything(city: City, kari: Employee) -> None:
    today = local_today().isoformat()
    row = hr_row(
        ansattnr="00123", fornavn="Åse", etternavn="Li", epost="Ase.Li@oslo.example", mobil="+47 90000000",
        leder_ansattnr=kari.employee_number, startdato=today, stillingsprosent="62,5", ansettelsestype="Vikar",
        arbeidssted="Alna bydelshus", malform="nynorsk", jobbtelefon="22334455",
    )  # fmt: skip
    run = bring_in(row, extra=("malform", "arbeidssted", "jobbtelefon"))
    person = Employee.objects.get(employee_number="00123")
    job = person.employments.get()
    assert run.state == "applied"
    assert (person.username, person.is_active, person.language, person.work_phone) == (
        "00123", True, "nn", "22 33 44 55"
    )  # fmt: skip
    assert person.private_mobile == "900 00 000"
    assert not person.has_usable_password()
    assert person.primary_employment == job
    assert (job.unit, job.manager, str(job.percentage), job.kind) == (city.west, kari, "62.50", "Vikar")
    assert job.workplace
    assert job.workplace.name == "Alna bydelshus"
    assert job.job_family == city.carers
    assert "alna" in person.search_text
    assert person.welcome.starts_date == local_today()
    assert run.summary["people"]["new"] == 1
    assert AuditEvent.objects.filter(verb="onboarding.import_applied").count() == 1
    city.west.refresh_from_db()
    assert city.west.leader == kari


def test_same_file_twice_writes_nothing(city: City, kari: Employee) -> None:
    rows = [
        hr_row(ansattnr="900001", epost="A@oslo.example", leder_ansattnr=kari.employee_number),
        hr_row(ansattnr="900002", epost="b@oslo.example", leder_ansattnr="900001", skjermet="J"),
        hr_row(ansattnr="900002", epost="b@oslo.example", enhetskode="BAL-01-02", enhet="Alna øst"),
        hr_row(ansattnr="900003", startdato="2099-01-01"),
        hr_row(ansattnr="900004", sluttdato="2024-06-01"),
    ]
    bring_in(*rows)
    before = row_versions()
    again = bring_in(*rows)
    assert again.state == "applied"
    assert again.summary["written"] == 0
    assert again.summary["people"]["unchanged"] == 3
    assert row_versions() == before
    assert not Employee.objects.filter(employee_number="900004").exists()


def test_full_file_ends_the_absent_and_moves(city: City, amina: Employee, kari: Employee, thanh: Employee) -> None:
    moved = hr_row(
        ansattnr=amina.employee_number, fornavn="Amina", etternavn="Hassan", enhetskode="BAL-01-02", enhet="Alna øst",
        leder_ansattnr=kari.employee_number, startdato=local_today().isoformat(),
    )  # fmt: skip
    stays = hr_row(
        ansattnr=kari.employee_number, fornavn="Kari", etternavn="Nordby", stilling="Seksjonsleder",
        startdato=kari.employments.get().start_date.isoformat(),
    )  # fmt: skip
    run = bring_in(moved, stays, delta=False)
    amina.refresh_from_db()
    thanh.refresh_from_db()
    old, new = amina.employments.order_by("pk")
    yesterday = local_today() - datetime.timedelta(days=1)
    assert (old.end_date, new.unit, amina.primary_employment) == (yesterday, city.east, new)
    assert (thanh.is_active, thanh.left_date) == (False, yesterday)
    assert (run.summary["people"]["moved"], run.summary["people"]["leaving"]) == (1, 1)


def test_scope_ends_only_its_own_branch(city: City, amina: Employee, kari: Employee, thanh: Employee) -> None:
    stays = hr_row(ansattnr=kari.employee_number, fornavn="Kari", etternavn="Nordby", stilling="Seksjonsleder")
    outside = hr_row(ansattnr="900009", virksomhetskode="VAV", enhetskode="VAV", enhet="Vann- og avløpsetaten")
    run = bring_in(stays, outside, delta=False, scope=city.alna)
    thanh.refresh_from_db()
    amina.refresh_from_db()
    assert (thanh.is_active, amina.is_active) == (True, False)
    assert run.findings.get(status="reject").code == "unit_outside_scope"


def test_other_sources_are_not_ended(city: City, amina: Employee, kari: Employee) -> None:
    Employment.objects.filter(employee=amina).update(source="scim")
    bring_in(hr_row(ansattnr=kari.employee_number, fornavn="Kari", stilling="Seksjonsleder"), delta=False)
    amina.refresh_from_db()
    assert amina.is_active


def test_rejected_row_ends_nobody(city: City, amina: Employee, kari: Employee) -> None:
    stays = hr_row(ansattnr=kari.employee_number, fornavn="Kari", etternavn="Nordby", stilling="Seksjonsleder")
    broken = hr_row(ansattnr=amina.employee_number, fornavn="Amina", startdato="31.11.2025")
    bring_in(stays, broken, delta=False)
    amina.refresh_from_db()
    assert amina.is_active


def test_too_many_leavers_stop(city: City, make_employee: MakeEmployee, kari: Employee) -> None:
    for place in range(26):
        make_employee(f"Person Nummer{place}")
    stays = hr_row(ansattnr=kari.employee_number, fornavn="Kari", etternavn="Nordby", stilling="Seksjonsleder")
    before = row_versions()
    run = bring_in(stays, delta=False)
    assert run.state == "stopped"
    assert run.summary["plan"]["leaving"] == 26
    assert row_versions() == before
    assert bring_in(stays, delta=False, confirm=25).state == "stopped"
    assert bring_in(stays, delta=False, confirm=26).state == "applied"
    assert Employee.objects.active().count() == 1


def test_delta_ends_nobody(city: City, amina: Employee, thanh: Employee) -> None:
    bring_in(hr_row(ansattnr="900001"))
    assert Employee.objects.active().count() == 4


def test_cut_file_ends_nobody(city: City, amina: Employee, kari: Employee) -> None:
    stays = hr_row(ansattnr=kari.employee_number, fornavn="Kari", etternavn="Nordby", stilling="Seksjonsleder")
    file = hr_file(stays)
    file.seek(0, 2)
    file.write(b"9000")
    run = check_import(actor=None, file=file, file_name="hr.csv", is_delta=False)
    apply_import(actor=None, run=run)
    assert run.summary["is_cut"]
    assert Employee.objects.active().count() == 2


def test_return_keeps_history(city: City, amina: Employee) -> None:
    job = amina.employments.get()
    job.end_date = local_today() - datetime.timedelta(days=100)
    job.save()
    Employee.objects.filter(pk=amina.pk).update(is_active=False, left_date=job.end_date)
    row = hr_row(
        ansattnr=amina.employee_number, fornavn="Amina", etternavn="Hassan", startdato=local_today().isoformat()
    )
    run = bring_in(row)
    amina.refresh_from_db()
    assert amina.is_active
    assert amina.employments.count() == 2
    assert run.findings.get().code == "returns"
    assert run.summary["people"]["returned"] == 1


def test_future_start_waits(city: City) -> None:
    bring_in(hr_row(ansattnr="900001", startdato="2099-01-01"))
    person = Employee.objects.get(employee_number="900001")
    assert not person.is_active
    assert Welcome.objects.get(employee=person).starts_date == datetime.date(2099, 1, 1)


def test_swapped_addresses(city: City, make_employee: MakeEmployee) -> None:
    one, two = make_employee("Ola En", email="en@oslo.example"), make_employee("Ola To", email="to@oslo.example")
    bring_in(
        hr_row(ansattnr=one.employee_number, etternavn="En", epost="to@oslo.example"),
        hr_row(ansattnr=two.employee_number, etternavn="To", epost="en@oslo.example"),
    )
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.email, two.email) == ("to@oslo.example", "en@oslo.example")


def test_empty_cells_take_nothing_away(city: City, amina: Employee) -> None:
    Employee.objects.filter(pk=amina.pk).update(protected=True, private_mobile="900 00 000")
    bring_in(hr_row(ansattnr=amina.employee_number, fornavn="Amina", etternavn="Hassan", skjermet=""))
    person = Employee.objects.get(pk=amina.pk)
    assert (person.email, person.private_mobile, person.protected) == (amina.email, "900 00 000", True)


def test_units_are_made_on_request(db: None) -> None:
    rows = [
        hr_row(ansattnr="900001", enhetskode="00017", enhet="Natt"),
        hr_row(ansattnr="900002", enhetskode="00017", enhet="Natt"),
        hr_row(ansattnr="900003", enhetskode="BAL", enhet="Bydel Alna"),
    ]
    run = bring_in(*rows, delta=False, creates_units=True)
    unit = OrgUnit.objects.get(code="00017")
    assert run.summary["units"] == 2
    assert unit.parent
    assert unit.agency
    assert (unit.parent.code, unit.agency.kind) == ("BAL", "agency")
    assert unit.path == f"{unit.parent.path}{unit.pk}/"
    assert bring_in(*rows, delta=False, creates_units=True).summary["written"] == 0


def test_family_follows_the_commonest(city: City, make_employee: MakeEmployee) -> None:
    family = JobFamily.objects.create(name="Lærer")
    make_employee("Ada Lund", title="Adjunkt", family=family)
    bring_in(hr_row(ansattnr="900001", stilling="Adjunkt"))
    assert Employment.objects.get(employee__employee_number="900001").job_family == family


@pytest.mark.django_db
def test_nothing_is_kept_without_asking(city: City) -> None:
    run = check_import(actor=None, file=hr_file(hr_row()), file_name="x.csv", is_delta=True, keeps=False)
    assert run._state.adding
    assert run.summary["records"] == {"accept": 1}
    assert not Employee.objects.exists()
    assert not ImportRun.objects.exists()


def test_what_somebody_else_has_added_meanwhile_is_let_be(city: City) -> None:
    run = check_import(actor=None, file=hr_file(hr_row()), file_name="hr.csv", is_delta=True)
    with CaptureQueriesContext(connection) as asked:
        apply_import(actor=None, run=ImportRun.objects.get(pk=run.pk))
    statements = [query["sql"] for query in asked]
    row = next(place for place, said in enumerate(statements) if "FOR UPDATE" in said)
    people = next(place for place, said in enumerate(statements) if "pg_advisory_xact_lock" in said)
    assert row < people  # as the sweeper does
    before = row_versions()
    apply_import(actor=None, run=run)
    assert (run.state, row_versions()) == ("applied", before)
    assert AuditEvent.objects.filter(verb="onboarding.import_applied").count() == 1
