"""Invitations: each person once, by the road that reaches them, at the hour that was set; and stopping them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import local_today
from core.errors import RefusedError
from directory.models import Employee, Employment
from directory.tasks import apply_day_change
from notifications.channels import email, sms
from notifications.models import Delivery, Notification
from onboarding.invitations import sweeping
from onboarding.invitations.actions import invite, set_habit, take_back
from onboarding.models import Invitation, InvitationRun, SignInCode
from onboarding.sign_in_codes.actions import take_code
from tests.conftest import MakeEmployee

HOUR = datetime.time(7, 30)
SENT: list[dict[str, str]] = []


class Kept:
    """A gateway that keeps what it is given."""

    def send(self, **told: str) -> None:
        SENT.append(told)


@pytest.fixture
def gateway(settings: Any) -> list[dict[str, str]]:
    settings.SMS_GATEWAY, settings.SMS_GATEWAY_URL = f"{__name__}.Kept", "https://sms.example"
    SENT.clear()
    return SENT


@pytest.fixture
def coming(make_employee: MakeEmployee, kari: Employee) -> dict[str, Employee]:
    """Three who begin with Kari in three days: one with a mobile, one with e-mail, one with neither."""
    people = {
        "sms": make_employee("Sunniva Dahl", manager=kari, private_mobile="912 34 567"),
        "email": make_employee("Emil Post", manager=kari),
        "letter": make_employee("Berit Brev", manager=kari, email=None),
    }
    begins = local_today() + datetime.timedelta(days=3)
    for person in people.values():
        Employment.objects.filter(employee=person).update(start_date=begins)
        Employee.objects.filter(pk=person.pk).update(is_active=False, primary_employment=None)
    return people


def first_day(hours: float) -> datetime.datetime:
    """So many hours into the first day, on the organisation's clock."""
    day = datetime.datetime.combine(local_today() + datetime.timedelta(days=3), datetime.time())
    return day.replace(tzinfo=timezone.get_default_timezone()) + datetime.timedelta(hours=hours)


def mailed() -> list[str]:
    """To which newcomers mail has gone; leaders are asked for letters as well."""
    return [one.to[0] for one in mail.outbox if one.to[0] != "kari.nordby@oslo.example"]


def send_all() -> None:
    apply_day_change()
    email.send_due()
    sms.send_due()


class TestInviting:
    def test_each_by_the_road_that_reaches_them_once_on_the_first_day(
        self, hege: Employee, kari: Employee, coming: dict[str, Employee], gateway: list[dict[str, str]]
    ) -> None:
        moments = first_day(7), first_day(8)
        invite(actor=hege, who="coming", hour=HOUR, count=3)
        assert {each.road: each.employee for each in Invitation.objects.all()} == coming
        with time_machine.travel(moments[0], tick=False):
            send_all()
        assert (SENT, mailed()) == ([], [])
        with time_machine.travel(moments[1], tick=False):
            send_all()
            send_all()
            assert (len(SENT), mailed()) == (1, ["emil.post@oslo.example"])
            assert Invitation.objects.filter(sent_at=None).get().road == "letter"
            link = re.search(r"#([0-9A-Z]{10})", SENT[0]["text"])
            assert link
            number = str(coming["sms"].employee_number)
            assert number not in SENT[0]["text"]
            assert take_code(code=link[1], number=number, fact="4567").employee == coming["sms"]
        assert Notification.objects.get(recipient=kari).kind == "letter_to_print"
        assert not Delivery.objects.filter(facts__icontains=link[1]).exists(), "the code is kept nowhere"

    def test_nobody_is_invited_twice_and_the_number_must_be_the_one_shown(
        self, hege: Employee, kari: Employee, coming: dict[str, Employee]
    ) -> None:
        with pytest.raises(RefusedError):
            invite(actor=hege, who="coming", hour=HOUR, count=2)
        with pytest.raises(PermissionDenied):
            invite(actor=kari, who="coming", hour=HOUR, count=3)
        invite(actor=hege, who="coming", hour=HOUR, count=3)
        with pytest.raises(RefusedError):
            invite(actor=hege, who="coming", hour=HOUR, count=3)

    def test_who_has_come_in_meanwhile_or_never_began_gets_nothing(
        self, hege: Employee, coming: dict[str, Employee], gateway: list[dict[str, str]]
    ) -> None:
        moment = first_day(8)
        invite(actor=hege, who="coming", hour=HOUR, count=3)
        Employee.objects.filter(pk=coming["sms"].pk).update(first_signed_in_at=timezone.now())
        Employment.objects.filter(employee=coming["email"]).delete()
        with time_machine.travel(moment, tick=False):
            send_all()
        assert (SENT, mailed()) == ([], [])

    def test_those_who_have_begun_are_invited_at_the_next_such_hour(self, hege: Employee, amina: Employee) -> None:
        count = Employee.objects.active().filter(first_signed_in_at=None).count()
        invite(actor=hege, who="begun", hour=HOUR, count=count)
        send_at = Invitation.objects.filter(employee=amina).get().send_at
        assert timezone.now() <= send_at <= timezone.now() + datetime.timedelta(hours=25)
        assert timezone.localtime(send_at).time() == HOUR


