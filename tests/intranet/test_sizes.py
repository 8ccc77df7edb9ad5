"""What is too much is refused by its head, with words, and nothing of it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from announcements.models import Announcement
from core.problems import CONTENT_TYPE
from core.sizes import MEGABYTE, largest_body
from directory.models import Employee

pytestmark = pytest.mark.django_db
FILES, FIELDS = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"


@pytest.fixture
def client(client_of: Callable[[Employee], Client], amina: Employee) -> Client:
    return client_of(amina)


def declare(client: Client, path: str, megabytes: int, kind: str = FILES, **headers: str) -> Any:
    """Send the head of a large request. Reading its body would fail: it is not there."""
    facts: Any = {"CONTENT_LENGTH": str(megabytes * MEGABYTE), "CONTENT_TYPE": kind, **headers}
    return client.generic("POST", path, **facts)


def test_a_person_reads_why_on_a_page_and_a_script_gets_the_sentence(client: Client) -> None:
    page = declare(client, "/posts/new/", 65)
    assert page.status_code == 413
    assert "Det går høyst 64 MB om gangen." in page.content.decode()
    assert "Det du skrev, står der fortsatt" in page.content.decode()
    toast = declare(client, "/posts/new/", 65, HTTP_HX_REQUEST="true")
    assert (toast.status_code, toast.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert toast.content.decode().startswith("Det går høyst 64 MB om gangen.")


def test_a_program_gets_a_problem(client: Client) -> None:
    for kind, megabytes in ((FILES, 65), ("application/json", 6)):
        answer = declare(client, "/api/v1/posts/", megabytes, kind)
        assert (answer.status_code, answer.headers["Content-Type"]) == (413, CONTENT_TYPE)
        assert answer.json()["type"] == "/problems/too-large"


def test_text_is_bounded_below_files_and_strangers_bring_no_files(client: Client) -> None:
    assert declare(client, "/posts/new/", 6, FIELDS).status_code == 413
    assert declare(Client(), "/accounts/login/", 6).status_code == 413
    assert largest_body("/manage/photos/") > 300 * MEGABYTE > largest_body("/posts/new/")


def test_what_does_not_say_how_long_it_is_is_not_taken_for_empty(client: Client) -> None:
    before = Announcement.objects.count()
    chunked: Any = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/json"}
    answer = client.generic("POST", "/api/v1/announcements/", **chunked)
    assert (answer.status_code, Announcement.objects.count()) == (411, before)


def test_too_many_files_or_fields_are_told(client: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2, 5
    files = {"pictures": [SimpleUploadedFile(f"{number}.png", b"x") for number in range(3)]}
    told = client.post("/posts/new/", files)
    assert (told.status_code, "Høyst 2 filer" in told.content.decode()) == (400, True)
    answer = client.post("/api/v1/posts/", files)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/too-many-files")
    many = client.post("/posts/new/", {f"a{number}": "1" for number in range(9)}, headers={"hx-request": "true"})
    assert (many.status_code, many.content.decode()[:13]) == (400, "Høyst 5 felte")


def test_what_is_no_object_never_makes_a_draft(
    client_of: Callable[[Employee], Client], make_employee: Callable[..., Employee]
) -> None:
    writer = client_of(make_employee("Berit Moe", roles=("central_communications",)))
    for sent in (None, [], 1, "x", [{"title": "Ny"}]):
        answer = writer.post("/api/v1/announcements/", json.dumps(sent), "application/json")
        assert (answer.status_code, answer.json()["title"]) == (400, "Send et objekt: {…}.")
    assert not Announcement.objects.exists()
