"""One-time codes: who makes them, what they are bound to, and everything somebody may try with one."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import local_today
from core.errors import RefusedError
from directory.actions.sign_ins import end_sessions
from directory.actions.tokens import create_api_token
from directory.models import AuditEvent, Employee, Employment, RoleGrant
from notifications.models import Notification
from onboarding.models import SignInCode
from onboarding.sign_in_codes.actions import give_code, take_code, withdraw_codes
from onboarding.sign_in_codes.codes import MOST_WRONG, shown
from tests.conftest import PASSWORD, City, MakeEmployee

NEW_PASSWORD = "tre-ord-om-snø"


@pytest.fixture
def newcomer(make_employee: MakeEmployee, kari: Employee) -> Employee:
    """Has no password and no e-mail, as HR's file brings people."""
    person = make_employee("Sunniva Dahl", manager=kari, email=None, private_mobile="+47 912 34 567")
    person.set_unusable_password()
    person.save()
    return person


def facts(person: Employee, **other: str) -> dict[str, str]:
    return {"number": str(person.employee_number), "fact": "4567", **other}


def take(code: str, person: Employee, **other: str) -> SignInCode:
    return take_code(code=code, **facts(person, **other))


class TestWhoGives:
    def test_the_own_leader_and_superusers_of_the_branch(
        self, newcomer: Employee, kari: Employee, amina: Employee, thanh: Employee, city: City
    ) -> None:
        assert give_code(actor=kari, employee=newcomer)
        for other in (amina, thanh, newcomer):
            with pytest.raises(PermissionDenied):
                give_code(actor=other, employee=newcomer)
        RoleGrant.objects.create(employee=thanh, role="superuser", unit=city.home_care)
        helper = Employee.objects.get(pk=thanh.pk)
        assert give_code(actor=helper, employee=newcomer)
        Employee.objects.filter(pk=newcomer.pk).update(protected=True)
        with pytest.raises(PermissionDenied):
            give_code(actor=helper, employee=newcomer)

    def test_by_the_api_for_a_person_and_never_for_a_key(
        self, newcomer: Employee, kari: Employee, hege: Employee, client_of: Any
    ) -> None:
        address, leader = f"/api/v1/employees/{newcomer.public_id}/sign-in-code/", client_of(kari)
        made = leader.post(address)
        assert (made.status_code, len(made.json()["code"])) == (201, 11)
        assert "code" not in leader.get(address).json()
        _token, key = create_api_token(actor=None, employee=kari, name="Skript")
        bearer = {"authorization": f"Bearer {key}"}
        assert Client().post(address, headers=bearer).status_code == 403
        assert client_of(hege).post(address).status_code == 404
        assert (leader.delete(address).status_code, leader.get(address).status_code) == (204, 404)

    def test_nobody_who_knows_both_facts_and_nobody_upwards(
        self, newcomer: Employee, kari: Employee, city: City
    ) -> None:
        grant = RoleGrant.objects.create(employee=newcomer, role="admin")
        with pytest.raises(PermissionDenied):
            give_code(actor=kari, employee=newcomer)
        grant.delete()
        for role in ("hr", "admin"):
            grant = RoleGrant.objects.create(employee=kari, role=role)
            with pytest.raises(PermissionDenied):
                give_code(actor=Employee.objects.get(pk=kari.pk), employee=newcomer)
            grant.delete()
        RoleGrant.objects.create(employee=newcomer, role="superuser", unit=city.home_care)
        assert not Employee.objects.get(pk=newcomer.pk).has_perm("onboarding.give_sign_in_codes", kari), "her leader"

    def test_not_to_leavers_but_to_those_who_begin_soon(self, newcomer: Employee, kari: Employee) -> None:
        begins = local_today() + datetime.timedelta(days=10)
        Employment.objects.filter(employee=newcomer).update(start_date=begins)
        Employee.objects.filter(pk=newcomer.pk).update(is_active=False)
        coming = Employee.objects.get(pk=newcomer.pk)
        code = give_code(actor=kari, employee=coming, road="letter")
        with pytest.raises(RefusedError, match=r"første dag|first day"):
            take(code, newcomer)
        Employment.objects.filter(employee=newcomer).update(start_date=begins - datetime.timedelta(days=300))
        with pytest.raises(PermissionDenied):
            give_code(actor=kari, employee=coming)

    def test_the_page_shows_it_once_and_nothing_keeps_it(
        self, newcomer: Employee, kari: Employee, client: Client
    ) -> None:
        client.force_login(kari)
        page = client.post(reverse("give_sign_in_code", args=[newcomer.public_id, "hand"]))
        code = page.context["code"]
        assert "no-store" in page.headers["Cache-Control"]
        assert str(newcomer.employee_number) not in page.content.decode()
        again = client.get(reverse("sign_in_help", args=[newcomer.public_id]))
        assert code not in again.content.decode()
        kept = SignInCode.objects.values().get()
        assert code.replace("-", "").lower() not in str(kept) + str(list(AuditEvent.objects.values("facts")))
        letter = client.post(reverse("give_sign_in_code", args=[newcomer.public_id, "letter"]))
        assert letter.context["code"] in letter.content.decode()
        assert str(newcomer.employee_number) not in letter.content.decode()

    def test_the_person_is_told_by_whom(
        self, newcomer: Employee, kari: Employee, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            give_code(actor=kari, employee=newcomer)
        assert Notification.objects.get(recipient=newcomer).kind == "sign_in_change"
        assert AuditEvent.objects.get(subject=newcomer).actor == kari


class TestTaking:
    def test_is_used_once_however_it_is_typed(self, newcomer: Employee, kari: Employee) -> None:
        code = give_code(actor=kari, employee=newcomer)
        taken = take(f" {shown(code).replace('-', ' – ')} ", newcomer, fact="+47 91 23 45 67")
        assert taken.employee == newcomer
        with pytest.raises(RefusedError, match=r"brukt|used"):
            take(code, newcomer)

    def test_says_nothing_to_who_does_not_know_both_facts(self, newcomer: Employee, kari: Employee) -> None:
        code = give_code(actor=kari, employee=newcomer)
        answers = set()
        for wrong in ({"number": "999999"}, {"fact": "0000"}, {"fact": "\u0664\u0665\u0666\u0667"}):
            with pytest.raises(RefusedError) as refused:
                take(code, newcomer, **wrong)
            answers.add(str(refused.value.message))
        for nothing in ("k7m2p-9xw4b", "\u200b", "' or 1=1"):
            with pytest.raises(RefusedError) as refused:
                take(nothing, newcomer)
            answers.add(str(refused.value.message))
        take(code, newcomer)
        with pytest.raises(RefusedError) as refused:
            take(code, newcomer, fact="0000")
        assert len(answers | {str(refused.value.message)}) == 1, "used or not, there or not: the same words"

    def test_is_worthless_after_five_wrong_answers(
        self, newcomer: Employee, kari: Employee, django_capture_on_commit_callbacks: Any
    ) -> None:
        code = give_code(actor=kari, employee=newcomer)
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(MOST_WRONG):
                with pytest.raises(RefusedError):
                    take(code, newcomer, number="1")
        with pytest.raises(RefusedError):
            take(code, newcomer)
        assert AuditEvent.objects.filter(subject=newcomer, verb="onboarding.code_blocked").count() == 1
        assert Notification.objects.filter(recipient=newcomer).exists()

    def test_new_codes_give_no_new_guesses(self, newcomer: Employee, kari: Employee) -> None:
        for _ in range(2):
            code = give_code(actor=kari, employee=newcomer)
            for number in range(MOST_WRONG):
                with pytest.raises(RefusedError):
                    take(code, newcomer, number=str(number))
        with pytest.raises(RefusedError, match=r"dager|days"):
            give_code(actor=kari, employee=newcomer)
        SignInCode.objects.update(issued_at=timezone.now() - datetime.timedelta(days=4))
        assert give_code(actor=kari, employee=newcomer)

    def test_the_facts_of_somebody_else_do_not_fit(self, newcomer: Employee, kari: Employee, amina: Employee) -> None:
        Employee.objects.filter(pk=amina.pk).update(private_mobile="99887766")
        code = give_code(actor=kari, employee=newcomer)
        with pytest.raises(RefusedError):
            take(code, amina, fact="7766")

    def test_without_a_number_the_first_day_is_asked_for(self, newcomer: Employee, kari: Employee) -> None:
        Employee.objects.filter(pk=newcomer.pk).update(private_mobile="")
        first = Employment.objects.get(employee=newcomer).start_date
        code = give_code(actor=kari, employee=newcomer)
        for wrong in ("", "4567", "31.02.2026", (first + datetime.timedelta(days=1)).strftime("%d.%m.%Y")):
            with pytest.raises(RefusedError):
                take(code, newcomer, fact=wrong)
        assert take(code, newcomer, fact=first.strftime("%d.%m.%y"))

    def test_a_newer_one_and_taking_it_back_and_time_end_it(self, newcomer: Employee, kari: Employee) -> None:
        first, second = (give_code(actor=kari, employee=newcomer) for _ in range(2))
        assert SignInCode.objects.standing().count() == 1
        with pytest.raises(RefusedError):
            take(first, newcomer)
        withdraw_codes(actor=kari, employee=newcomer)
        with pytest.raises(RefusedError):
            take(second, newcomer)
        third = give_code(actor=kari, employee=newcomer)
        SignInCode.objects.standing().update(expires_at=timezone.now())
        with pytest.raises(RefusedError, match=r"gjelder ikke|no longer"):
            take(third, newcomer)

    def test_hr_must_have_given_the_facts(self, newcomer: Employee, kari: Employee) -> None:
        Employee.objects.filter(pk=newcomer.pk).update(employee_number=None)
        with pytest.raises(RefusedError):
            give_code(actor=kari, employee=Employee.objects.get(pk=newcomer.pk))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_in(newcomer: Employee, kari: Employee) -> None:
    code = give_code(actor=kari, employee=newcomer)

    def attempt(_: int) -> bool:
        try:
            return bool(take(code, newcomer))
        except RefusedError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


class TestComingIn:
    def come(self, client: Client, kari: Employee, newcomer: Employee, **more: str) -> None:
        code = give_code(actor=kari, employee=newcomer)
        answer = client.post(reverse("first_sign_in"), {"code": code, **facts(newcomer), **more})
        assert answer.status_code == 302

    def test_chooses_a_password_and_is_in(self, client: Client, kari: Employee, newcomer: Employee) -> None:
        self.come(client, kari, newcomer)
        weak = client.post(reverse("choose_sign_in"), {"password": "passord"})
        assert weak.status_code == 422
        assert client.get("/settings/").status_code == 302, "nobody is signed in before the choice"
        answer = client.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD})
        assert answer.status_code == 302
        assert client.get("/settings/").status_code == 200
        assert client.get(reverse("choose_sign_in")).status_code == 302, "the choice is made once"
        elsewhere = Client()
        elsewhere.post("/accounts/login/", {"login": newcomer.employee_number, "password": NEW_PASSWORD})
        assert elsewhere.get("/settings/").status_code == 200

    def test_own_facts_are_no_password(self, client: Client, kari: Employee, newcomer: Employee, settings: Any) -> None:
        newcomer.email, newcomer.employee_number = "sunniva.dahl@oslo.example", "2000020001"
        newcomer.save()
        self.come(client, kari, newcomer)
        for own in (newcomer.email, newcomer.email.upper(), "sunniva.dahl", "SunnivaDahl", "2000020001", "+4791234567"):
            for language, words in {"nb": "ligner for mye", "nn": "liknar for mykje", "en": "too like"}.items():
                client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
                answer = client.post(reverse("choose_sign_in"), {"password": own})
                assert (answer.status_code, words in answer.content.decode()) == (422, True), (own, language)
        assert client.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD}).status_code == 302

    def test_a_session_somebody_planted_gets_in_nowhere(
        self, client: Client, kari: Employee, newcomer: Employee
    ) -> None:
        client.get(reverse("first_sign_in"))
        session = client.session
        session["planted"] = True
        session.save()
        planted = Client()
        planted.cookies["sessionid"] = session.session_key or ""
        client.cookies["sessionid"] = session.session_key or ""
        self.come(client, kari, newcomer)
        assert client.session.session_key != session.session_key or ""
        assert planted.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD}).status_code == 302
        assert not Employee.objects.get(pk=newcomer.pk).has_usable_password()

    def test_whoever_was_signed_in_here_is_signed_out(
        self, client: Client, kari: Employee, newcomer: Employee, amina: Employee
    ) -> None:
        client.force_login(amina)
        self.come(client, kari, newcomer)
        assert client.get("/settings/").status_code == 302

    def test_earlier_sessions_end_and_so_does_the_choice(
        self, client: Client, kari: Employee, newcomer: Employee
    ) -> None:
        old = Client()
        old.force_login(newcomer)
        self.come(client, kari, newcomer)
        stolen = Client()
        stolen.cookies["sessionid"] = client.session.session_key or ""
        client.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD})
        assert old.get("/settings/").status_code == 302
        assert stolen.post(reverse("choose_sign_in"), {"password": PASSWORD}).status_code == 302
        assert Employee.objects.get(pk=newcomer.pk).check_password(NEW_PASSWORD)

    @pytest.mark.parametrize("ended", ["sessions", "newer", "left", "late"])
    def test_the_choice_ends(self, client: Client, kari: Employee, newcomer: Employee, ended: str) -> None:
        self.come(client, kari, newcomer)
        if ended == "sessions":
            end_sessions(actor=kari, employee=newcomer)
        elif ended == "newer":
            give_code(actor=kari, employee=newcomer)
        elif ended == "left":
            Employee.objects.filter(pk=newcomer.pk).update(is_active=False)
        else:
            SignInCode.objects.update(used_at=timezone.now() - datetime.timedelta(minutes=21))
        assert client.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD}).url == reverse("first_sign_in")  # type: ignore[attr-defined]
        assert not Employee.objects.get(pk=newcomer.pk).has_usable_password()

    def test_on_a_shared_device_a_password_and_nothing_kept(
        self, client: Client, kari: Employee, newcomer: Employee
    ) -> None:
        self.come(client, kari, newcomer, shared="on")
        assert "data-passkey" not in client.get(reverse("choose_sign_in")).content.decode()
        client.post(reverse("choose_sign_in"), {"password": NEW_PASSWORD})
        assert client.session.get_expire_at_browser_close()
        assert "data-shared" in client.get("/settings/").content.decode()

    def test_wrong_answers_are_counted_by_address(self, client: Client, newcomer: Employee, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"first_sign_in": "3/10m/ip"}
        cache.clear()
        data = {"code": "k7m2p-9xw4b", **facts(newcomer)}
        codes = [client.post(reverse("first_sign_in"), data).status_code for _ in range(4)]
        cache.clear()
        assert codes == [422, 422, 422, 429]

    def test_what_was_typed_is_kept_and_nonsense_answered(self, client: Client, db: None) -> None:
        for data in (
            {},
            {"code": "\x00", "number": "\x00", "fact": "x"},
            {"code": "a" * 900, "number": "1", "fact": "1"},
        ):
            assert client.post(reverse("first_sign_in"), data).status_code == 422
        page = client.post(reverse("first_sign_in"), {"code": "ABCDE-FGHKM", "number": "104882", "fact": "4567"})
        assert 'value="104882"' in page.content.decode()