class TestStopping:
    def test_stops_what_is_unsent_and_says_what_is_not(
        self, hege: Employee, coming: dict[str, Employee], gateway: list[dict[str, str]], client: Client
    ) -> None:
        moment = first_day(8)
        run = invite(actor=hege, who="coming", hour=HOUR, count=3)
        Delivery.objects.filter(channel="email").update(not_before=moment + datetime.timedelta(hours=4))
        with time_machine.travel(moment, tick=False):
            send_all()
            client.force_login(hege)
            page = client.post(reverse("stop_invitations", args=[run.public_id]), follow=True)
            assert "Sunniva Dahl" in page.content.decode()
        with time_machine.travel(moment + datetime.timedelta(hours=5), tick=False):
            send_all()
        assert (len(SENT), mailed()) == (1, [])
        assert take_back(actor=hege, run=run).stopped == 0
        assert Invitation.objects.filter(cancelled_at=None).get().employee == coming["sms"]

    def test_what_a_sender_holds_counts_as_gone(
        self, hege: Employee, coming: dict[str, Employee], gateway: list[dict[str, str]]
    ) -> None:
        run = invite(actor=hege, who="coming", hour=HOUR, count=3)
        Delivery.objects.filter(channel="sms").update(leased_until=timezone.now() + datetime.timedelta(minutes=1))
        taken = take_back(actor=hege, run=run)
        assert (taken.stopped, taken.sent) == (2, [coming["sms"]])


class TestByItself:
    def test_follows_a_first_day_that_was_moved(self, hege: Employee, coming: dict[str, Employee]) -> None:
        moment = first_day(8)
        invite(actor=hege, who="coming", hour=HOUR, count=3)
        begins = Employment.objects.filter(employee=coming["email"])
        begins.update(start_date=local_today() + datetime.timedelta(days=10))
        with time_machine.travel(moment, tick=False):
            send_all()
            assert "emil.post@oslo.example" not in mailed()
            sweeping._last["round"] = float("-inf")
            sweeping.invite_newcomers()
        with time_machine.travel(moment + datetime.timedelta(days=7), tick=False):
            send_all()
        assert mailed().count("emil.post@oslo.example") == 1

    def test_newcomers_are_made_ready_once(self, hege: Employee, coming: dict[str, Employee]) -> None:
        set_habit(actor=hege, hour=HOUR)
        day = local_today() + datetime.timedelta(days=1)
        noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=timezone.get_default_timezone())
        with time_machine.travel(noon, tick=False):
            for _ in range(2):
                sweeping._last["round"] = float("-inf")
                sweeping.invite_newcomers()
        run = InvitationRun.objects.get()
        assert (run.made_by, run.invitations.count()) == (None, 3)
        set_habit(actor=hege, hour=None)
        sweeping._last["round"] = float("-inf")
        assert sweeping.invite_newcomers() == 0


class TestPages:
    def test_hr_looks_over_invites_and_sees_what_became_of_it(
        self, hege: Employee, coming: dict[str, Employee], client: Client, gateway: list[dict[str, str]], settings: Any
    ) -> None:
        settings.SMS_PRICE = 1
        client.force_login(hege)
        page = client.get(reverse("manage_invitations"), {"who": "coming", "hour": "07:30"})
        assert page.context["plan"].by_road == {"sms": 1, "email": 1, "letter": 1}
        assert page.context["plan"].price == sms.price_of(1)
        data = {"who": "coming", "hour": "07:30", "count": "3"}
        assert client.post(reverse("manage_invitations"), data).status_code == 302
        assert client.post(reverse("manage_invitations"), data).status_code == 422
        run = InvitationRun.objects.get()
        address = reverse("invitation_run", args=[run.public_id])
        assert "Berit Brev" in client.get(address).content.decode()
        Employee.objects.filter(pk=coming["letter"].pk).update(first_signed_in_at=timezone.now())
        assert "Berit Brev" not in client.get(address).content.decode(), "named until the first sign-in"
        for nonsense in ({}, {"who": "x", "hour": "25:99"}, {"who": "coming", "hour": "07:30", "count": "1e9"}):
            assert client.post(reverse("manage_invitations"), nonsense).status_code == 422

    def test_the_leader_prints_the_letters(
        self, hege: Employee, kari: Employee, coming: dict[str, Employee], client: Client
    ) -> None:
        invite(actor=hege, who="coming", hour=HOUR, count=3)
        client.force_login(hege)
        assert "Berit" not in client.get(reverse("letters_to_print")).content.decode(), "HR knows both facts"
        client.force_login(kari)
        assert "Berit Brev" in client.get(reverse("letters_to_print")).content.decode()
        printed = client.post(reverse("letters_to_print")).content.decode()
        assert "spurt om datoen du begynner" in printed  # HR has no mobile number of hers
        assert printed.count("data-once") == SignInCode.objects.filter(issued_by=kari).count() >= 1
        assert "Berit Brev" not in client.get(reverse("letters_to_print")).content.decode()


def test_api_counts_invites_and_stops(
    client_of: Any, hege: Employee, kari: Employee, coming: dict[str, Employee]
) -> None:
    hr, address = client_of(hege), "/api/v1/invitations/"
    asked = {"who": "coming", "hour": "07:30"}
    assert client_of(kari).post(f"{address}preview/", asked, "application/json").status_code == 403
    plan = hr.post(f"{address}preview/", asked, "application/json").json()
    assert (plan["people"], plan["by_road"]["letter"], plan["without_facts"]) == (3, 1, 0)
    assert hr.post(address, asked | {"count": 2}, "application/json").status_code == 400
    made = hr.post(address, asked | {"count": 3}, "application/json").json()
    assert hr.get(address).json()["results"] == [made]
    assert not any(person.full_name in str(made) for person in coming.values())
    stopped = hr.post(f"{address}{made['id']}/stop/").json()
    assert (stopped["stopped"], stopped["waiting"], stopped["letters"]) == (3, 0, 0)
