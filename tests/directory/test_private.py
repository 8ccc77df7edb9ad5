"""Nothing of people is reached without signing in, and no shared cache keeps it."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, reverse
from PIL import Image

from directory import api_urls, urls
from directory.actions import store_photo
from directory.models import Employee
from tests.conftest import City

ClientOf = Callable[[Employee], Client]
KNOWN = {"size": 96, "name": "about"}


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), "teal").save(file, "PNG")
    file.seek(0)
    return file


def addresses(person: Employee) -> list[str]:
    """Every address of the directory, pages and programs, with the person where somebody is named."""
    listed = [*urls.urlpatterns, *api_urls.urlpatterns, *api_urls.router.urls]
    made = []
    for pattern in listed:
        if not isinstance(pattern, URLPattern):
            continue
        names = pattern.pattern.converters.keys() | pattern.pattern.regex.groupindex.keys()
        if "format" in names or pattern.name == "api-root":
            continue
        made.append(reverse(str(pattern.name), kwargs={name: KNOWN.get(name, person.public_id) for name in names}))
    return made


def test_strangers_get_no_byte_and_no_cache_keeps_an_answer(amina: Employee, client_of: ClientOf) -> None:
    store_photo(actor=amina, employee=amina, file=picture())
    places = addresses(amina)
    assert len(places) > 30
    browser = client_of(amina)
    for place in places:
        refused = Client().get(place)
        assert refused.status_code in (302, 401, 405), place
        assert amina.last_name not in refused.content.decode(), place
        for answer in (refused, browser.get(place)):
            said = answer["Cache-Control"]
            assert "private" in said or "no-store" in said, place
            assert "public" not in said, place
    photo = browser.get(f"/people/{amina.public_id}/photo/96/")
    assert photo["Content-Type"] == "image/webp"


def test_the_photo_of_the_api(amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    browser = client_of(amina)
    sent = {"picture": SimpleUploadedFile("meg.png", picture().read())}
    body = encode_multipart(BOUNDARY, sent)
    assert browser.put("/api/v1/me/photo/", body, content_type=MULTIPART_CONTENT).status_code == 204
    address = f"/api/v1/employees/{amina.public_id}/photo/"
    seen = client_of(kari).get(address, {"size": 96}, headers={"Accept": "image/webp"})
    assert (seen.status_code, seen["Content-Type"], seen["Cache-Control"]) == (200, "image/webp", "private, no-cache")
    assert client_of(kari).get(address, headers={"If-None-Match": seen["ETag"]}).status_code == 200
    assert client_of(kari).get(address, {"size": 96}, headers={"If-None-Match": seen["ETag"]}).status_code == 304
    assert client_of(kari).get(address, {"size": 97}).status_code == 400
    Employee.objects.filter(pk=amina.pk).update(protected=True)
    assert client_of(kari).get(address).status_code == 404
    Employee.objects.filter(pk=amina.pk).update(protected=False)
    assert browser.delete("/api/v1/me/photo/").status_code == 204
    assert client_of(kari).get(address).status_code == 404
    wrong = encode_multipart(BOUNDARY, {"picture": SimpleUploadedFile("meg.png", b"<svg/>")})
    refused = browser.put("/api/v1/me/photo/", wrong, content_type=MULTIPART_CONTENT)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/not_a_picture")


def test_jobs_of_the_api(
    amina: Employee, kari: Employee, thanh: Employee, hege: Employee, city: City, client_of: ClientOf
) -> None:
    Employee.objects.filter(pk=thanh.pk).update(protected=True)
    browser = client_of(hege)
    found = browser.get("/api/v1/employments/").json()["results"]
    assert thanh.public_id not in [job["employee"] for job in found]
    [job] = browser.get(f"/api/v1/employments/?employee={amina.public_id}").json()["results"]
    assert (job["title"], job["unit"]["id"], job["manager"]) == (
        "Helsefagarbeider",
        city.west.public_id,
        kari.public_id,
    )
    assert (job["is_primary"], "percentage" in job, "end_date" in job) == (True, False, False)
    west = browser.get(f"/api/v1/employments/?unit={city.west.public_id}").json()["results"]
    assert {job["employee"] for job in west} == {amina.public_id, kari.public_id}
    assert browser.get("/api/v1/employments/?unit=nowhere").status_code == 404
