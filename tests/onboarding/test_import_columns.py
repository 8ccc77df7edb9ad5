"""Headings that are not ours: asked about once, remembered for the source, and nothing kept of what is left out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Employee, Employment
from onboarding.models import ImportRecord, ImportRun, KnownHeading
from tests.conftest import City
from tests.onboarding.hr import HEADER, hr_file, hr_row
from tests.onboarding.test_import_screens import send

THEIRS = (
    HEADER.replace("ansattnr;", "Ressursnr;", 1)
    .replace("epost", "E-post")
    .replace("startdato", "Begynte")
    .replace(";skjermet", ";Fødselsnr")
)


@pytest.fixture
def hr(client_of: Any, hege: Employee) -> Client:
    return client_of(hege)  # type: ignore[no-any-return]


def theirs(*rows: dict[str, str]) -> Any:
    file = hr_file(*rows)
    file.seek(0)
    data = file.read().decode().replace(HEADER, THEIRS)
    file.seek(0)
    file.truncate()
    file.write(data.encode())
    file.seek(0)
    return file


def test_asked_once_and_remembered_for_the_source(hr: Client, city: City) -> None:
    row = hr_row(epost="ola.ness@oslo.example", skjermet="01010750160")
    page = send(hr, theirs(row, hr_row(ansattnr="900002")), source="Visma")
    run = ImportRun.objects.get()
    html = page.content.decode()
    assert (run.state, run.source) == ("mapping", "visma")
    assert "Hvilken kolonne er hva?" in html
    assert "«Fødselsnr»" in html
    assert "ola.ness@oslo.example" in html
    assert "01010750160" not in html
    assert '<option value="epost" selected>' in html
    keys = {heading: key for key, heading in run.summary["headings"].items()}
    address = reverse("import_columns", args=[run.public_id])
    told = {keys["Ressursnr"]: "ansattnr", keys["E-post"]: "epost", keys["Begynte"]: "epost", keys["Fødselsnr"]: ""}
    wrong = hr.post(address, told)
    assert wrong.status_code == 422
    assert "En annen overskrift er denne kolonnen allerede" in wrong.content.decode()
    assert "Ansattnummer" in hr.post(address, told | {keys["Ressursnr"]: "", keys["Begynte"]: ""}).content.decode()
    hr.post(address, told | {keys["Begynte"]: "startdato"})
    run.refresh_from_db()
    assert (run.state, run.summary["records"]) == ("checked", {"accept": 2})
    assert "01010750160" not in str(list(ImportRecord.objects.values_list("values")))
    first = run.records.get(record=1).values
    assert (first["epost"], first["startdato"]) == ("ola.ness@oslo.example", "2024-01-15")
    assert set(KnownHeading.objects.values_list("heading", "column")) == {
        ("ressursnr", "ansattnr"), ("e-post", "epost"), ("begynte", "startdato"), ("fødselsnr", ""),
    }  # fmt: skip
    hr.post(reverse("import_apply", args=[run.public_id]))
    assert set(Employee.objects.filter(employee_number__startswith="90").values_list("employments__source")) == {
        ("visma",)
    }
    send(hr, theirs(row), source="visma")
    again = ImportRun.objects.latest("pk")
    assert (again.state, again.summary["unchanged"]) == ("checked", 1)
    assert set(again.records.get().values) & {"skjermet", "?15"} == set()
    send(hr, theirs(row))
    assert ImportRun.objects.latest("pk").state == "mapping"


def test_a_sections_own_list_is_enough(
    hr: Client, client_of: Any, admin: Employee, amina: Employee, kari: Employee, city: City
) -> None:
    """Number, whole name and unit: the rest stays as it stands, and what nobody knows is asked about."""
    job = amina.employments.get()
    Employment.objects.filter(pk=job.pk).update(percentage=60, kind="Fast", end_date="2099-01-01")
    rows = [
        "Ansattnr.;Navn;Avd",
        f"{amina.employee_number};Hassan-Lie, Amina;Alna vest",
        "900009;Per Olav Ny;Alna vst",
        "900008;Eva;Alna vest",
    ]
    html = send(hr, io.BytesIO("\n".join([*rows, ""]).encode())).content.decode()
    run = ImportRun.objects.get()
    for chosen in ("ansattnr", "navn", "enhet"):
        assert f'<option value="{chosen}" selected>' in html
    assert "Ansattnummer (må være med)" in html
    assert "Fornavn (ett av disse må være med)" in html
    assert "Enhet (ett av disse må være med)" in html
    keys = {heading: key for key, heading in run.summary["headings"].items()}
    said = {keys["Ansattnr."]: "ansattnr", keys["Navn"]: "navn", keys["Avd"]: "enhet"}
    address = reverse("import_columns", args=[run.public_id])
    assert "mangler: Unit" not in hr.post(address, said | {keys["Avd"]: ""}).content.decode()
    html = hr.post(address, said, follow=True).content.decode()
    run.refresh_from_db()
    assert [row.status for row in run.records.order_by("record")] == ["accept", "reject", "reject"]
    assert run.records.get(record=1).changes == [["etternavn", "Hassan", "Hassan-Lie"]]
    assert "Mente du «Alna vest»?" in html
    assert "Stilling mangler" in html
    assert "Vi regner med i dag" in html
    hr.post(reverse("import_row", args=[run.public_id, 3]), {"stilling": "Renholder", "startdato": "2024-01-15"})
    assert not run.records.get(record=3).needs_a_look
    hr.post(reverse("import_apply", args=[run.public_id]))
    job.refresh_from_db()
    amina.refresh_from_db()
    assert (amina.last_name, int(job.percentage), job.kind, str(job.end_date)) == (
        "Hassan-Lie",
        60,
        "Fast",
        "2099-01-01",
    )
    assert Employee.objects.get(employee_number="900008").primary_employment.title == "Renholder"
    # The second time nobody is asked, and of somebody hidden nothing is taken from what stands.
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    other = client_of(admin)
    hidden = f"Ansattnr.;Navn;Avd\n{kari.employee_number};Kari Nordby;Hjemmetjenesten\n"
    send(other, io.BytesIO(hidden.encode()))
    secret = ImportRun.objects.latest("pk")
    assert (secret.state, secret.records.get().status) == ("checked", "reject")


def test_our_own_headings_in_any_order_and_none_that_takes_anything_away(hr: Client, city: City) -> None:
    names = [name for name in reversed(HEADER.split(";")) if name not in ("mobil", "enhet")]
    row, wrong = hr_row(), hr_row(ansattnr="900002", startdato="x")
    lines = [names, *([one[name] for name in names] for one in (row, wrong))]
    data = "".join(f"{';'.join(line)}\n" for line in lines).encode()
    file = hr_file(row)
    file.seek(0)
    file.truncate()
    file.write(data)
    send(hr, file)
    run = ImportRun.objects.get()
    assert run.summary["records"] == {"accept": 1, "reject": 1}
    # What is sent back stands in the order that the command asks for.
    errors = b"".join(hr.get(reverse("import_errors", args=[run.public_id]))).decode("utf-8-sig").splitlines()[0]
    assert errors.split(";") == [name for name in HEADER.split(";") if name in names] + ["årsak"]


def test_names_we_use_ourselves_are_no_source(hr: Client, city: City) -> None:
    for name in ("scim", "Form", "a b", "01010750160", "nr-010107-50160"):
        assert send(hr, hr_file(hr_row()), source=name).status_code == 422


def test_a_column_set_aside_is_so_the_next_time_too(hr: Client, city: City) -> None:
    def sent() -> ImportRun:
        lines = ["Ansattnr.;Navn;Avd;Merknad", "900008;Eva Li;Alna vest;01010750160", ""]
        send(hr, io.BytesIO("\n".join(lines).encode()))
        return ImportRun.objects.latest("pk")

    run = sent()
    keys = {heading: key for key, heading in run.summary["headings"].items()}
    said = {keys["Ansattnr."]: "ansattnr", keys["Navn"]: "navn", keys["Avd"]: "enhet", keys["Merknad"]: ""}
    hr.post(reverse("import_columns", args=[run.public_id]), said)
    for judged in (run, sent()):
        assert "identity_number" not in set(judged.findings.values_list("code", flat=True))
        assert judged.findings.exists()
