"""Protected people while others are brought in: known to HR and the own leader, and to nobody who tries numbers."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.models import Employee, Employment
from onboarding.imports.actions import apply_import, check_import, check_rows
from onboarding.models import ImportRun
from onboarding.one_person.rows import COLUMNS
from tests.conftest import City, MakeEmployee
from tests.onboarding.hr import hr_file, hr_row

NEW = {
    "ansattnr": "900001", "fornavn": "Ola", "etternavn": "Ness", "unit": "Alna vest", "stilling": "Helsefagarbeider",
    "startdato": "2024-01-15", "stillingsprosent": "80", "leader": "",
}  # fmt: skip
ODD = {"startdato": "31.11.2026", "fornavn": "Hemmelige"}


@pytest.fixture
def nora(make_employee: MakeEmployee, kari: Employee) -> Employee:
    """Somebody protected, whom Kari leads."""
    nora = make_employee("Nora Fjeld", manager=kari, private_mobile="400 54 262")
    Employee.objects.filter(pk=nora.pk).update(protected=True, employee_number="00200034")
    nora.refresh_from_db()
    return nora


@pytest.fixture
def desk(client_of: Any, admin: Employee) -> Client:
    """An administrator without HR's role."""
    return client_of(admin)  # type: ignore[no-any-return]


def check(actor: Employee, *rows: dict[str, str]) -> ImportRun:
    return check_import(actor=actor, file=hr_file(*rows), file_name="x.csv", is_delta=True)


def shown(client: Client, run: ImportRun) -> set[str]:
    """What of the rows `client` is shown, by page, file and API."""
    pages = [client.get(reverse("import_run", args=[run.public_id]) + "?show=all").content.decode()]
    answer: Any = client.get(reverse("import_errors", args=[run.public_id]))
    pages.append(b"".join(answer.streaming_content).decode())
    pages.append(client.get(f"/api/v1/imports/{run.public_id}/findings/").content.decode())
    names = ("Hemmelige", "Aapne", "Ukjente")
    return {f"{place}:{name}" for place, page in enumerate(pages) for name in names if name in page}


def test_rows_go_by_whose_the_number_is(
    desk: Client, client_of: Any, hege: Employee, nora: Employee, amina: Employee, city: City
) -> None:
    hidden = [
        *(hr_row(**ODD | {"ansattnr": number, "skjermet": "N"}) for number in ("00200034", "200034", " 0200034 ")),
        *(hr_row(**ODD | {"ansattnr": "00200034", "skjermet": cell}) for cell in ("", "Ja.", "J")),
        hr_row(**ODD | {"ansattnr": "2,00034E+05", "epost": str(nora.email).upper()}),
        # Nobody knows them, and HR has not said no.
        *(hr_row(**ODD | {"ansattnr": "900001", "skjermet": cell}) for cell in ("", "Ja.", "J", "?")),
        # About to be protected.
        hr_row(**ODD | {"ansattnr": str(amina.employee_number), "skjermet": "J"}),
    ]
    plain = [
        hr_row(**ODD | {"fornavn": "Aapne", "ansattnr": str(amina.employee_number), "skjermet": ""}),
        hr_row(**ODD | {"fornavn": "Ukjente", "ansattnr": "900009", "skjermet": " Nei "}),
    ]
    run = check(hege, *hidden, *plain)
    told = shown(desk, run)
    assert not {one for one in told if one.endswith("Hemmelige")}
    assert {"0:Aapne", "1:Aapne", "0:Ukjente", "1:Ukjente"} <= told
    for record in range(1, len(hidden) + 1):
        assert desk.get(reverse("import_row", args=[run.public_id, record])).status_code == 403
    assert desk.get(reverse("import_row", args=[run.public_id, len(hidden) + 1])).status_code == 200
    seen = desk.get(f"/api/v1/imports/{run.public_id}/findings/?page_size=100").json()["results"]
    assert min(finding["record"] for finding in seen) == len(hidden) + 1
    assert "0:Hemmelige" in shown(client_of(hege), run)


def test_own_files_do_not_tell_numbers_apart(desk: Client, admin: Employee, nora: Employee, city: City) -> None:
    for cell in ("N", ""):
        told = []
        for number in ("00200034", "00900001"):
            run = check(admin, hr_row(**ODD | {"ansattnr": number, "skjermet": cell}))
            told.append((shown(desk, run), desk.get(reverse("import_row", args=[run.public_id, 1])).status_code))
        assert told[0] == told[1]


def test_nobody_but_hr_takes_a_protection_off(admin: Employee, hege: Employee, nora: Employee, city: City) -> None:
    row = hr_row(ansattnr="00200034", fornavn="Xx", etternavn="Yy", epost="xx@oslo.example", mobil="90000001")
    row |= {"leder_ansattnr": str(admin.employee_number), "skjermet": "N"}
    for typed_by, applied_by in ((admin, admin), (hege, admin)):
        apply_import(actor=applied_by, run=check(typed_by, row))
        now = Employee.objects.get(pk=nora.pk)
        assert (now.protected, now.full_name, now.email) == (True, "Nora Fjeld", nora.email)
        assert now.private_mobile == "400 54 262"
        assert not Employee.objects.visible_to(admin).filter(pk=nora.pk).exists()
    apply_import(actor=hege, run=check(admin, row))
    now = Employee.objects.get(pk=nora.pk)
    assert (now.protected, now.full_name) == (False, "Xx Yy")


