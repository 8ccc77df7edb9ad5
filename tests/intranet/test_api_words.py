"""What goes wrong in the API is said in our words and in the caller's language, never in the framework's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from rest_framework.exceptions import APIException, NotAcceptable, PermissionDenied, Throttled

from core.framework_words import FIELD_WORDS
from core.problems import CONTENT_TYPE, handle_exception
from directory.actions import create_api_token
from directory.models import Employee

FRAMEWORK = ("not allowed", "parse error", "credentials", "Unsupported media", "throttled", "required", "CSRF Failed")


@pytest.mark.parametrize(
    ("facts", "status", "told"),
    [
        (("PUT", "/api/v1/me/", "{}"), 405, ("PUT kan ikke", "PUT kan ikkje", "PUT cannot be used here.")),
        (("PATCH", "/api/v1/me/", "{"), 400, ("Det som ble sendt", "Det som vart sendt", "What was sent cannot")),
        (("GET", "/api/v1/groups/nobodys/", ""), 404, ("Ikke funnet.", "Ikkje funne", "Not found.")),
        (("GET", "/api/v1/groups/?cursor=x", ""), 404, ("Ikke funnet.", "Ikkje funne", "Not found.")),
        (("GET", "/api/v1/rules/", ""), 403, ("Dette har du ikke", "Dette har du ikkje", "You may not do this.")),
    ],
)  # fmt: skip
def test_refusals_in_three_languages(
    amina: Employee, client_of: Any, facts: tuple[str, str, str], status: int, told: tuple[str, str, str]
) -> None:
    method, path, body = facts
    for language, words in zip(("nb", "nn", "en"), told, strict=True):
        Employee.objects.filter(pk=amina.pk).update(language=language)
        answer = client_of(amina).generic(method, path, body, content_type="application/json")
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, CONTENT_TYPE)
        assert answer.json()["title"].startswith(words)
        assert answer.headers["Content-Language"] == language


def test_the_owner_of_a_token_is_answered_in_the_own_language(amina: Employee) -> None:
    Employee.objects.filter(pk=amina.pk).update(language="nn")
    _, key = create_api_token(actor=None, employee=amina, name="Vaktlista")
    answer = Client().get("/api/v1/rules/", headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["title"] == "Dette har du ikkje tilgang til."
    assert answer.headers["Content-Language"] == "nn"


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer wrong", "Bearer \xff"])
def test_broken_tokens(db: None, header: str) -> None:
    answer = Client().get("/api/v1/me/", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["title"]) == (401, "Nøkkelen er ukjent eller ikke gyldig lenger.")


def test_strangers_and_forged_requests(amina: Employee) -> None:
    answer = Client().get("/api/v1/me/")
    assert (answer.status_code, answer.json()["title"]) == (401, "Logg inn, eller send en nøkkel.")
    client = Client(enforce_csrf_checks=True)
    client.force_login(amina)
    forged = client.patch("/api/v1/me/", "{}", "application/json")
    assert forged.status_code == 403
    assert forged.json()["title"].startswith("Vi kan ikke se at dette kommer fra våre egne sider.")


def test_fields_are_told_of_in_our_words(liv: Employee, hege: Employee, client_of: Any) -> None:
    sent = client_of(hege).post("/api/v1/imports/", {"file": SimpleUploadedFile("a.csv", b""), "delta": "x"})
    assert sent.json()["errors"]["delta"] == ["Svar ja eller nei: true eller false."]
    Employee.objects.filter(pk=hege.pk).update(language="nn")
    sent = client_of(hege).post("/api/v1/imports/", {})
    assert sent.json()["errors"] == {"file": ["Fila manglar."]}


def test_media_and_wishes_we_do_not_know(amina: Employee, client_of: Any) -> None:
    client = client_of(amina)
    sent = client.generic("PATCH", "/api/v1/me/", "<a/>", content_type="text/xml")
    assert (sent.status_code, sent.json()["title"]) == (415, "Vi kan ikke lese «text/xml» her.")
    sent = client.get("/api/v1/me/", headers={"Accept": "text/html"})
    assert (sent.status_code, sent.json()["title"]) == (406, "Vi kan bare svare med JSON.")


@pytest.mark.parametrize("error", [Throttled(wait=2.2), NotAcceptable(), PermissionDenied(), APIException()])
def test_no_framework_words_are_left(rf: Any, error: APIException) -> None:
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            answer = handle_exception(error, {"request": rf.get("/")})
            assert answer is not None
            assert not any(words in answer.data["title"] for words in FRAMEWORK)
            assert "3" in answer.data["title"] or not isinstance(error, Throttled)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_word_of_fields_is_ours(language: str) -> None:
    with translation.override(language):
        assert not [words for words in FIELD_WORDS if gettext(words) == words]


def test_too_much_at_once(amina: Employee, client_of: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client_of(amina).patch("/api/v1/me/", {"purpose": "x" * 50}, "application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, CONTENT_TYPE)
