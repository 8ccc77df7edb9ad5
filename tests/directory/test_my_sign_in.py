"""The person's own page of passkeys and devices, and devices that several people use."""

from __future__ import annotations

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from directory.actions.sign_ins import end_sessions
from directory.models import AuditEvent, Employee, RoleGrant
from directory.shared_devices import SHARED
from directory.tasks import forget_records
from tests.conftest import PASSWORD, City

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def signed_in(employee: Employee, **extra: str) -> Client:
    client = Client(HTTP_USER_AGENT=ANDROID)
    data = {"login": employee.email or "", "password": PASSWORD, **extra}
    assert client.post("/accounts/login/", data).status_code == 302
    return client


class TestDevices:
    def test_shows_where_one_is_signed_in_and_signs_out_there(self, amina: Employee, kari: Employee) -> None:
        here, there, other = signed_in(amina), signed_in(amina), signed_in(kari)
        page = here.get(reverse("my_sign_in"))
        shown = page.context["devices"]
        assert [one.name for one in shown] == ["Chrome, Android"] * 2
        assert shown[0].is_here
        assert other.post(reverse("sign_out_there", args=[shown[1].id])).status_code == 404
        assert here.post(reverse("sign_out_there", args=[shown[1].id])).status_code == 302
        assert there.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == 200

    def test_signs_out_everywhere_else(self, amina: Employee) -> None:
        here, there = signed_in(amina), signed_in(amina)
        here.post(reverse("sign_out_elsewhere"))
        assert there.get("/settings/").status_code == 302
        assert here.get("/settings/").status_code == 200
        assert UserSession.objects.filter(user=amina).count() == 1
        assert AuditEvent.objects.filter(subject=amina, verb="directory.sessions_ended").exists()

    def test_what_is_over_is_forgotten(self, amina: Employee) -> None:
        here = signed_in(amina)
        UserSession.objects.create(user=amina, session_key="over", ip="10.0.0.1")
        forget_records()
        assert UserSession.objects.get(user=amina).session_key == here.session.session_key

    def test_a_superuser_ends_those_of_the_own_branch_alone(
        self, amina: Employee, thanh: Employee, kari: Employee, city: City
    ) -> None:
        RoleGrant.objects.create(employee=thanh, role="superuser", unit=city.home_care)
        assert thanh.has_perm("directory.end_sessions", amina)
        assert not thanh.has_perm("directory.end_sessions", thanh)
        Employee.objects.filter(pk=amina.pk).update(protected=True)
        assert not thanh.has_perm("directory.end_sessions", amina)
        assert kari.has_perm("directory.end_sessions", amina), "the own leader"
        client = signed_in(amina)
        end_sessions(actor=kari, employee=amina)
        assert client.get("/settings/").status_code == 302


class TestPasskeys:
    def test_asks_again_before_one_is_made(self, amina: Employee) -> None:
        client = signed_in(amina)
        assert client.get(reverse("new_passkey")).status_code == 200
        later(client)
        answer = client.get(reverse("new_passkey"))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("prove_it"))
        wrong = client.post(reverse("prove_it"), {"password": "vafler"})
        assert wrong.status_code == 422
        right = client.post(reverse("prove_it"), {"password": PASSWORD, "next": reverse("new_passkey")})
        assert right.url == reverse("new_passkey")  # type: ignore[attr-defined]
        assert client.post(reverse("prove_it"), {"password": PASSWORD, "next": "//evil.example/"}).url == reverse(  # type: ignore[attr-defined]
            "my_sign_in"
        )

    def test_takes_no_nonsense_for_one(self, amina: Employee) -> None:
        client = signed_in(amina)
        for credential in ("", "{}", "[]", '{"id": 1}', '{"id": "YQ", "rawId": "YQ", "response": {}}', "x" * 30_000):
            client.get(reverse("new_passkey"))
            assert client.post(reverse("new_passkey"), {"credential": credential}).status_code == 422, credential[:40]
            assert client.post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302

    def test_none_is_made_on_a_shared_device(self, amina: Employee) -> None:
        client = signed_in(amina, shared="on")
        assert client.get(reverse("new_passkey")).status_code == 302


def test_a_new_password_is_told_of_and_none_is_set_on_an_unlocked_device(
    amina: Employee, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(amina)
    new = {"oldpassword": PASSWORD, "password1": "snø-i-november", "password2": "snø-i-november"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_change_password"), new)
    assert AuditEvent.objects.filter(subject=amina, verb="directory.password_changed").exists()
    Employee.objects.filter(pk=amina.pk).update(password="!")
    client.force_login(Employee.objects.get(pk=amina.pk))
    assert client.get(reverse("account_set_password")).url.startswith(reverse("prove_it"))  # type: ignore[attr-defined]


class TestSharedDevices:
    def test_keeps_nothing_and_is_marked(self, amina: Employee) -> None:
        client = signed_in(amina, shared="on", remember="on")
        page = client.get("/settings/")
        text = page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"
        assert "data-shared=" in text
        assert "data-keeps" not in text
        assert "data-leave" in text
        assert client.session.get_expire_at_browser_close()
        client.post(reverse("set_language"), {"language": "nn"})
        assert client.cookies["django_language"].value == "nn"
        out = client.post(reverse("account_logout"))
        assert '"storage"' in out.headers["Clear-Site-Data"]
        assert client.cookies["django_language"].value == ""
        assert 'name="shared"' in (shown := client.get("/accounts/login/").content.decode())
        assert 'autocomplete="off"' in shown
        assert "checked" in shown

    def test_is_left_after_minutes_and_by_nothing_a_page_fetches(self, amina: Employee, settings: Any) -> None:
        client = signed_in(amina, shared="on")
        seen = grow_old(client, settings.SHARED_DEVICE_MINUTES * 60 - 30)
        client.get("/settings/", headers={"Sec-Fetch-Mode": "cors"})
        assert client.session[SHARED] == seen
        client.get("/settings/")
        assert client.session[SHARED] > seen
        grow_old(client, settings.SHARED_DEVICE_MINUTES * 60 + 1)
        answer = client.get("/settings/")
        assert answer.headers["Location"] == "/accounts/login/?left=1"
        assert "Clear-Site-Data" in answer.headers
        assert client.get("/settings/").status_code == 302

    def test_ones_own_device_is_marked_no_longer(self, amina: Employee) -> None:
        client = signed_in(amina, shared="on")
        client.post(reverse("account_logout"))
        client.post("/accounts/login/", {"login": amina.email or "", "password": PASSWORD, "remember": "on"})
        page = client.get("/settings/")
        assert "data-keeps" in page.content.decode()
        assert not client.cookies["shared_device"].value


def grow_old(client: Client, seconds: float) -> float:
    session = client.session
    session[SHARED] = time.time() - seconds
    session.save()
    return float(session[SHARED])


def later(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
