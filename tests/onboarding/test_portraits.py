"""Pictures at once: whose they are, what is refused and why, and that nobody sees one before the person says yes."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from core.errors import RefusedError
from directory.models import AuditEvent, Employee
from onboarding.models import PhotoProposal
from onboarding.portraits.actions import forget_proposals, propose_photos
from onboarding.portraits.sources import from_zip
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]
CaptureOnCommit = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 80), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


def archive(packed: dict[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as made:
        for name, data in packed.items():
            made.writestr(name, data, how)
    file.seek(0)
    return file


def stored() -> list[str]:
    """Every proposed file there is."""
    try:
        folders, _ = default_storage.listdir("proposals")
    except FileNotFoundError:
        return []
    return [name for folder in folders for name in default_storage.listdir(f"proposals/{folder}")[1]]


def test_each_file_gets_its_answer(amina: Employee, kari: Employee, hege: Employee, thanh: Employee) -> None:
    Employee.objects.filter(pk=kari.pk).update(photo="a" * 64)
    Employee.objects.filter(pk=thanh.pk).update(protected=True)
    link = zipfile.ZipInfo(f"{hege.employee_number}.jpg")
    link.external_attr = 0o120777 << 16
    file = archive(
        {
            f"kort/{amina.employee_number}.JPG": picture(),
            f"kort/{amina.employee_number}.png": picture("PNG"),
            f"{kari.employee_number}.jpg": picture(),
            f"{thanh.employee_number}.jpg": picture(),
            "999999.jpg": picture(),
            "kort/IMG_1.jpg": picture(),
            "kort/liste.csv": b"ansattnr;fornavn",
            "__MACOSX/._x.jpg": b"x",
            link: b"/etc/passwd",
        }
    )
    told = propose_photos(actor=hege, files=from_zip(file))
    assert told.counts == {"taken": 1, "twice": 1, "has_photo": 1, "protected": 1, "unknown": 1, "unnamed": 1, "bad": 2}
    assert [line.reason for line in told.lines if line.outcome == "bad"] == [
        "Vi klarer ikke å lese dette som et bilde. Bruk JPEG, PNG, WebP, GIF eller HEIC.",
        "Dette er en lenke, ikke en fil.",
    ]
    assert PhotoProposal.objects.get().employee == amina
    assert propose_photos(actor=hege, files=from_zip(file)).counts["waiting"] == 2
    amina.refresh_from_db()
    assert (amina.photo, len(stored())) == ("", 3)


def test_hostile_archives_are_refused_file_by_file(
    make_employee: MakeEmployee, hege: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_employee(f"Person Nummer{number}") for number in range(7)]
    numbers = [person.employee_number for person in people]
    bomb = archive({f"{numbers[0]}.jpg": b"\0" * 11 * 1024 * 1024, f"../{numbers[1]}.jpg": picture()})
    packed = archive({f"{numbers[2]}.jpg": picture()}, zipfile.ZIP_BZIP2)
    wrong = archive({f"{numbers[3]}.jpg": b"<svg/>", f"{numbers[4]}.jpg": picture()[:300], f"{numbers[5]}.jpg": b""})
    many = archive({f"{numbers[6]}.png": picture("PNG", (8000, 8000), "1")})
    reasons = []
    for file in (bomb, packed, wrong, many):
        told = propose_photos(actor=hege, files=from_zip(file))
        assert told.counts.keys() <= {"bad"}
        reasons += [line.reason for line in told.lines]
    assert all(reasons)
    assert any("for stort" in reason for reason in reasons)
    assert any("fører ut av arkivet" in reason for reason in reasons)
    assert any("vanlig ZIP" in reason for reason in reasons)
    locked = bytearray(archive({f"{numbers[0]}.jpg": picture()}).getvalue())
    place = locked.rfind(b"PK\x01\x02")
    locked[place + 8 : place + 10] = struct.pack("<H", 1)
    assert "passord" in propose_photos(actor=hege, files=from_zip(io.BytesIO(locked))).lines[0].reason
    crc = bytearray(archive({f"{numbers[0]}.jpg": picture()}, zipfile.ZIP_STORED).getvalue())
    crc[60] ^= 255
    assert "skadet" in propose_photos(actor=hege, files=from_zip(io.BytesIO(crc))).lines[0].reason
    assert (PhotoProposal.objects.count(), stored()) == (0, [])
    monkeypatch.setattr("onboarding.portraits.sources.MAX_LIST_BYTES", 40)
    for data in (archive({"1.jpg": b"x"}).getvalue(), b"PK\x03\x04 not really", b""):
        with pytest.raises(RefusedError):
            from_zip(io.BytesIO(data))


def test_nobody_sees_it_before_the_yes(
    amina: Employee,
    hege: Employee,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: CaptureOnCommit,
) -> None:
    sent = SimpleUploadedFile(f"{amina.employee_number}.jpg", picture())
    answer = client_of(hege).post("/manage/photos/", {"pictures": [sent]})
    assert "1 fil er lest" in answer.content.decode()
    photo = "/me/photo/proposed/200/"
    assert client_of(hege).get(photo).status_code == 404
    assert Client().get(photo).status_code == 302
    browser = client_of(amina)
    shown = browser.get(photo)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    assert "Er dette deg?" in browser.get("/me/photo/proposed/").content.decode()
    assert "Er dette deg?" in browser.get(f"/people/{amina.public_id}/").content.decode()
    assert "Er dette deg?" not in client_of(hege).get(f"/people/{amina.public_id}/").content.decode()
    assert client_of(hege).get(f"/people/{amina.public_id}/photo/200/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/me/photo/proposed/", {"answer": "yes"})
    assert client_of(hege).get(f"/people/{amina.public_id}/photo/200/").status_code == 200
    assert (browser.get(photo).status_code, stored()) == (404, [])
    assert "Er dette deg?" not in browser.get("/me/photo/proposed/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/me/photo/undo/")
    assert client_of(hege).get(f"/people/{amina.public_id}/photo/200/").status_code == 404
    again = browser.post("/me/photo/proposed/", {"answer": "yes"}, follow=True)
    assert "Bildet er ikke her lenger." in again.content.decode()


def test_a_no_erases_it_and_is_kept_to(
    amina: Employee, hege: Employee, client_of: ClientOf, django_capture_on_commit_callbacks: CaptureOnCommit
) -> None:
    def file() -> Any:
        return from_zip(archive({f"{amina.employee_number}.jpg": picture()}))

    propose_photos(actor=hege, files=file())
    with django_capture_on_commit_callbacks(execute=True):
        client_of(amina).post("/me/photo/proposed/", {"answer": "no"})
    assert (PhotoProposal.objects.count(), stored()) == (0, [])
    assert propose_photos(actor=hege, files=file()).counts == {"said_no": 1}
    assert AuditEvent.objects.filter(verb="onboarding.photo_declined", subject=amina).count() == 1


def test_taken_back_by_hr_and_forgotten_in_time(
    amina: Employee,
    kari: Employee,
    hege: Employee,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: CaptureOnCommit,
) -> None:
    def propose(person: Employee) -> str:
        return propose_photos(actor=hege, files=from_zip(archive({f"{person.employee_number}.jpg": picture()}))).batch

    batch = propose(amina)
    propose(kari)
    with django_capture_on_commit_callbacks(execute=True):
        for sent in (batch, "nonsense", "2026-01-01"):
            assert client_of(hege).post("/manage/photos/take-back/", {"batch": sent}).status_code == 302
    assert PhotoProposal.objects.get().employee == kari
    assert len(stored()) == 3
    PhotoProposal.objects.update(proposed_at=timezone.now() - datetime.timedelta(days=91))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_proposals() == 1
    assert stored() == []
    propose(kari)
    Employee.objects.filter(pk=kari.pk).update(protected=True)
    assert client_of(kari).get("/me/photo/proposed/96/").status_code == 404
    assert forget_proposals() == 1


def test_wrong_uploads_get_words(hege: Employee, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = client_of(hege)
    assert "Velg en fil først." in browser.post("/manage/photos/", {}).content.decode()
    broken = [SimpleUploadedFile("1.jpg", picture()), SimpleUploadedFile("kort.zip", b"PK")]
    answer = browser.post("/manage/photos/", {"pictures": broken})
    assert (answer.status_code, "kan ikke lese denne ZIP-filen" in answer.content.decode()) == (422, True)
    monkeypatch.setattr("onboarding.portraits.sources.MOST_AT_ONCE", 1)
    two = archive({"1.jpg": b"x", "2.jpg": b"x"}).getvalue()
    answer = browser.post("/manage/photos/", {"pictures": [SimpleUploadedFile("kort.zip", two)]})
    assert (answer.status_code, "Det er 2 bilder." in answer.content.decode()) == (422, True)
    monkeypatch.setattr("onboarding.portraits.views.SECONDS", -1.0)
    one = archive({f"{hege.employee_number}.jpg": picture()}).getvalue()
    answer = browser.post("/manage/photos/", {"pictures": [SimpleUploadedFile("kort.zip", one)]})
    assert "Rakk ikke disse." in answer.content.decode()


def test_from_the_command_line(amina: Employee, tmp_path: Path) -> None:
    folder = tmp_path / "kort"
    (folder / "nord").mkdir(parents=True)
    (folder / "nord" / f"{amina.employee_number}.jpg").write_bytes(picture())
    (folder / "4.jpg").symlink_to("/etc/passwd")
    said = io.StringIO()
    call_command("import_photos", folder, stdout=said)
    assert "1  Tatt imot" in said.getvalue()
    assert PhotoProposal.objects.get().employee == amina
    for wrong in (tmp_path / "nowhere.zip", folder / "nord" / f"{amina.employee_number}.jpg"):
        with pytest.raises(CommandError):
            call_command("import_photos", wrong)


def test_how_many_have_one_per_unit_of_ten(
    make_employee: MakeEmployee,
    hege: Employee,
    city: City,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        make_employee(f"Vest Nummer{number}", unit=city.west, photo="b" * 64 if number < 3 else "")
    for number in range(4):
        make_employee(f"Øst Nummer{number}", unit=city.east)
    browser = client_of(hege)
    address = f"/manage/photos/?unit={city.home_care.public_id}"
    covered = {each.unit: each for each in browser.get(address).context["covered"]}
    assert (covered[city.home_care].with_photo, covered[city.home_care].people) == (3, 16)
    # Alna øst could be worked out from the rest, were Alna vest shown.
    assert (covered[city.east].is_hidden, covered[city.west].is_hidden) == (True, True)
    assert "3 av 16" in browser.get(address).content.decode()
    with django_assert_num_queries(17):
        browser.get("/manage/photos/")


def test_the_same_through_the_api(amina: Employee, hege: Employee, client_of: ClientOf) -> None:
    files = [SimpleUploadedFile(name, picture()) for name in (f"{amina.employee_number}.jpg", "meg.jpg")]
    told = client_of(hege).post("/api/v1/photo-proposals/", {"pictures": files}).json()
    assert (told["counts"], told["not_taken"][0]["outcome"]) == ({"taken": 1, "unnamed": 1}, "unnamed")
    browser, address = client_of(amina), "/api/v1/me/photo/proposal/"
    assert browser.get(address).json()["proposed_at"]
    assert browser.get(f"{address}picture/", {"size": 96})["Cache-Control"] == "private, no-store"
    assert client_of(hege).get(f"{address}picture/").status_code == 404
    assert browser.post(address, {"use": True}).status_code == 204
    amina.refresh_from_db()
    assert amina.photo
    again = client_of(hege).post("/api/v1/photo-proposals/withdraw/", {"batch": told["batch"]})
    assert again.json() == {"withdrawn": 0}
