"""The nightly file: taken from its folder or by the API, put where it belongs, and somebody told of trouble."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import Employee
from notifications.models import Notification
from notifications.sweeping import sweep_once
from onboarding.imports.telling import continue_and_tell
from onboarding.imports.unattended import take_from_folder
from onboarding.models import ImportRun
from tests.conftest import City
from tests.onboarding.hr import hr_file, hr_row


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.HR_FOLDER = str(tmp_path / "hr")
    assert take_from_folder() == 0
    return Path(settings.HR_FOLDER)


def put(folder: Path, name: str, data: bytes, seconds_ago: int = 60) -> None:
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (time.time() - seconds_ago,) * 2)


def names(folder: Path) -> list[str]:
    return sorted(path.name.split("-", 3)[-1] for path in folder.iterdir())


def test_taken_and_moved_aside(folder: Path, hege: Employee, city: City) -> None:
    put(folder, "delta/natt.csv", hr_file(hr_row()).getvalue())
    put(folder, "delta/skrives.csv", b"half", seconds_ago=-3600)
    put(folder, "delta/.skjult.csv", b"x")
    (folder / "delta" / "lenke.csv").symlink_to("/etc/passwd")
    sweep_once()
    run = ImportRun.objects.get()
    assert (run.state, run.is_delta, run.created_by, len(run.checksum)) == ("applied", True, None, 64)
    assert Employee.objects.filter(employee_number="900001").exists()
    assert names(folder / "done") == ["natt.csv"]
    assert names(folder / "delta") == [".skjult.csv", "lenke.csv", "skrives.csv"]
    assert not Notification.objects.filter(kind__startswith="import").exists()
    assert take_from_folder() == 0


def test_trouble_has_a_reason_and_hr_is_told(folder: Path, hege: Employee, make_employee: Any, city: City) -> None:
    for place in range(30):
        make_employee(f"Person Nummer{place}")
    put(folder, "full/alle.csv", hr_file(hr_row()).getvalue())
    put(folder, "full/feil.csv", b"%PDF-1.4")
    assert take_from_folder() == 1
    assert take_from_folder() == 1
    assert names(folder / "failed") == ["alle.csv", "alle.csv.reason.txt", "feil.csv", "feil.csv.reason.txt"]
    reasons = [path.read_text() for path in sorted((folder / "failed").glob("*.txt"))]
    stopped = ImportRun.objects.get(state="stopped")
    assert "31 vil slutte" in reasons[0]
    assert stopped.public_id in reasons[0]
    assert "PDF" in reasons[1]
    assert ImportRun.objects.get(state="failed").summary["refused"] in reasons[1]
    told = Notification.objects.filter(kind="import_trouble", recipient=hege)
    assert set(told.values_list("target_id", flat=True)) == set(ImportRun.objects.values_list("pk", flat=True))
    assert stopped.records.count() == 1


def test_whatever_happens_hr_is_told_and_the_file_kept(
    folder: Path, hege: Employee, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "delta/natt.csv", hr_file(hr_row()).getvalue())
    # As when a workbook breaks in a way nobody has thought of.
    monkeypatch.setattr("onboarding.hr_file.reader.MAX_COLUMNS", None)
    assert take_from_folder() == 1
    assert names(folder / "failed") == ["natt.csv", "natt.csv.reason.txt"]
    assert names(folder / "working") == []
    run = ImportRun.objects.get()
    assert (run.state, run.error) == ("failed", "refused")
    assert Notification.objects.get(kind="import_trouble", recipient=hege).target_id == run.pk


def test_what_was_interrupted_is_looked_at(folder: Path, hege: Employee, city: City) -> None:
    put(folder, "working/natt.csv", b"x", seconds_ago=7200)
    take_from_folder()
    assert names(folder / "failed") == ["natt.csv", "natt.csv.reason.txt"]
    assert Notification.objects.filter(kind="import_trouble", recipient=hege).exists()


def test_by_the_api_in_one_call(client_of: Any, hege: Employee, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    hr: Client = client_of(hege)

    def send(**facts: Any) -> Any:
        upload = SimpleUploadedFile("natt.csv", hr_file(hr_row(), hr_row(ansattnr="900002")).getvalue())
        return hr.post("/api/v1/imports/", {"file": upload, "delta": "true", **facts})

    answer = send(apply="true", source="visma").json()
    assert (answer["state"], answer["source"], answer["summary"]["people"]["new"]) == ("applied", "visma", 2)
    assert send(source="scim").status_code == 400
    monkeypatch.setattr("onboarding.imports.unattended.AT_ONCE", 1)
    long = send(apply="true").json()
    assert long["state"] == "applying"
    assert continue_and_tell(ImportRun.objects.get(public_id=long["id"]).pk)
    assert Notification.objects.filter(kind="import_done", recipient=hege).count() == 2
