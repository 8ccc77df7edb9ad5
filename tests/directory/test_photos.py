from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from core.errors import RefusedError
from directory.actions import remove_photo, restore_photo, store_photo
from directory.models import Employee
from directory.photos import forget_former_photos
from tests.directory.conftest import PictureFile

ClientOf = Callable[[Employee], Client]


@pytest.fixture
def pictured(amina: Employee, picture_file: PictureFile) -> Employee:
    store_photo(actor=amina, employee=amina, file=picture_file())
    return amina


def test_a_photo_is_served_to_colleagues_and_asked_for_anew(
    pictured: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    client = client_of(thanh)
    answer = client.get(pictured.photo_url_96)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(pictured.photo_url_96, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_protection_bites_at_once_also_with_a_remembered_etag(
    pictured: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    url, client = pictured.photo_url_96, client_of(thanh)
    etag = client.get(url)["ETag"]
    Employee.objects.filter(pk=pictured.pk).update(protected=True)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 404


def test_nobody_outside_sees_a_photo(pictured: Employee) -> None:
    assert Client().get(pictured.photo_url_96).status_code == 302


@pytest.mark.parametrize("size", [0, 95, 1000])
def test_other_sizes_do_not_exist(size: int, pictured: Employee, client_of: ClientOf) -> None:
    assert client_of(pictured).get(f"/people/{pictured.public_id}/photo/{size}/").status_code == 404


def test_a_file_that_is_gone_is_not_found(pictured: Employee, client_of: ClientOf) -> None:
    Employee.objects.filter(pk=pictured.pk).update(photo="0" * 64)
    assert client_of(pictured).get(f"/people/{pictured.public_id}/photo/96/").status_code == 404


def test_others_cannot_change_it(pictured: Employee, thanh: Employee, picture_file: PictureFile) -> None:
    with pytest.raises(PermissionDenied):
        store_photo(actor=thanh, employee=pictured, file=picture_file())


@pytest.mark.django_db(transaction=True)
def test_a_former_photo_can_be_taken_back_for_a_while_and_is_then_erased(
    amina: Employee, thanh: Employee, picture_file: PictureFile, media: Path
) -> None:
    def there(photo: str) -> bool:
        return (media / "photos" / photo / "96.webp").exists()

    for person in (amina, thanh):
        store_photo(actor=person, employee=person, file=picture_file())
    first = amina.photo
    assert first == thanh.photo
    remove_photo(actor=amina, employee=amina)
    restore_photo(actor=amina, employee=amina)
    assert amina.photo == first
    with pytest.raises(RefusedError):
        restore_photo(actor=amina, employee=amina)
    remove_photo(actor=thanh, employee=thanh)
    remove_photo(actor=amina, employee=amina)
    assert there(first)
    forget_former_photos(timezone.now() + datetime.timedelta(hours=1))
    assert not there(first)
    with pytest.raises(RefusedError):
        restore_photo(actor=amina, employee=amina)


@pytest.mark.parametrize("field", ["picture", "camera"])
def test_sent_from_the_page_and_taken_back(
    field: str, amina: Employee, client_of: ClientOf, picture_file: PictureFile
) -> None:
    client = client_of(amina)
    answer = client.post("/me/photo/?next=/people/", {field: picture_file("PNG")}, follow=True)
    assert answer.redirect_chain == [("/people/", 302)]
    assert Employee.objects.get(pk=amina.pk).photo
    assert 'action="/me/photo/undo/"' in answer.content.decode()
    client.post("/me/photo/undo/")
    assert not Employee.objects.get(pk=amina.pk).photo


def test_a_web_page_called_jpg_gets_a_sentence(amina: Employee, client_of: ClientOf, picture_file: PictureFile) -> None:
    file = picture_file()
    file.seek(0)
    file.truncate()
    file.write(b"<html>")
    file.seek(0)
    answer = client_of(amina).post("/me/photo/", {"picture": file})
    assert answer.status_code == 200
    assert "JPEG, PNG" in answer.content.decode()
    assert not Employee.objects.get(pk=amina.pk).photo


def test_nothing_chosen_gets_a_sentence(amina: Employee, client_of: ClientOf) -> None:
    assert client_of(amina).post("/me/photo/", {}).status_code == 200
