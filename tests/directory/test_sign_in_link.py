from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from directory.models import AuditEvent, Employee


def test_a_newcomer_chooses_a_password_and_is_in(amina: Employee, client: Client, settings: Any) -> None:
    out = StringIO()
    call_command("create_sign_in_link", amina.employee_number, stdout=out)
    path = out.getvalue().strip().removeprefix(settings.SITE_ADDRESS)
    form = client.get(path, follow=True)
    words = {"password1": "snø-i-november", "password2": "snø-i-november"}
    assert form.status_code == 200
    assert client.post(form.redirect_chain[-1][0], words).status_code == 302
    client.post("/accounts/login/", {"login": amina.employee_number, "password": "snø-i-november"})
    assert client.get("/").status_code == 200
    again = Client().get(path, follow=True)
    assert b"password1" not in again.content, "the link works once"
    assert AuditEvent.objects.filter(subject=amina, verb="directory.sign_in_link_created").exists()


def test_nobody_else_gets_one(amina: Employee) -> None:
    Employee.objects.filter(pk=amina.pk).update(is_active=False)
    with pytest.raises(CommandError):
        call_command("create_sign_in_link", amina.employee_number)
