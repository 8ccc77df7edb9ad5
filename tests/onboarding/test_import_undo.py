"""A file taken back: everybody as before, those it made gone, whoever changed since left alone and named."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import local_today
from core.errors import RefusedError
from directory.actions import refresh_people
from directory.models import Employee, Employment, FactChange, JobFamily, OrgUnit
from notifications.sweeping import purge_old
from onboarding.imports.actions import apply_import, check_import, import_file, undo_import
from onboarding.imports.writing import write_leaders
from onboarding.models import ImportChange, ImportRun, Welcome
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row
from tests.onboarding.test_history import row_of


def bring_in(actor: Employee, *rows: dict[str, str], **facts: Any) -> ImportRun:
    run = check_import(actor=actor, file=hr_file(*rows), file_name="hr.csv", **{"is_delta": True, **facts})
    return apply_import(actor=actor, run=run, confirm_leavers=facts.get("confirm_leavers"))


def state_of_everyone() -> tuple[list[Any], list[Any], list[Any]]:
    people = Employee.objects.order_by("pk").values(
        "pk", "first_name", "last_name", "email", "private_mobile", "protected", "is_active", "left_date", "sort_key",
        "search_text", "primary_employment",
    )  # fmt: skip
    return (
        list(people),
        list(Employment.objects.order_by("pk").values()),
        list(OrgUnit.objects.order_by("pk").values("pk", "code", "leader")),
    )


@pytest.fixture
def people(hege: Employee, amina: Employee, kari: Employee, thanh: Employee) -> list[Employee]:
    return [hege, amina, kari, thanh]


def test_everything_is_as_before(hege: Employee, amina: Employee, kari: Employee, people: Any, city: City) -> None:
    future, today = local_today() + datetime.timedelta(days=20), local_today().isoformat()
    Employment.objects.create(
        employee=kari, unit=city.east, title="Rådgiver", position_key="rådgiver", start_date=future
    )
    refresh_people([person.pk for person in people])
    write_leaders(local_today())
    before = state_of_everyone()
    run = bring_in(
        hege,
        # Two who swap addresses, one of them moved; someone new in a new unit; hege and thanh are gone from the file.
        row_of(amina, epost=str(kari.email), etternavn="Berg", enhetskode="BAL-01-02", enhet="Alna øst"),
        row_of(kari, epost=str(amina.email), skjermet="J", mobil="900 00 009"),
        hr_row(ansattnr="900001", enhetskode="NY-1", enhet="Ny enhet", stilling="Fyrvokter", startdato=today),
        is_delta=False, creates_units=True,
    )  # fmt: skip
    assert run.state == "applied"
    assert run.summary["undoable"] == 5
    assert Welcome.objects.filter(employee__employee_number="900001").exists()
    assert not Employee.objects.get(pk=people[3].pk).is_active
    undo_import(actor=hege, run=run)
    assert (run.state, run.undone_by, run.summary["undone"]["left"]) == ("undone", hege, 0)
    assert run.summary["undone"]["erased"] == 1
    assert state_of_everyone() == before
    assert not JobFamily.objects.filter(name="Fyrvokter").exists()
    assert FactChange.objects.filter(employee=amina, fact="last_name", current="Hassan").exists()
    with pytest.raises(RefusedError):
        undo_import(actor=hege, run=run)


def test_changed_since_are_left_and_named(hege: Employee, amina: Employee, kari: Employee, people: Any) -> None:
    run = bring_in(
        hege,
        row_of(amina, etternavn="Berg"),
        row_of(kari, etternavn="Lund"),
        hr_row(ansattnr="900001"),
        hr_row(ansattnr="900002", fornavn="Eva"),
    )
    Employee.objects.filter(employee_number="900001").update(first_signed_in_at=timezone.now())
    bring_in(hege, row_of(amina, etternavn="Dahl"))
    undo_import(actor=hege, run=run)
    names = dict(Employee.objects.values_list("first_name", "last_name"))
    assert (names["Amina"], names["Kari"], names["Ola"], "Eva" in names) == ("Dahl", "Nordby", "Ness", False)
    kept = {amina.public_id, Employee.objects.get(employee_number="900001").public_id}
    assert set(run.summary["undone"]["people"]) == kept


def test_not_after_a_day(hege: Employee, amina: Employee) -> None:
    run = bring_in(hege, row_of(amina, etternavn="Berg"))
    ImportRun.objects.update(applied_at=timezone.now() - datetime.timedelta(hours=25))
    with pytest.raises(RefusedError):
        undo_import(actor=hege, run=run)
    purge_old()
    assert not ImportChange.objects.exists()


def test_on_screen_by_api_and_command(hege: Employee, amina: Employee, client_of: Any, capsys: Any) -> None:
    hr: Client = client_of(hege)
    first, second, third = (bring_in(hege, row_of(amina, etternavn=name)) for name in ("En", "To", "Tre"))
    page = hr.get(reverse("import_run", args=[third.public_id])).content.decode()
    assert "Angre" in page
    done = hr.post(reverse("import_undo", args=[third.public_id]), follow=True).content.decode()
    assert "Angret" in done
    answer = hr.post(f"/api/v1/imports/{second.public_id}/undo/")
    assert (answer.status_code, answer.json()["state"], answer.json()["summary"]["undone"]["restored"]) == (
        200, "undone", 1,
    )  # fmt: skip
    assert hr.post(f"/api/v1/imports/{second.public_id}/undo/").status_code == 409
    call_command("undo_import", first.public_id)
    assert "1 som før" in capsys.readouterr().out
    amina.refresh_from_db()
    assert amina.last_name == "Hassan"


def test_a_long_run_is_taken_back_by_a_worker(hege: Employee, amina: Employee, monkeypatch: Any) -> None:
    from onboarding.imports.applying import continue_run

    monkeypatch.setattr("onboarding.imports.actions.AT_ONCE", 0)
    run = import_file(actor=None, file=hr_file(row_of(amina, etternavn="Berg")), file_name="hr.csv", is_delta=True)
    undo_import(actor=hege, run=run)
    assert run.state == "undoing"
    assert continue_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.undone_by) == ("undone", hege)


def test_who_undoes_is_told_of_the_later_files_about_the_same_people(
    client_of: Any, hege: Employee, amina: Employee, kari: Employee
) -> None:
    first = bring_in(hege, row_of(amina, etternavn="Berg"))
    second = bring_in(hege, row_of(amina, etternavn="Vik"))
    other = bring_in(hege, row_of(kari, etternavn="Moe"))
    html = client_of(hege).get(reverse("import_run", args=[first.public_id])).content.decode()
    assert "Angre dem først" in html
    assert reverse("import_run", args=[second.public_id]) in html
    assert reverse("import_run", args=[other.public_id]) not in html


def test_once_undone_the_files_that_changed_those_left_are_named(
    client_of: Any, hege: Employee, amina: Employee
) -> None:
    first, second = bring_in(hege, row_of(amina, etternavn="Berg")), bring_in(hege, row_of(amina, etternavn="Vik"))
    undo_import(actor=hege, run=first)
    html = client_of(hege).get(reverse("import_run", args=[first.public_id])).content.decode()
    assert reverse("import_run", args=[second.public_id]) in html
