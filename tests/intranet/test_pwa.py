"""What the browser is told to install and keep, and the pages that stand when little else does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client

from directory.models import Employee, Organisation


@pytest.mark.django_db
def test_manifest_bears_the_organisations_name(client: Client) -> None:
    Organisation(pk=1, name="Oslo kommune", product_name="Tunet Oslo").save()
    answer = client.get("/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert manifest["name"] == "Tunet Oslo – Oslo kommune"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


@pytest.mark.django_db
def test_every_file_the_worker_keeps_exists(client: Client) -> None:
    answer = client.get("/sw.js")
    told = json.loads(re.match(r"self\.TUNET = (\{.*?\});\n", answer.content.decode())[1])  # type: ignore[index]
    assert answer["Content-Type"].startswith("text/javascript")
    assert [path for path in told["files"] if not finders.find(path.removeprefix(settings.STATIC_URL))] == []
    assert len(set(told["files"])) == len(told["files"]), "a browser keeps nothing where one is named twice"
    assert client.get(told["offline"]).status_code == 200


@pytest.mark.django_db
def test_offline_page_names_nobody(client: Client) -> None:
    page = client.get("/offline/").content.decode()
    assert "Du er uten nett" in page
    assert "data-person" not in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "429.html", "500.html", "502.html"])
def test_error_pages_need_no_context(name: str) -> None:
    page = render_to_string(name)
    assert page.count("<h1") == 1
    assert 'href="/"' in page


@pytest.mark.django_db
def test_sign_in_page_in_three_languages(client: Client) -> None:
    for language, word in (("nb", "ansattnummer"), ("nn", "tilsettnummer"), ("en", "employee number")):
        client.cookies["django_language"] = language
        page = client.get("/accounts/login/").content.decode()
        assert word in page
        assert f'lang="{language}"' in page
        assert 'name="login"' in page
        assert 'name="password"' in page


@pytest.mark.django_db
def test_wrong_password_keeps_what_was_typed(client: Client) -> None:
    page = client.post("/accounts/login/", {"login": "amina@oslo.example", "password": "feil"}).content.decode()
    assert 'value="amina@oslo.example"' in page
    assert "feil" not in re.findall(r'name="password"[^>]*', page)[0]
    assert 'role="alert"' in page


@pytest.mark.django_db
def test_forgotten_password_goes_the_whole_way(client: Client, amina: Employee, mailoutbox: list[EmailMessage]) -> None:
    client.post("/accounts/password/reset/", {"email": amina.email})
    assert "Velg et nytt passord" in mailoutbox[0].subject
    address = re.search(r"http://testserver(/\S+)", str(mailoutbox[0].body))
    assert address is not None
    page = client.get(address[1], follow=True)
    assert "Nytt passord" in page.content.decode()
    chosen = {"password1": "skoleveien i snø", "password2": "skoleveien i snø"}
    answer = client.post(page.redirect_chain[-1][0], chosen, follow=True)
    assert "Passordet er byttet" in answer.content.decode()
    amina.refresh_from_db()
    assert amina.check_password("skoleveien i snø")


@pytest.mark.django_db
def test_password_page_is_in_nynorsk_too(client_of: Callable[[Employee], Client], amina: Employee) -> None:
    amina.language = "nn"
    amina.save()
    page = client_of(amina).get("/accounts/password/change/").content.decode()
    assert "Nytt passord" in page
    assert "Passordet du har no" in page
    assert "Current Password" not in page
