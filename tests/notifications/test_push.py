"""Notifications on devices, with a push service that answers as it likes and browsers that open what they get."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import outbound
from core.keys import new_p256_key
from directory.actions.sign_ins import end_sessions
from directory.models import Employee
from intranet.drills.push_service import Browser, PushService, claims_of, push_service
from notifications.channels import push, vapid
from notifications.channels.push_text import Words
from notifications.devices import reading
from notifications.kinds import Bundle, NotificationKind, kinds
from notifications.models import Delivery, NotificationSettings, PushSubscription

Subscribe = Callable[..., Browser]


class Waves(NotificationKind[int]):
    """«X waved»; odd numbers belong to one conversation, those from a hundred up were waved behind closed doors."""

    key = "tests.push"
    templates = "tests"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, int]:
        return {pk: pk for pk in ids if pk >= 0}

    def url(self, bundle: Bundle, target: int) -> str:
        return f"/waves/{target}/"

    def conversation(self, bundle: Bundle, target: int) -> str:
        return "waves" if target % 2 else ""

    def is_closed(self, target: int) -> bool:
        return target >= 100

    def render(self, part: str, bundle: Bundle, target: int, **context: Any) -> str:
        return "Noen vinket" if not context["reveal"] else f"Kari vinket\n{'ÆØÅ «hei» ' * 100} {target}"


@pytest.fixture(autouse=True)
def waves() -> Iterator[None]:
    kinds.add(Waves.key, Waves())
    yield
    kinds._items.pop(Waves.key)


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = new_p256_key()
    push._resting.clear()
    with push_service() as running:
        yield running


@pytest.fixture
def subscribe(service: PushService, client_of: Any) -> Subscribe:
    """Sign somebody in with a browser of that name, which asks for notifications."""

    def make(person: Employee, name: str = "telephone", client: Client | None = None) -> Browser:
        browser = service.browser(name)
        asking = client or client_of(person)
        answer = asking.post("/api/v1/devices/", browser.subscription, content_type="application/json")
        assert answer.status_code == 201, answer.content
        return browser

    return make


def tell(person: Employee, number: int = 2) -> Delivery:
    told = {"recipient": person, "channel": "push", "kind": Waves.key, "target_id": number}
    return Delivery.objects.create(event_key=f"wave:{number}", **told)


def send(delivery: Delivery) -> Delivery:
    push.send_due()
    delivery.refresh_from_db()
    return delivery


def test_only_the_browser_can_read_it(amina: Employee, service: PushService, subscribe: Subscribe) -> None:
    telephone = subscribe(amina)
    assert send(tell(amina)).state == "sent"
    (shown,) = telephone.shown
    assert (shown["title"], shown["url"], shown["unread"], shown["lang"]) == ("Kari vinket", "/waves/2/", 0, "nb")
    assert shown["body"].startswith("ÆØÅ «hei»")
    (call,) = service.calls
    assert int(call["size"]) < 2000
    assert (call["content-encoding"], call["ttl"], len(call["topic"])) == ("aes128gcm", "7200", 32)
    claims, key = claims_of(call)
    assert key == vapid.public_key()
    assert claims["aud"].startswith("http://127.0.0.1")
    assert claims["sub"].startswith("mailto:")
    assert PushSubscription.objects.get().taken_at


def test_a_locked_screen_says_what_its_owner_wants(amina: Employee, service: PushService, subscribe: Subscribe) -> None:
    telephone = subscribe(amina)
    send(tell(amina, 100))
    NotificationSettings.objects.create(employee=amina, text_on_lock_screen=True)
    send(tell(amina, 102))
    assert [shown["title"] for shown in telephone.shown] == ["Noen vinket", "Kari vinket"]


@pytest.mark.django_db(transaction=True)
def test_many_go_side_by_side_and_each_once(
    amina: Employee, service: PushService, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    telephone = subscribe(amina)
    monkeypatch.setattr(push, "WORTH_A_SENDER", 4)
    for number in range(0, 40, 2):
        tell(amina, number)
    settings.MESSAGES_PER_MINUTE = {"push": 2}
    assert push.send_due() == 1, "the pace is that of all who send, each over a connection of its own"
    settings.MESSAGES_PER_MINUTE = {}
    assert push.send_due() == 19
    assert sorted(shown["mark"] for shown in telephone.shown) == sorted({shown["mark"] for shown in telephone.shown})
    assert (len(telephone.shown), push.send_due()) == (20, 0)


def test_goes_to_each_device_once(amina: Employee, service: PushService, subscribe: Subscribe) -> None:
    """One that could not take it does not make the others show it again, however oddly it says so."""
    telephone, computer = subscribe(amina, "telephone"), subscribe(amina, "computer")
    service.answers[:] = [(500, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 +99999999999999"})]
    delivery = send(tell(amina))
    assert (delivery.state, delivery.attempts, delivery.last_error[-12:]) == ("waiting", 1, "answered 500")
    Delivery.objects.update(not_before=timezone.now())
    assert send(delivery).state == "sent"
    assert [len(telephone.shown), len(computer.shown)] == [1, 1]

    PushSubscription.objects.filter(pk=PushSubscription.objects.earliest("pk").pk).update(p256dh="broken")
    assert send(tell(amina, 4)).state == "waiting"
    assert len(telephone.shown) + len(computer.shown) == 3, "the other has it"


def test_who_dies_over_one_device_does_not_repeat_the_others(
    amina: Employee, service: PushService, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer, telephone = subscribe(amina, "computer"), subscribe(amina, "telephone")
    delivery, give = tell(amina), push.give

    def die_over_the_second(device: PushSubscription, words: Words) -> push.Outcome:
        outcome = give(device, words)
        if len(service.calls) == 2:
            raise SystemExit  # it has been taken, and nobody is left to store so
        return outcome

    monkeypatch.setattr(push, "give", die_over_the_second)
    with pytest.raises(SystemExit):
        push.send_due()
    Delivery.objects.update(leased_until=None)
    assert send(delivery).state == "sent"
    assert len(telephone.shown) == 1
    first, again = computer.shown
    assert (first["mark"], first["tag"]) == (again["mark"], again["tag"])
    assert len({call["topic"] for call in service.calls}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    amina: Employee, service: PushService, subscribe: Subscribe, status: int
) -> None:
    subscribe(amina)
    service.answers[:] = [(status, {})]
    assert send(tell(amina)).state == "skipped"
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(("status", "state"), [(400, "failed"), (413, "failed"), (403, "waiting"), (500, "waiting")])
def test_what_the_service_answers_is_kept_for_operators(
    amina: Employee, service: PushService, subscribe: Subscribe, status: int, state: str
) -> None:
    subscribe(amina)
    service.answers[:] = [(status, {})]
    delivery = send(tell(amina))
    assert (delivery.state, PushSubscription.objects.count()) == (state, 1)
    assert f"answered {status}" in delivery.last_error
    assert f"answered {status}" in PushSubscription.objects.get().last_error


@pytest.mark.parametrize("status", [429, 503])
def test_waits_as_long_as_it_is_asked_to(
    amina: Employee, service: PushService, subscribe: Subscribe, status: int
) -> None:
    subscribe(amina)
    moment = timezone.now() + datetime.timedelta(hours=2)
    for asked in ("7200", email.utils.format_datetime(moment, usegmt=False)):
        service.answers[:] = [(status, {"Retry-After": asked})]
        delivery = send(tell(amina, number=len(asked) * 2))
        assert delivery.state == "waiting"
        assert abs(delivery.not_before - moment) < datetime.timedelta(minutes=1)


def test_one_that_never_answers_holds_up_nobody_else(
    amina: Employee, kari: Employee, service: PushService, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(amina)
    subscribe(kari, "other")
    service.slow = 0.5
    monkeypatch.setattr(
        "notifications.channels.push.post", lambda *given, **named: outbound.post(*given, **named, seconds=0.2)
    )
    first, second = tell(amina), tell(kari)
    push.send_due()
    assert len(service.calls) <= 1, "the second does not wait for the same service"
    for each in (first, second):
        each.refresh_from_db()
        assert each.state == "waiting"


def test_what_is_urgent_waits_for_no_conversation(amina: Employee, service: PushService, subscribe: Subscribe) -> None:
    telephone = subscribe(amina)
    for number in (1, 3):
        delivery = tell(amina, number)
        Delivery.objects.filter(pk=delivery.pk).update(is_urgent=True)
        assert send(delivery).state == "sent"
    assert (len(telephone.shown), service.calls[0]["urgency"], service.calls[0]["ttl"]) == (2, "high", "86400")


def test_one_conversation_makes_a_sound_every_ten_minutes(
    amina: Employee, service: PushService, subscribe: Subscribe
) -> None:
    telephone = subscribe(amina)
    assert send(tell(amina, 1)).state == "sent"
    second, third = tell(amina, 3), tell(amina, 5)
    push.send_due()
    second.refresh_from_db()
    third.refresh_from_db()
    assert {second.state, third.state} == {"waiting"}
    assert (second.attempts, second.last_error) == (0, "")
    Delivery.objects.filter(state="sent").update(sent_at=timezone.now() - push.BETWEEN)
    Delivery.objects.filter(state="waiting").update(not_before=timezone.now())
    push.send_due()
    assert [shown["url"] for shown in telephone.shown] == ["/waves/1/", "/waves/5/"]
    assert telephone.shown[0]["tag"] == telephone.shown[1]["tag"]


def test_gives_way_only_to_what_goes(amina: Employee, service: PushService, subscribe: Subscribe) -> None:
    telephone = subscribe(amina)
    for number in (1, 3, 5):
        tell(amina, number)
    Delivery.objects.update(places=["waves"], not_before=timezone.now())  # none has been looked over yet
    Delivery.objects.filter(event_key="wave:5").update(target_id=-1)  # is not there any more
    for _round in range(3):
        push.send_due()
        Delivery.objects.filter(state="waiting").update(not_before=timezone.now())
    assert [shown["url"] for shown in telephone.shown] == ["/waves/3/"]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "skipped", "skipped"]


def test_ends_with_the_session(amina: Employee, service: PushService, subscribe: Subscribe, client_of: Any) -> None:
    """By whatever hand: signing out, being signed out everywhere, a new password, leaving."""
    here = client_of(amina)
    ends: list[Callable[[], object]] = [
        here.logout,
        lambda: end_sessions(employee=amina, actor=amina),
        lambda: Employee.objects.filter(pk=amina.pk).update(password=make_password("nye vafler på mandag")),
        lambda: Session.objects.update(expire_date=timezone.now()),
        lambda: PushSubscription.objects.update(expires_at=timezone.now()),
        lambda: Employee.objects.filter(pk=amina.pk).update(is_active=False),
    ]
    for number, end in enumerate(ends):
        subscribe(amina, client=here if number == 0 else None)
        delivery = tell(amina, 10 + 2 * number)
        end()
        assert send(delivery).state == "skipped", number
        amina.refresh_from_db()
    assert service.calls == []
    reading.forget_dead()
    assert not PushSubscription.objects.exists()


def test_one_address_is_claimed_by_one_at_a_time(amina: Employee, subscribe: Subscribe) -> None:
    with CaptureQueriesContext(connection) as asked:
        subscribe(amina)
    of_devices = [query["sql"] for query in asked if re.search("pg_advisory|_pushsubscription", query["sql"])]
    assert ["pg_advisory" in sql for sql in of_devices[:3]] == [True, True, False]


def test_follows_who_is_signed_in(
    amina: Employee, kari: Employee, service: PushService, subscribe: Subscribe, client_of: Any
) -> None:
    subscribe(amina)
    browser = subscribe(kari)
    assert send(tell(amina)).state == "skipped"
    assert send(tell(kari)).state == "sent"
    assert len(browser.shown) == 1
    mine = client_of(kari).get("/api/v1/devices/").json()
    assert (mine["key"], len(mine["results"])) == (vapid.public_key(), 1)
    device = mine["results"][0]["id"]
    assert client_of(amina).delete(f"/api/v1/devices/{device}/").status_code == 404
    assert client_of(kari).delete(f"/api/v1/devices/{device}/").status_code == 204
    assert send(tell(kari, 4)).state == "skipped"


@pytest.mark.parametrize(
    "host", ["http://10.0.0.1", "https://[::ffff:192.168.0.1]", "https://0xa000001", "https://a.b:25"]
)
def test_no_address_leads_inwards(
    amina: Employee, service: PushService, subscribe: Subscribe, client_of: Any, settings: Any, host: str
) -> None:
    """Neither when it is stored nor, should the network have changed since, when it is used."""
    wanted = Browser(f"{host}/x").subscription
    settings.OUTBOUND_HTTP_ON_LOOPBACK = False
    refused = client_of(amina).post("/api/v1/devices/", wanted, content_type="application/json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["endpoint"])
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    subscribe(amina)
    PushSubscription.objects.update(endpoint=f"{host}/x")
    assert send(tell(amina)).state == "failed"
    assert not PushSubscription.objects.exists()


def test_takes_no_keys_that_nothing_can_be_encrypted_with(
    amina: Employee, service: PushService, client_of: Any
) -> None:
    good = service.browser("telephone").subscription
    for broken in ({"p256dh": "x" * 87}, {"auth": "short"}, {"p256dh": ""}, {"auth": "æøå"}, {"auth": "a" * 30}):
        wanted = good | {"keys": good["keys"] | broken}
        assert client_of(amina).post("/api/v1/devices/", wanted, content_type="application/json").status_code == 400
    assert not PushSubscription.objects.exists()


def test_a_shared_device_shows_nothing(amina: Employee, service: PushService, client_of: Any) -> None:
    client = client_of(amina)
    session = client.session
    session.set_expiry(0)
    session.save()
    wanted = service.browser("telephone").subscription
    assert client.post("/api/v1/devices/", wanted, content_type="application/json").status_code == 400
    assert client.post("/notifications/ask/").status_code == 204


def test_asks_three_times_a_month_apart(
    amina: Employee, service: PushService, client_of: Any, time_machine: Any
) -> None:
    client = client_of(amina)
    answers = []
    for _month in range(4):
        answers += [client.post("/notifications/ask/").status_code for _again in range(2)]
        session, now = client.session, timezone.now()
        Session.objects.filter(pk=session.session_key).update(expire_date=now + datetime.timedelta(days=90))
        time_machine.move_to(now + datetime.timedelta(days=31))
    assert answers == [200, 204, 200, 204, 200, 204, 204, 204]


def test_is_off_without_a_key(amina: Employee, client_of: Any) -> None:
    tell(amina)
    assert push.send_due() == 0
    assert client_of(amina).get("/api/v1/devices/").json() == {"key": "", "results": []}
    assert client_of(amina).get("/settings/notifications/devices/").status_code == 200


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (201, "Prøven er sendt"),
        (403, "tar ikke imot noe herfra"),
        (410, "Varsler er slått av der"),
        (413, "av her, og på igjen"),
        (429, "svarer ikke akkurat nå"),
    ],
)
def test_a_trial_comes_or_says_why_not(
    amina: Employee, kari: Employee, subscribe: Subscribe, service: PushService, client_of: Any, status: int, said: str
) -> None:
    client = client_of(amina)
    browser = subscribe(amina, client=client)
    address = f"/settings/notifications/devices/{PushSubscription.objects.get().public_id}/trial/"
    assert address in client.get("/settings/notifications/devices/").content.decode()
    browser.answers.append((status, {}))
    assert client_of(kari).post(address).status_code == 404
    assert said in client.post(address, follow=True).content.decode()
    if status == 201:
        assert browser.shown[0]["title"] == "Dette er en prøve"
        answer = client.post(address.replace("/settings/notifications/", "/api/v1/"))
        assert (answer.status_code, "nettopp sendt" in answer.content.decode()) == (400, True)
