"""A form for one: judged and written as a file, shown before it is stored, and HR's file takes over."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.models import Employee, FactChange
from onboarding.imports.actions import apply_import, check_import, undo_import
from onboarding.models import ImportRun
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

NEW = {
    "ansattnr": "900001", "fornavn": "Sunniva", "etternavn": "Dahl", "unit": "alna vest",
    "stilling": "Helsefagarbeider", "startdato": "2024-01-15", "stillingsprosent": "80", "leader": "",
}  # fmt: skip


@pytest.fixture
def hr(client_of: Any, hege: Employee) -> Client:
    return client_of(hege)  # type: ignore[no-any-return]


def fill_in(hr: Client, address: str, **facts: str) -> Any:
    return hr.post(address, facts, follow=True)


def test_somebody_new_is_shown_then_stored_then_the_files(
    hr: Client, hege: Employee, kari: Employee, city: City
) -> None:
    city.west.leader = kari
    city.west.save()
    address = reverse("person_new")
    wrong = fill_in(hr, address, **NEW | {"unit": "alna", "epost": "x", "startdato": ""})
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "BAL-01-02" in html
    assert 'value="Sunniva"' in html
    # One of those found is chosen with a button, and everything else stays as it was typed.
    chosen = hr.post(address, NEW | {"unit": "alna", "choose_unit": "BAL-01-01"})
    assert (chosen.status_code, 'value="BAL-01-01"' in chosen.content.decode()) == (200, True)
    assert not ImportRun.objects.exists()
    refused = fill_in(hr, address, **NEW | {"epost": "kari.nordby@oslo.example"}).content.decode()
    assert "En annen ansatt har denne e-postadressen" in refused
    assert not ImportRun.objects.exists()
    page = fill_in(hr, address, **NEW)
    run = ImportRun.objects.get()
    assert "Ingenting er lagret ennå" in page.content.decode()
    assert not Employee.objects.filter(employee_number="900001").exists()
    done = hr.post(reverse("person_check", args=[run.public_id]), follow=True)
    assert "Angre" in done.content.decode()
    job = Employee.objects.get(employee_number="900001").employments.get()
    assert (job.unit, job.manager, job.percentage, job.source) == (city.west, kari, 80, "form")
    # A file of everyone that does not know her yet ends nothing; one that does takes her over.
    for rows, source in (((), "form"), ((hr_row(fornavn="Sunniva", etternavn="Dahl"),), "file")):
        known = [hr_row(ansattnr=str(kari.employee_number), fornavn="Kari", etternavn="Nordby", enhetskode="BAL-01-01")]
        full = check_import(actor=None, file=hr_file(*known, *rows), file_name="x", is_delta=False)
        apply_import(actor=None, run=full, confirm_leavers=full.summary["plan"]["leaving"])
        job.refresh_from_db()
        assert (job.end_date, job.source) == (None, source)


def test_changed_moved_and_ended(hr: Client, amina: Employee, kari: Employee, hege: Employee, city: City) -> None:
    address = reverse("person_change", args=[amina.public_id])
    form = hr.get(address).context["form"]
    stands = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    stands.pop("skjermet")
    assert (stands["unit"], stands["leader"]) == ("Alna vest", "Kari Nordby")
    same = fill_in(hr, address, **stands).content.decode()
    assert "Ingenting ville endret seg" in same
    assert "gjelder fra" in fill_in(hr, address, **stands | {"unit": "Alna øst"}).content.decode()
    today = local_today()
    page = fill_in(hr, address, **stands | {"unit": "BAL-01-02", "startdato": today.isoformat(), "mobil": "900 00 001"})
    assert "Stillingen avsluttes, og en ny begynner" in page.content.decode()
    hr.post(reverse("person_check", args=[ImportRun.objects.latest("pk").public_id]))
    old, new = amina.employments.order_by("pk")
    assert (old.end_date, new.unit, new.start_date) == (today - datetime.timedelta(days=1), city.east, today)
    change = FactChange.objects.get(employee=amina, fact="private_mobile")
    assert (change.source, change.actor, change.current) == ("hand", hege, "900 00 001")
    form = hr.get(address).context["form"]
    stands = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    stands.pop("skjermet")
    fill_in(hr, address, **stands | {"sluttdato": "2099-12-31"})
    hr.post(reverse("person_check", args=[ImportRun.objects.latest("pk").public_id]))
    new.refresh_from_db()
    assert new.end_date == datetime.date(2099, 12, 31)


def test_what_is_emptied_is_taken_away_and_what_cannot_be_read_is_not(
    hr: Client, amina: Employee, kari: Employee, city: City
) -> None:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="900 00 001", work_phone="23 47 11 00")
    address = reverse("person_change", args=[amina.public_id])
    form = hr.get(address).context["form"]
    stands = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    stands.pop("skjermet")
    assert fill_in(hr, address, **stands | {"jobbtelefon": "ring meg"}).status_code == 422
    page = fill_in(hr, address, **stands | {"epost": "", "mobil": "", "jobbtelefon": ""})
    assert page.content.decode().count(">tomt<") == 3
    run = ImportRun.objects.latest("pk")
    hr.post(reverse("person_check", args=[run.public_id]))
    amina.refresh_from_db()
    assert (amina.email, amina.private_mobile, amina.work_phone) == (None, "", "")
    assert set(FactChange.objects.filter(employee=amina).values_list("fact", flat=True)) == {
        "email", "private_mobile", "work_phone",
    }  # fmt: skip
    undo_import(actor=None, run=run)
    amina.refresh_from_db()
    assert (amina.private_mobile, amina.work_phone) == ("900 00 001", "23 47 11 00")


def test_for_hr_alone(client_of: Any, amina: Employee, kari: Employee, hr: Client, admin: Employee) -> None:
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    assert client_of(amina).get(reverse("person_new")).status_code == 403
    assert client_of(admin).get(reverse("person_change", args=[kari.public_id])).status_code == 404
    assert hr.get(reverse("person_change", args=[kari.public_id])).status_code == 200
    assert hr.get(reverse("person_change", args=[kari.public_id]) + "?job=7").status_code == 404
    assert hr.get(reverse("person_change", args=[kari.public_id]) + "?job=00009").status_code == 404
    assert hr.post(reverse("person_new"), NEW | {"unit_code": "\x00"}).status_code in (400, 422)
    answer = hr.post(reverse("person_new"), NEW | {"mobil": "01010750160"})
    assert answer.status_code == 422
    assert "01010750160" not in answer.content.decode()


def test_a_number_tells_nothing_of_whose_it_is(
    client_of: Any, admin: Employee, kari: Employee, amina: Employee, city: City
) -> None:
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    answers = []
    for person in (kari, amina):
        answer = client_of(admin).post(reverse("person_new"), NEW | {"ansattnr": str(person.employee_number)})
        answers.append(answer.context["form"].errors["ansattnr"])
        assert answer.status_code == 422
        assert str(person.email) not in answer.content.decode()
    assert answers[0] == answers[1]
    Employee.objects.filter(pk=kari.pk).update(is_active=False)
    answer = client_of(admin).post(reverse("person_new"), NEW | {"ansattnr": str(kari.employee_number)})
    assert (answer.status_code, ImportRun.objects.count()) == (422, 0)
