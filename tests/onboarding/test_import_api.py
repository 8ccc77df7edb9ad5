"""Imports by API: a file in, figures and findings out, applied; and what is refused."""

from __future__ import annotations

import datetime
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from directory.models import Employee
from notifications.sweeping import sweep_once
from onboarding.models import ImportFinding, ImportRun
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

ADDRESS = "/api/v1/imports/"


@pytest.fixture
def hr(client_of: Any, hege: Employee) -> Client:
    return client_of(hege)  # type: ignore[no-any-return]


def send(client: Client, file: io.BytesIO, **facts: Any) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile("natt.csv", file.getvalue()), **facts})


def test_file_in_findings_out_applied(hr: Client, city: City) -> None:
    answer = send(hr, hr_file(hr_row(), hr_row(ansattnr="900002", startdato="31.11.2026")), delta="true")
    run = answer.json()
    assert answer.status_code == 201
    assert run["state"] == "checked"
    assert run["counts"] == {"all": 2, "ready": 1, "unchanged": 0, "must": 1, "should": 0, "needs": 1}
    assert run["summary"]["plan"]["new"] == 1
    findings = hr.get(f"{ADDRESS}{run['id']}/findings/").json()["results"]
    assert [(f["record"], f["status"], f["code"]) for f in findings] == [(2, "reject", "date_impossible_suggestion")]
    assert findings[0]["message"] == "Startdato «31.11.2026» finnes ikke. Mente du «30.11.2026»?"
    done = hr.post(f"{ADDRESS}{run['id']}/apply/", {}, "application/json")
    assert (done.status_code, done.json()["state"]) == (200, "applied")
    assert done.json()["summary"]["people"]["new"] == 1
    assert Employee.objects.filter(employee_number="900001", is_active=True).exists()
    again = hr.post(f"{ADDRESS}{run['id']}/apply/", {}, "application/json")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert [item["id"] for item in hr.get(ADDRESS).json()["results"]] == [run["id"]]
    twice = send(hr, hr_file(hr_row()), delta="true").json()
    assert twice["counts"] == {"all": 1, "ready": 0, "unchanged": 1, "must": 0, "should": 0, "needs": 0}
    assert (twice["summary"]["ready"], twice["summary"]["unchanged"]) == (0, 1)


def test_headings_of_another_name_are_told_with_the_file(hr: Client, city: City) -> None:
    file = io.BytesIO("Ressursnr;Navn;Avdeling;Jobb;Lønn\n900001;Ola Ness;Alna vest;Kokk;1\n".encode())
    told = {"Ressursnr": "ansattnr", "Navn": "navn", "Avdeling": "enhet", "Jobb": "stilling"}
    asked = send(hr, file, delta="1", headings=json.dumps(told))
    assert (asked.status_code, asked.json()["type"]) == (400, "/problems/columns_unknown")
    assert send(hr, file, delta="1", headings=json.dumps({"Lønn": "gullbeholdning"})).status_code == 400
    answer = send(hr, file, delta="1", headings=json.dumps(told | {"Lønn": ""}), apply="true").json()
    assert answer["state"] == "applied"
    assert send(hr, file, delta="1", headings="{}").json()["counts"]["unchanged"] == 1


def test_what_each_row_would_change_and_who_leaves(
    hr: Client, client_of: Any, admin: Employee, amina: Employee, kari: Employee, city: City
) -> None:
    job = amina.employments.get()
    Employee.objects.filter(pk=amina.pk).update(private_mobile="900 00 001")
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    row = hr_row(
        ansattnr=str(amina.employee_number), fornavn="Amina", etternavn="Lie", mobil="900 00 002", stilling=job.title,
        startdato=job.start_date.isoformat(),
    )  # fmt: skip
    run = send(hr, hr_file(row, hr_row())).json()
    address = f"{ADDRESS}{run['id']}/"
    first, new = hr.get(f"{address}rows/").json()["results"]
    assert (first["outcome"], new["outcome"], new["changes"]) == ("changed", "new", [])
    told = {change["field"]: (change["former"], change["current"]) for change in first["changes"]}
    assert (told["etternavn"], told["mobil"]) == (("Hassan", "Lie"), ("900 00 001", "900 00 002"))
    seen = client_of(admin).get(f"{address}rows/").json()["results"]
    assert "900 00 001" not in str(seen)
    names = {person["name"] for person in hr.get(f"{address}leaving/").json()["results"]}
    assert "Kari Nordby" in names
    assert "Kari" not in str(client_of(admin).get(f"{address}leaving/").json())


def test_leavers_stop_here_too(hr: Client, city: City, make_employee: Any) -> None:
    for place in range(30):
        make_employee(f"Person Nummer{place}")
    run = send(hr, hr_file(hr_row())).json()
    assert run["delta"] is False
    address = f"{ADDRESS}{run['id']}/apply/"
    assert hr.post(address, {}, "application/json").json()["state"] == "stopped"
    assert hr.post(address, {"confirm_leavers": 3}, "application/json").json()["state"] == "stopped"
    assert hr.post(address, {"confirm_leavers": 31}, "application/json").json()["state"] == "applied"


def test_long_runs_are_accepted_and_swept(hr: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onboarding.imports.actions.AT_ONCE", 1)
    run = send(hr, hr_file(hr_row(), hr_row(ansattnr="900002")), delta="1").json()
    assert run["state"] == "checking"
    sweep_once()
    assert hr.get(f"{ADDRESS}{run['id']}/").json()["state"] == "checking"
    ImportRun.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=2))
    sweep_once()
    assert hr.get(f"{ADDRESS}{run['id']}/").json()["state"] == "checked"
    assert hr.post(f"{ADDRESS}{run['id']}/apply/", {}, "application/json").status_code == 202
    sweep_once()
    assert hr.get(f"{ADDRESS}{run['id']}/").json()["state"] == "applied"


def test_old_rows_are_forgotten(hr: Client, city: City) -> None:
    send(hr, hr_file(hr_row(), hr_row(startdato="31.11.2026")))
    assert ImportRun.objects.get().leavers.count() == 1
    ImportRun.objects.update(created_at=timezone.now() - datetime.timedelta(days=15))
    sweep_once()
    assert not ImportFinding.objects.exists()
    run = ImportRun.objects.get()
    assert (run.summary["records"], run.leavers.count()) == ({"accept": 1, "reject": 1}, 0)


def test_refusals(hr: Client, client_of: Any, amina: Employee, city: City) -> None:
    for data, code in ((b"%PDF-1.4", "looks_like_pdf"), (b"", "empty_file")):
        answer = send(hr, io.BytesIO(data))
        assert (answer.status_code, answer.json()["type"]) == (400, f"/problems/{code}")
        assert answer.json()["errors"]["file"]
    assert hr.post(ADDRESS, {}).status_code == 400
    assert send(hr, hr_file(hr_row()), scope="NOPE").status_code == 400
    assert hr.get(f"{ADDRESS}{'x' * 12}/").status_code == 404
    other = client_of(amina)
    assert send(other, hr_file(hr_row())).status_code == 403
    assert other.get(ADDRESS).status_code == 403
    assert Client().get(ADDRESS).status_code in (401, 403)


def test_protected_rows_are_for_hr(hr: Client, client_of: Any, admin: Employee, city: City) -> None:
    run = send(hr, hr_file(hr_row(skjermet="J", epost="hemmelig(at)x"))).json()
    address = f"{ADDRESS}{run['id']}/findings/"
    assert hr.get(address).json()["results"]
    assert client_of(admin).get(address).json()["results"] == []
