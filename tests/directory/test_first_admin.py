"""The first administrator, made at the command line."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from directory.models import AuditEvent, Employee

pytestmark = pytest.mark.django_db


def test_the_first_admin_is_made_and_signs_in(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "en lang og god setning")
    call_command("create_admin", "kari@oslo.example", "--name", "Kari Nordby")
    admin = Employee.objects.get(email="kari@oslo.example")
    assert (admin.full_name, admin.has_role("admin")) == ("Kari Nordby", True)
    assert AuditEvent.objects.filter(subject=admin, verb="directory.role_granted", actor=None).count() == 1
    answer = client.post("/accounts/login/", {"login": "kari@oslo.example", "password": "en lang og god setning"})
    assert answer.status_code == 302


def test_a_colleague_becomes_admin_with_the_same_password(monkeypatch: pytest.MonkeyPatch, amina: Employee) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _: "")
    call_command("create_admin", str(amina.email).upper())
    amina = Employee.objects.get(pk=amina.pk)
    assert (amina.has_role("admin"), amina.full_name) == (True, "Amina Hassan")


@pytest.mark.parametrize(("email", "password"), [("not an address", "en lang og god setning"), ("a@b.no", "short")])
def test_what_will_not_do_is_said_and_nothing_is_stored(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("create_admin", email)
    assert not Employee.objects.exists()
