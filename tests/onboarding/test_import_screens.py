"""The screens of imports: upload, mend, add; and who may."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.clock import local_today
from directory.models import AuditEvent, Employee, Employment, OrgUnit
from onboarding.imports.actions import apply_import
from onboarding.imports.presenting import count_rows
from onboarding.models import ImportRun
from tests.conftest import City
from tests.onboarding.hr import HEADER, hr_file, hr_row


@pytest.fixture
def hr(client_of: Any, hege: Employee) -> Client:
    return client_of(hege)  # type: ignore[no-any-return]


def send(client: Client, file: io.BytesIO, **facts: str) -> Any:
    upload = SimpleUploadedFile("nyansatte-november.csv", file.getvalue(), "text/csv")
    return client.post(reverse("manage_imports"), {"file": upload, **facts}, follow=True)


MESSY = (
    hr_row(ansattnr="900001", fornavn="Sunniva", etternavn="Dahl", enhetskode="X1", enhet="Alna vst"),
    hr_row(ansattnr="900002", fornavn="Yasmin", etternavn="Aziz", startdato="31.11.2026"),
    hr_row(ansattnr="900003", fornavn="Ola", leder_ansattnr="5"),
    hr_row(ansattnr="900004", fornavn="Kim"),
)


def test_upload_check_mend_add(hr: Client, city: City) -> None:
    page = send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    assert run.is_delta
    html = page.content.decode()
    assert "Mente du «Alna vest»?" in html
    assert "«31.11.2026» finnes ikke. Mente du «30.11.2026»?" in html
    assert "Legg til 1 nå" in html
    assert not Employee.objects.filter(employee_number="900004").exists()

    row = reverse("import_row", args=[run.public_id, 1])
    assert "Rad 1 er klar" in hr.post(row, {"how": "suggestion"}, follow=True).content.decode()
    wrong = hr.post(reverse("import_row", args=[run.public_id, 2]), {"startdato": "32.12.2026"})
    assert wrong.status_code == 422
    assert 'value="32.12.2026"' in wrong.content.decode()
    hr.post(reverse("import_row", args=[run.public_id, 2]), {"startdato": local_today().isoformat()})
    hr.post(reverse("import_row", args=[run.public_id, 3]), {"how": "confirm"})
    page = hr.get(reverse("import_run", args=[run.public_id]))
    assert "Legg til 4 nå" in page.content.decode()

    done = hr.post(reverse("import_apply", args=[run.public_id]), follow=True)
    assert done.status_code == 200
    run.refresh_from_db()
    assert run.state == "applied"
    assert Employee.objects.filter(employee_number__startswith="90000").count() == 4
    assert Employee.objects.get(employee_number="900001").primary_employment.unit == city.west


def test_unconfirmed_warnings_wait(hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    hr.post(reverse("import_apply", args=[run.public_id]))
    assert list(Employee.objects.filter(employee_number__startswith="9").values_list("employee_number", flat=True)) == [
        "900004"
    ]


def test_confirm_all_warnings(hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    page = hr.post(reverse("import_confirm", args=[run.public_id]), follow=True)
    assert "Legg til 2 nå" in page.content.decode()


def test_errors_can_be_mended_in_a_file(hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    response = hr.get(reverse("import_errors", args=[run.public_id]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert lines[0] == f"{HEADER};årsak"
    assert len(lines) == 4
    assert "finnes ikke" in lines[2]
    mended = text.replace("31.11.2026", "30.11.2020").replace("X1", "BAL-01-01")
    send(hr, io.BytesIO(mended.encode()))
    assert ImportRun.objects.latest("pk").summary["records"] == {"accept": 2, "warn": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Fila er tom"),
        (b"%PDF-1.7 ...", "ser ut som en PDF"),
        (b"PK\x03\x04....", "Excel-fila kan ikke åpnes"),
        (b"<!DOCTYPE html><html>", "ser ut som en nettside"),
        ("ansattnr;fornavn\n1;Bjørn".encode("cp1252"), "UTF-8"),
        (b"ansattnr,fornavn\n1,Ola\n", "Vi finner ikke «;»"),
        (b"ansattnr;fornavn\n1;Ola\n", "Disse kolonnene mangler: enhetskode"),
        (b"00104882;Sunniva;Dahl\n00104883;Ola;Ness\n", "Første linje må være overskriftene"),
        (HEADER.encode() + b"\n", "men ingen rader"),
    ],
)
def test_unusable_files_are_refused_in_words(hr: Client, data: bytes, said: str) -> None:
    page = send(hr, io.BytesIO(data))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not ImportRun.objects.exists()


def test_many_leavers_need_the_number(hr: Client, city: City, make_employee: Any) -> None:
    for place in range(30):
        make_employee(f"Person Nummer{place}")
    page = send(hr, hr_file(hr_row(ansattnr="900001")), kind="full")
    run = ImportRun.objects.get()
    apply = reverse("import_apply", args=[run.public_id])
    page = hr.post(apply, follow=True)
    assert "31 vil slutte. Vi stoppet" in page.content.decode()
    fresh = send(hr, hr_file(hr_row(ansattnr="900001")), kind="full").content.decode()
    assert 'name="confirm_leavers"' in fresh
    assert "Legg til 1 nå, og la 31 slutte" in fresh
    other = reverse("import_apply", args=[ImportRun.objects.latest("pk").public_id])
    assert "Det er ikke riktig antall" in hr.post(other, {"confirm_leavers": "3"}).content.decode()
    assert hr.post(apply, {"confirm_leavers": "30"}).status_code == 422
    assert Employee.objects.active().count() == 31
    hr.post(apply, {"confirm_leavers": "31"})
    assert Employee.objects.active().count() == 1


def test_long_files_show_progress(hr: Client, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onboarding.imports.actions.AT_ONCE", 1)
    page = send(hr, hr_file(hr_row(ansattnr="900001"), hr_row(ansattnr="900002")))
    run = ImportRun.objects.get()
    assert run.state == "checking"
    assert "Vi kontrollerer nyansatte-november.csv" in page.content.decode()
    part = hr.get(reverse("import_run", args=[run.public_id]), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    from onboarding.imports.applying import continue_run

    assert continue_run(run.pk)
    part = hr.get(reverse("import_run", args=[run.public_id]), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    hr.post(reverse("import_apply", args=[run.public_id]))
    assert continue_run(run.pk)
    assert not continue_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created_by) == ("applied", Employee.objects.get(first_name="Hege"))


def test_large_uploads_come_by_way_of_a_file(hr: Client, city: City, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    send(hr, hr_file(*MESSY))
    assert ImportRun.objects.get().record_count == 4


def test_only_those_who_may(client_of: Any, amina: Employee, hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    other = client_of(amina)
    for name in ("import_run", "import_errors"):
        assert other.get(reverse(name, args=[run.public_id])).status_code == 403
    for name in ("import_apply", "import_confirm", "import_retry"):
        assert other.post(reverse(name, args=[run.public_id])).status_code == 403
    assert other.get(reverse("manage_imports")).status_code == 403
    assert hr.get(reverse("import_run", args=["x" * 12])).status_code == 404


def test_protected_persons_are_for_hr(client_of: Any, admin: Employee, hr: Client, city: City) -> None:
    row = hr_row(ansattnr="900001", fornavn="Hemmelig", skjermet="J", startdato="31.11.2026")
    send(hr, hr_file(row))
    run = ImportRun.objects.get()
    address = reverse("import_run", args=[run.public_id])
    assert "Hemmelig" in hr.get(address).content.decode()
    other = client_of(admin)
    assert "Hemmelig" not in other.get(address).content.decode()
    text = b"".join(other.get(reverse("import_errors", args=[run.public_id])).streaming_content)
    assert b"Hemmelig" not in text
    assert other.get(reverse("import_row", args=[run.public_id, 1])).status_code == 403


def test_rows_that_may_be_of_protected_persons_too(
    client_of: Any, admin: Employee, hr: Client, kari: Employee, city: City
) -> None:
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    odd = {"startdato": "31.11.2026", "epost": "hemmelig@oslo.example"}
    rows = [
        hr_row(ansattnr=str(kari.employee_number), skjermet="", **odd),
        hr_row(ansattnr="900001", skjermet="Ja.", **odd),
    ]
    send(hr, hr_file(*rows))
    run = ImportRun.objects.get()
    other = client_of(admin)
    address = reverse("import_run", args=[run.public_id])
    for page in (other.get(address), other.get(f"/api/v1/imports/{run.public_id}/findings/")):
        assert "hemmelig@" not in page.content.decode()
        assert "Ness" not in page.content.decode()
    errors = b"".join(other.get(reverse("import_errors", args=[run.public_id])).streaming_content)
    assert b"Ness" not in errors
    assert other.get(reverse("import_row", args=[run.public_id, 1])).status_code == 403


def test_last_days_to_come_count_as_leaving(hr: Client, city: City, make_employee: Any) -> None:
    people = [make_employee(f"Person Nummer{place}") for place in range(30)]
    today = local_today()
    rows = [
        hr_row(
            ansattnr=str(person.employee_number), fornavn="Person", etternavn=person.last_name,
            startdato=person.primary_employment.start_date.isoformat(), sluttdato=today.isoformat(),
        )
        for person in people
    ]  # fmt: skip
    # One of them goes on in another unit, and is no leaver.
    rows.append(rows[0] | {"enhetskode": "BAL-01-02", "enhet": "", "startdato": today.isoformat(), "sluttdato": ""})
    send(hr, hr_file(*rows))
    run = ImportRun.objects.get()
    apply_import(actor=None, run=run)
    assert (run.state, run.summary["plan"]["leaving"]) == ("stopped", 29)


def test_a_number_that_cannot_be_read_ends_nobody(hr: Client, hege: Employee, amina: Employee, city: City) -> None:
    send(hr, hr_file(hr_row(ansattnr="900001"), hr_row(ansattnr="1,05E+05", fornavn="Amina")), kind="full")
    run = ImportRun.objects.get()
    assert (run.summary["plan"]["leaving"], run.summary["nameless"]) == (0, 1)
    zeros = hr_row(ansattnr=f"00{amina.employee_number}", fornavn="Amina", etternavn="Hassan")
    hege.employments.update(source="scim")
    amina.employments.get().manager.employments.update(source="scim")  # type: ignore[union-attr]
    for row in (zeros, zeros | {"epost": str(amina.email)}):
        send(hr, hr_file(hr_row(ansattnr="900001"), row), kind="full")
        assert ImportRun.objects.latest("pk").summary["plan"]["leaving"] == 0


def test_identity_numbers_are_not_taken_by_hand(hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    page = hr.post(reverse("import_row", args=[run.public_id, 2]), {"startdato": "01010750160"})
    assert page.status_code == 422
    assert "01010750160" not in page.content.decode()
    assert "01010750160" not in str(run.records.get(record=2).values)


def test_the_sample_can_be_read(hr: Client, city: City) -> None:
    for name in ("import_sample", "import_sample_xlsx"):
        send(hr, io.BytesIO(b"".join(hr.get(reverse(name)))))
        run = ImportRun.objects.latest("pk")
        # Made-up people in units there are: every row could be taken as it stands.
        assert (run.record_count, run.summary["ready"], count_rows(run)["needs"]) == (3, 3, 0)
        assert set(run.records.values_list("values__enhetskode", flat=True)) <= set(
            OrgUnit.objects.values_list("code", flat=True)
        )


def test_pages_cost_the_same_for_many_rows(hr: Client, city: City, django_assert_max_num_queries: Any) -> None:
    send(hr, hr_file(*(hr_row(ansattnr=str(900000 + n), startdato="31.11.2026") for n in range(60))))
    run = ImportRun.objects.get()
    with django_assert_max_num_queries(14):
        page = hr.get(reverse("import_run", args=[run.public_id]))
    assert "Vis 25 rader til" in page.content.decode()


def test_what_is_known_already_is_told_as_unchanged(hr: Client, city: City) -> None:
    rows = [
        hr_row(ansattnr="900001", leder_ansattnr="900002", stilling="Nattevakt"),
        hr_row(ansattnr="900002", fornavn="Kim", mobil="+47 900 00 001", epost="kim@oslo.example"),
        hr_row(ansattnr="900003", fornavn="Eva", startdato="2099-01-01"),
        hr_row(ansattnr="900004", fornavn="Odd", sluttdato="2024-06-01"),
    ]
    send(hr, hr_file(*rows))
    hr.post(reverse("import_apply", args=[ImportRun.objects.get().public_id]))
    again = send(hr, hr_file(*rows)).content.decode()
    assert "Ingenting nytt i fila" in again
    assert "4 uendret" in again
    assert "klare" not in again
    assert "apply" not in again
    rows[1]["mobil"] = "900 00 002"
    more = send(hr, hr_file(*rows, hr_row(ansattnr="900005"), hr_row(ansattnr="900006", leder_ansattnr="5")))
    html = more.content.decode()
    run = ImportRun.objects.latest("pk")
    for said in ("2 klare", "3 uendret", "1 bør sjekkes", "Legg til 2 nå", "show=unchanged"):
        assert said in html, said
    assert "Ingenting nytt i fila" not in html
    assert [row.record for row in run.records.ready().order_by("record")] == [2, 5]
    assert [row.record for row in run.records.unchanged().order_by("record")] == [1, 3, 4]
    hr.post(reverse("import_apply", args=[run.public_id]))
    run.refresh_from_db()
    assert (run.summary["people"]["new"], run.summary["people"]["changed"]) == (1, 1)


def test_a_job_that_is_missing_is_news(hr: Client, hege: Employee, city: City) -> None:
    hege.employments.update(source="scim")
    both = [hr_row(), hr_row(enhetskode="BAL-01-02", enhet="Alna øst")]
    send(hr, hr_file(*both), kind="full")
    hr.post(reverse("import_apply", args=[ImportRun.objects.get().public_id]))
    html = send(hr, hr_file(both[0]), kind="full").content.decode()
    assert "1 stilling avsluttes" in html
    assert "Lagre dette nå" in html
    assert "Ingenting nytt" not in html


def test_a_row_that_does_not_fit_is_put_right_cell_by_cell(hr: Client, city: City) -> None:
    file = hr_file(
        hr_row(), hr_row(ansattnr="900002", etternavn="Ness;ekstra"), hr_row(fornavn="Ã˜yvind", startdato="x")
    )
    html = send(hr, file).content.decode()
    run = ImportRun.objects.get()
    assert "Rett opp raden" in html
    # All that is wrong is said at once.
    assert "Bokstavene ser feil ut" in html
    assert "«x» er ikke en dato" in html
    address = reverse("import_row", args=[run.public_id, 2])
    assert 'name="stillingsprosent"' in hr.get(address).content.decode()
    hr.post(address, hr_row(ansattnr="900002"))
    assert run.records.get(record=2).status == "accept"


def test_what_is_right_is_not_said_to_be_missing(hr: Client, city: City) -> None:
    html = send(hr, hr_file(hr_row(enhetskode="Alna vst"))).content.decode()
    assert "Fant ikke «Alna vst». Mente du «Alna vest»?" in html


def test_names_stand_as_they_are_in_the_file(hr: Client, city: City) -> None:
    html = send(hr, hr_file(hr_row(fornavn="<b>Ola</b>", etternavn="Lie_*Ness*"))).content.decode()
    assert ">&lt;b&gt;Ola&lt;/b&gt; Lie_*Ness*<" in html
    assert "Fornavn: «&lt;b&gt;Ola&lt;/b&gt;» ser ikke ut som et navn." in html
    assert "<b>Ola" not in html


def test_the_file_of_errors_is_safe_in_a_spreadsheet(hr: Client, city: City) -> None:
    risky = ("=1+1", "+1", "@SUM(A1)", " =1+1", "\u00a0=1+1", "\uff1d1+1", "-2+3")
    rows = [hr_row(ansattnr=str(900001 + n), stilling=text, startdato="x") for n, text in enumerate(risky)]
    send(hr, hr_file(*rows))
    run = ImportRun.objects.get()
    response = hr.get(reverse("import_errors", args=[run.public_id]))
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [line["stilling"] for line in lines] == [f"'{text}" for text in risky]
    send(hr, io.BytesIO(data.replace(b";x;", b";2024-01-15;")))
    again = ImportRun.objects.latest("pk")
    apply_import(actor=None, run=again)
    taken = Employment.objects.filter(employee__employee_number__startswith="90000")
    assert list(taken.order_by("employee__employee_number").values_list("title", flat=True)) == [
        "=1+1",
        "+1",
        "@SUM(A1)",
        "=1+1",
        "=1+1",
        "\uff1d1+1",
        "-2+3",
    ]


def test_a_file_that_was_never_added_is_thrown_away(hr: Client, city: City) -> None:
    send(hr, hr_file(*MESSY))
    run = ImportRun.objects.get()
    said = hr.post(reverse("import_discard", args=[run.public_id]), follow=True).content.decode()
    assert "Fila er kastet" in said
    assert not ImportRun.objects.exists()
    assert AuditEvent.objects.get(verb="onboarding.import_discarded").facts["checksum"] == run.checksum


def test_what_has_been_added_is_not_thrown_away(hr: Client, city: City) -> None:
    send(hr, hr_file(hr_row(ansattnr="900001")))
    run = ImportRun.objects.get()
    hr.post(reverse("import_apply", args=[run.public_id]))
    said = hr.post(reverse("import_discard", args=[run.public_id]), follow=True).content.decode()
    assert "kan ikke kastes" in said
    assert ImportRun.objects.exists()