def test_the_form_for_one_stores_nothing_about_them(
    desk: Client, admin: Employee, amina: Employee, nora: Employee, city: City
) -> None:
    for number in ("00200034", "200034", "0 0200034"):
        answer = desk.post(reverse("person_new"), NEW | {"ansattnr": number})
        assert answer.status_code == 422
        assert "Fjeld" not in answer.content.decode()
    # A form that was filled in before the person was protected.
    row = hr_row(ansattnr=str(amina.employee_number), fornavn="Xx") | dict.fromkeys(COLUMNS[16:], "")
    run = check_rows(actor=admin, rows=[row], columns=COLUMNS)
    Employee.objects.filter(pk=amina.pk).update(protected=True)
    address = reverse("person_check", args=[run.public_id])
    assert (desk.get(address).status_code, desk.post(address).status_code) == (404, 404)
    desk.post(f"/api/v1/imports/{run.public_id}/apply/", {}, content_type="application/json")
    amina.refresh_from_db()
    assert (amina.protected, amina.first_name) == (True, "Amina")


def test_leaders_of_the_form_are_those_one_may_find(
    desk: Client, client_of: Any, hege: Employee, nora: Employee, amina: Employee, city: City
) -> None:
    answers = []
    for number in ("00200034", "00900077"):
        answer = desk.post(reverse("person_new"), NEW | {"leader": number})
        answers.append((answer.status_code, str(answer.context["form"].errors).replace(number, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert client_of(hege).post(reverse("person_new"), NEW | {"leader": "00200034"}).status_code == 302
    # The leader there is may stay without being known.
    Employment.objects.filter(employee=amina).update(manager=nora)
    address = reverse("person_change", args=[amina.public_id])
    page = desk.get(address)
    assert "200034" not in page.content.decode()
    form = page.context["form"]
    stands = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    stands.pop("skjermet")
    check_page = desk.post(address, stands | {"stillingsprosent": "40"}, follow=True)
    assert check_page.status_code == 200
    assert "200034" not in check_page.content.decode()
    desk.post(check_page.redirect_chain[-1][0])
    job = Employment.objects.get(employee=amina)
    assert (int(job.percentage), job.manager_id) == (40, nora.pk)


def test_a_private_number_is_for_hr_in_the_form(
    desk: Client, client_of: Any, hege: Employee, amina: Employee, city: City
) -> None:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="400 54 262")
    address = reverse("person_change", args=[amina.public_id])
    assert "400 54 262" in client_of(hege).get(address).content.decode()
    page = desk.get(address)
    assert "400 54 262" not in page.content.decode()
    form = page.context["form"]
    stands = {name: str(form.get_initial_for_field(field, name) or "") for name, field in form.fields.items()}
    stands.pop("skjermet")
    check_page = desk.post(address, stands | {"stillingsprosent": "40", "mobil": "900 00 001"}, follow=True)
    assert "40" in check_page.content.decode()
    assert "400 54 262" not in check_page.content.decode()
    desk.post(check_page.redirect_chain[-1][0])
    assert int(Employment.objects.get(employee=amina).percentage) == 40
    amina.refresh_from_db()
    assert amina.private_mobile == "400 54 262"


def test_odd_places_and_codes_of_the_form(desk: Client, amina: Employee, city: City) -> None:
    address = reverse("person_change", args=[amina.public_id])
    for place in ("00009", "9", "00000000009", "-1", "x"):
        assert desk.get(f"{address}?job={place}").status_code == 404
    for name in ("unit_code", "leader_number"):
        for value in ("\0", "x" * 90):
            answer = desk.post(reverse("person_new"), NEW | {"leader": "Kari", name: value})
            assert answer.status_code == 422


def test_invitations_name_nobody_to_administrators(
    desk: Client, client_of: Any, hege: Employee, nora: Employee, city: City
) -> None:
    begins = local_today() + datetime.timedelta(days=3)
    Employment.objects.filter(employee=nora).update(start_date=begins)
    Employee.objects.filter(pk=nora.pk).update(is_active=False, primary_employment=None)
    address = reverse("manage_invitations") + "?who=coming&hour=07:30"
    assert "Nora Fjeld" in client_of(hege).get(address).content.decode()
    assert desk.get(address).status_code == 403
    client_of(hege).post(reverse("manage_invitations"), {"who": "coming", "hour": "07:30", "count": "1"})
    run = nora.invitations_in.get().run
    assert desk.get(reverse("invitation_run", args=[run.public_id])).status_code == 403
    assert desk.post(reverse("stop_invitations", args=[run.public_id])).status_code == 403
