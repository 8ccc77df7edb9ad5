"""One messy file with every kind of row, and what becomes of each."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.clock import local_today
from directory.models import Employee
from onboarding.imports.actions import check_import
from onboarding.models import ImportRecord, ImportRun
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row

IDENTITY_NUMBER = "01010750160"


@pytest.fixture
def former(amina: Employee) -> Employee:
    """Someone who left in 2024."""
    job = amina.employments.get()
    job.start_date, job.end_date = datetime.date(2020, 1, 1), datetime.date(2024, 3, 31)
    job.save()
    Employee.objects.filter(pk=amina.pk).update(is_active=False, left_date=job.end_date)
    return amina


def rows_and_verdicts(kari: Employee, former: Employee) -> list[tuple[dict[str, str], str, str]]:
    """(row, status of the record, code of its gravest finding) for a file of everything."""
    row = hr_row
    return [
        (row(ansattnr="00123", leder_ansattnr=kari.employee_number, epost="ola@oslo.example"), "accept", ""),
        (row(ansattnr="00124", fornavn="  Åse "), "normalise", "tidied"),
        (row(ansattnr="'00125"), "normalise", "tidied"),
        (row(ansattnr="00126", mobil="+47 900-00-001"), "normalise", "tidied"),
        (row(ansattnr="00127", stillingsprosent=""), "normalise", "percentage_assumed"),
        (row(ansattnr="00128", stillingsprosent="62,5"), "accept", ""),
        (row(ansattnr="00128", stillingsprosent="37.5", enhetskode="BAL-01-02"), "accept", ""),
        (row(ansattnr="00128", stillingsprosent="62,5"), "ignore", "repeated_row"),
        (row(ansattnr="00128", stillingsprosent="10"), "warn", "conflicting_job"),
        (row(ansattnr="00128", etternavn="Nes", enhetskode="BAL-01", enhet=""), "warn", "conflicting_person"),
        (row(ansattnr="00129", leder_ansattnr="777"), "warn", "manager_unknown"),
        (row(ansattnr="00130", leder_ansattnr="00130"), "warn", "manager_self"),
        (row(ansattnr="00131", leder_ansattnr="00132"), "accept", ""),
        (row(ansattnr="00132", leder_ansattnr="00131"), "warn", "manager_circle"),
        (row(ansattnr="00133", mobil="ring meg"), "warn", "phone_unreadable"),
        (row(ansattnr="00134", fornavn="BjÃ¸rn"), "warn", "mojibake"),
        (row(ansattnr="00135", fornavn="+Ola"), "warn", "odd_name"),
        (row(ansattnr="00136", enhet="Skuterudveien barnehage"), "warn", "unit_name_differs"),
        (row(ansattnr=former.employee_number, fornavn="Amina", etternavn="Hassan"), "warn", "returns"),
        (
            row(ansattnr="00174", fornavn="KARI", etternavn="Nordby"),
            "warn",
            "likely_double_suggestion",
        ),
        (row(ansattnr="00137", startdato="2099-12-31"), "pending", "starts_later"),
        (row(ansattnr="00138", sluttdato="31.12.2024"), "leaver", "has_ended"),
        (row(ansattnr="00139", skjermet="J"), "hidden", "protected"),
        (row(ansattnr="", fornavn="Uten"), "reject", "missing"),
        (row(ansattnr="12A"), "reject", "number_not_digits"),
        (row(ansattnr="1,05E+05"), "reject", "number_in_exponent"),
        (row(ansattnr="00140", fornavn=""), "reject", "missing"),
        (row(ansattnr="00141", etternavn="", epost=""), "accept", ""),
        (row(ansattnr="00142", fornavn='=HYPERLINK("http://x")'), "reject", "not_a_name"),
        (row(ansattnr="00143", etternavn="<b>Ness</b>"), "reject", "not_a_name"),
        (row(ansattnr="00144", fornavn="Ola\x07"), "reject", "control_characters"),
        (row(ansattnr="00145", fornavn="\u202eOla"), "reject", "control_characters"),
        (row(ansattnr="00146", fornavn="Bj\ufffdrn"), "reject", "broken_characters"),
        (row(ansattnr="00147", epost="ola(at)oslo"), "reject", "email_invalid"),
        (row(ansattnr="00170", epost="kar\u0131.nordby@oslo.example"), "reject", "email_invalid"),
        (row(ansattnr="00148", epost="ola,ness@oslo.example"), "reject", "email_invalid_suggestion"),
        (row(ansattnr="00149", epost="OLA@oslo.example"), "reject", "email_twice"),
        (row(ansattnr="00150", epost=(kari.email or "").upper()), "reject", "email_taken"),
        (row(ansattnr="00151", enhetskode="9999", enhet="Alna vst"), "reject", "unknown_unit_suggestion"),
        (row(ansattnr="00152", enhetskode="9999", enhet="Fyrtårnet"), "reject", "unknown_unit"),
        (row(ansattnr="00153", virksomhetskode="ZZZ", virksomhet="Ukjent"), "reject", "unknown_agency"),
        (row(ansattnr="00154", virksomhetskode="VAV"), "reject", "unit_in_other_agency"),
        (row(ansattnr="00155", startdato="31.11.2026"), "reject", "date_impossible_suggestion"),
        (row(ansattnr="00171", startdato="32.11.2026"), "reject", "date_impossible"),
        (row(ansattnr="00173", fornavn="Ã˜ystein", startdato="31.11.2026"), "reject", "mojibake"),
        (row(ansattnr="00156", startdato="11/30/26"), "reject", "date_unreadable_suggestion"),
        (row(ansattnr="00157", startdato="0026-01-01"), "reject", "date_unlikely"),
        (row(ansattnr="00158", startdato="2024-05-01", sluttdato="2024-04-01"), "reject", "end_before_start"),
        (row(ansattnr="00159", stillingsprosent="101"), "reject", "percentage_unreadable"),
        (row(ansattnr="00160", skjermet="kanskje"), "reject", "protection_unreadable"),
        (row(ansattnr="00161", etternavn=f"Ness {IDENTITY_NUMBER}"), "reject", "identity_number"),
        (row(ansattnr="00162", stilling="010107\u00a0501\u200b60"), "reject", "identity_number"),
        (row(ansattnr=IDENTITY_NUMBER), "reject", "identity_number"),
        (row(ansattnr="00163", fornavn="Ola" * 40), "reject", "too_long"),
        (row(ansattnr="00164", etternavn="Ness;ekstra"), "reject", "too_many_fields"),
        (row(ansattnr="00165", stilling=""), "reject", "missing"),
        (dict.fromkeys(row(), ""), "ignore", "empty_row"),
    ]  # fmt: skip


def write_file(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "hr.csv"
    path.write_bytes(hr_file(*rows, bom=True).getvalue())
    return path


@pytest.mark.django_db
def test_every_kind_of_row(city: City, kari: Employee, former: Employee, tmp_path: Path) -> None:
    wanted = rows_and_verdicts(kari, former)
    path, report = write_file(tmp_path, [row for row, _, _ in wanted]), tmp_path / "report.csv"
    call_command("import_employees", path, "--report", report, "-v0")
    lines = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert list(lines[0]) == ["record", "ansattnr", "status", "field", "message", "value"]
    by_record: dict[int, list[dict[str, str]]] = {}
    for line in lines:
        by_record.setdefault(int(line["record"]), []).append(line)
    assert sorted(by_record) == list(range(1, len(wanted) + 1))
    for number, (_, status, code) in enumerate(wanted, start=1):
        said = [line["status"] for line in by_record[number]]
        assert status in said, (number, code, by_record[number])
        assert all(line["message"] and line["field"] for line in by_record[number] if line["status"] != "accept")
    assert not ImportRun.objects.exists()
    assert Employee.objects.count() == 2


@pytest.mark.django_db
def test_codes_are_kept_and_people_stored(city: City, kari: Employee, former: Employee, tmp_path: Path) -> None:
    wanted = rows_and_verdicts(kari, former)
    path = write_file(tmp_path, [row for row, _, _ in wanted])
    call_command("import_employees", path, "--apply", "--delta", "-v0")
    run = ImportRun.objects.get()
    for number, (_, status, code) in enumerate(wanted, start=1):
        codes = set(run.findings.filter(record=number).values_list("code", flat=True))
        assert (code in codes) if code else status == "accept", (number, code, codes)
    assert run.summary["records"] == {
        status: sum(1 for _, found, _ in wanted if found == status)
        for status in ("accept", "normalise", "warn", "ignore", "pending", "leaver", "hidden", "reject")
    }
    assert Employee.objects.get(employee_number="00139").protected
    assert not Employee.objects.filter(employee_number="00138").exists()
    assert Employee.objects.get(employee_number="00128").employments.count() == 3


@pytest.mark.django_db
def test_identity_numbers_leave_no_trace(
    city: City, kari: Employee, former: Employee, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [row for row, _, code in rows_and_verdicts(kari, former) if code == "identity_number"]
    path, report = write_file(tmp_path, rows), tmp_path / "report.csv"
    call_command("import_employees", path, "--apply", "--delta", "--report", report)
    stored = str(list(ImportRecord.objects.values())) + str(list(ImportRun.objects.get().findings.values()))
    told = report.read_text() + "".join(capfd.readouterr())
    for text in (stored, told):
        assert IDENTITY_NUMBER not in text
        assert "50160" not in text


@pytest.mark.django_db
def test_report_is_safe_in_a_spreadsheet(city: City, tmp_path: Path) -> None:
    path = write_file(tmp_path, [hr_row(fornavn="=1+1"), hr_row(ansattnr="900002", fornavn="@SUM(A1)")])
    report = tmp_path / "report.csv"
    call_command("import_employees", path, "--report", report, "-v0")
    values = [line["value"] for line in csv.DictReader(report.read_text(encoding="utf-8").splitlines())]
    assert values == ["'=1+1", "'@SUM(A1)"]


@pytest.mark.django_db
def test_a_leader_near_the_number_is_proposed(city: City, kari: Employee, make_employee: Any, tmp_path: Path) -> None:
    make_employee("Ola Dal", manager=kari)
    make_employee("Eva Moe", manager=make_employee("Siri Lie"))
    number = str(kari.employee_number)
    numbers = (f"{number}9", number[:-1], f"{number[1]}{number[0]}{number[2:]}", "99999999")
    file = hr_file(*(hr_row(ansattnr=f"90000{n}", leder_ansattnr=near) for n, near in enumerate(numbers)))
    run = check_import(actor=None, file=file, file_name="hr.csv", is_delta=True)
    found = [finding.facts.get("mend") for finding in run.findings.order_by("record")]
    assert found[0] == {"leder_ansattnr": number}
    assert found[3] is None


@pytest.mark.django_db
def test_rows_about_one_job_name_the_column_that_differs(city: City, tmp_path: Path) -> None:
    rows = [
        hr_row(),
        hr_row(),
        hr_row(stillingsprosent="10"),
        hr_row(mobil="900 00 001"),
        hr_row(sluttdato="2099-01-01"),
    ]
    path = write_file(tmp_path, rows)
    path.write_bytes(path.read_bytes() + b"900002;Ola\n")
    call_command("import_employees", path, "--report", tmp_path / "report.csv", "-v0")
    lines = csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines())
    assert [line["field"] for line in lines] == [
        "", "ansattnr", "stillingsprosent", "mobil", "sluttdato", "etternavn"
    ]  # fmt: skip


@pytest.mark.django_db
def test_exit_codes(city: City, make_employee: object, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(CommandError, match="Fila er tom") as refused:
        call_command("import_employees", empty, "--apply", "-v0")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError) as missing:
        call_command("import_employees", tmp_path / "none.csv", "-v0")
    assert missing.value.returncode == 2
    with pytest.raises(CommandError) as scope:
        call_command("import_employees", write_file(tmp_path, [hr_row()]), "--scope", "NOPE", "-v0")
    assert scope.value.returncode == 2


@pytest.mark.django_db
def test_stop_has_its_own_exit_code(city: City, make_employee: object, tmp_path: Path) -> None:
    for place in range(26):
        make_employee(f"Person Nummer{place}")  # type: ignore[operator]
    path = write_file(tmp_path, [hr_row()])
    with pytest.raises(CommandError, match="26 ville sluttet") as stopped:
        call_command("import_employees", path, "--apply", "-v0")
    assert stopped.value.returncode == 3
    call_command("import_employees", path, "--apply", "--confirm-leavers", "26", "-v0")
    assert Employee.objects.active().count() == 1


@pytest.mark.django_db
def test_generator_writes_what_stands(
    city: City, kari: Employee, amina: Employee, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made.csv"
    call_command("make_hr_file", "--new", "3", "--out", path)
    assert path.read_text(encoding="utf-8").count("\n") == 6
    call_command("import_employees", path, "--apply", "-v0")
    run = ImportRun.objects.get()
    assert run.summary["people"]["new"] == 3
    assert run.summary["people"]["leaving"] == 0
    assert Employee.objects.active().count() == 5
    assert Employee.objects.filter(employments__start_date=local_today()).count() == 3
    capsys.readouterr()
    call_command("import_employees", path, "-v0")
    assert "0 klare, 5 uendret, 0 må rettes, 0 bør sjekkes" in capsys.readouterr().out
    call_command("import_employees", path, "--apply", "-v0")
    assert ImportRun.objects.latest("pk").summary["written"] == 0
