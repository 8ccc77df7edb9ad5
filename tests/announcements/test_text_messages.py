"""Text messages of critical announcements: to whoever has not seen them, in time, for a price that was told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from announcements.actions import Content, Wording, draft_announcement, publish_announcement, withdraw_announcement
from announcements.models import Announcement, Receipt
from directory.models import Employee, Organisation, RoleGrant
from groups.audience_input import parse_audience
from notifications.channels import sms
from notifications.fan_out import run_fan_out
from notifications.models import Delivery, FanOut, NotificationSettings
from tests.notifications.sms_gateway import FakeGateway, running_gateway


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[FakeGateway]]:
    settings.SMS_PRICE = Decimal("0.45")
    with running_gateway(settings) as running:
        yield running


@pytest.fixture
def liv_on_watch(liv: Employee) -> Employee:
    Organisation.objects.create(pk=1, name="Oslo kommune", second_pair_of_eyes=False)
    RoleGrant.objects.create(employee=liv, role="preparedness")
    return liv


@pytest.fixture
def reached(amina: Employee, kari: Employee) -> list[Employee]:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="912 34 567")
    Employee.objects.filter(pk=kari.pk).update(private_mobile="987 65 432")
    return [amina, kari]


def draft(author: Employee, level: str = "critical", title: str = "Vannet kan ikke drikkes") -> Announcement:
    terms = parse_audience({"include": [{"kind": "everyone"}]}, employee=author)
    content = Content(texts={"nb": Wording(title, "Kok vannet.")}, terms=terms, level=level)
    return draft_announcement(actor=author, content=content)


def send(announcement: Announcement) -> None:
    publish_announcement(actor=announcement.author, announcement=announcement)
    for pk in FanOut.objects.exclude(state="done").values_list("pk", flat=True):
        run_fan_out(pk)


def half_an_hour_later() -> None:
    Delivery.objects.filter(channel="sms").update(not_before=timezone.now())
    sms.send_due()


def test_who_has_not_seen_it_in_half_an_hour_gets_one(
    liv_on_watch: Employee, reached: list[Employee], gateway: type[FakeGateway], settings: Any
) -> None:
    settings.QUIET_HOURS = "00:00-23:59"
    amina, kari = reached
    away = timezone.now() + datetime.timedelta(days=9)
    NotificationSettings.objects.create(employee=kari, paused_until=away)
    send(sent := draft(liv_on_watch))
    waiting = Delivery.objects.filter(channel="sms")
    assert set(waiting.values_list("recipient", flat=True)) == {amina.pk, kari.pk}
    assert all(one.not_before - timezone.now() > datetime.timedelta(minutes=29) for one in waiting)
    assert sms.send_due() == 0
    Receipt.objects.filter(announcement=sent, employee=amina).update(seen_at=timezone.now())
    half_an_hour_later()
    half_an_hour_later()
    (message,) = gateway.taken
    assert message["to"] == "+4798765432"
    assert message["text"].startswith("Kritisk fra Oslo kommune: Vannet kan ikke drikkes - Les den nå: http")
    assert sms.parts_of(message["text"]) == 1


def test_those_who_share_a_telephone_get_one_and_whoever_sends_it_none(
    client: Client, liv_on_watch: Employee, reached: list[Employee], gateway: type[FakeGateway]
) -> None:
    _amina, kari = reached
    Employee.objects.filter(pk=kari.pk).update(private_mobile="", work_phone="+47 (0) 912 34 567")
    Employee.objects.filter(pk=liv_on_watch.pk).update(private_mobile="400 54 262")
    client.force_login(liv_on_watch)
    written = draft(liv_on_watch)
    assert client.get(f"/api/v1/announcements/{written.public_id}/").json()["text_messages"]["most"] == 1
    send(written)
    assert not Delivery.objects.filter(recipient=liv_on_watch, event_key=f"announcement:{written.pk}").exists()
    assert Receipt.objects.get(announcement=written, employee=liv_on_watch).seen_at
    half_an_hour_later()
    assert [one["to"] for one in gateway.taken] == ["+4791234567"], "in a crisis the mobile for work will do"
    assert sorted(Delivery.objects.filter(channel="sms").values_list("state", flat=True)) == ["sent", "skipped"]


def test_none_goes_once_it_is_withdrawn_and_none_of_what_is_not_critical(
    liv_on_watch: Employee, reached: list[Employee], gateway: type[FakeGateway]
) -> None:
    send(draft(liv_on_watch, level="normal"))
    assert not Delivery.objects.filter(channel="sms").exists()
    send(sent := draft(liv_on_watch))
    withdraw_announcement(actor=liv_on_watch, announcement=Announcement.objects.get(pk=sent.pk))
    half_an_hour_later()
    assert gateway.taken == []
    assert set(Delivery.objects.filter(channel="sms").values_list("state", flat=True)) == {"skipped"}


def test_the_price_is_told_before_it_is_sent(
    client: Client, liv_on_watch: Employee, reached: list[Employee], gateway: type[FakeGateway], settings: Any
) -> None:
    client.force_login(liv_on_watch)
    written = draft(liv_on_watch, title="Vannet " * 16)
    told = client.get(f"/api/v1/announcements/{written.public_id}/").json()["text_messages"]
    assert told == {"most": 2, "parts": 2, "minutes": 30, "kroner": 2}
    address = reverse("publish_announcement", args=[written.public_id])
    page = " ".join(client.get(address).content.decode().split())
    assert "På tekstmelding, høyst</span><strong>2 av " in page
    assert "Den som ikke har sett den etter 30 minutter, får en tekstmelding." in page
    assert "Det koster høyst 2 kroner." in page
    assert "regnes som 2 meldinger" in page
    settings.SMS_GATEWAY_URL = ""
    assert "tekstmelding" not in client.get(address).content.decode()
    assert client.get(f"/api/v1/announcements/{written.public_id}/").json()["text_messages"] is None
