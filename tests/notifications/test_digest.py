"""The summary by e-mail: once, at its hour, never empty, never what was told by e-mail before."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from conversations.models import Comment, Thread
from directory.models import Employee
from feed.models import Placement, Post
from groups.models import Membership
from notifications.actions import mark_all_read, notify
from notifications.channels import email
from notifications.choices.actions import change_settings, choose_topic
from notifications.digests.preparing import prepare_digests
from notifications.digests.reading import Digest, Stretch
from notifications.kinds import kinds
from notifications.models import Delivery, Notification, NotificationSettings, PlaceLevel
from tests.conftest import MakeGroup
from tests.notifications.mail_sink import Calls

pytestmark = pytest.mark.django_db


class Later(Calls):
    """Mailed by itself after some hours."""

    key = "tests.call"
    email_after = datetime.timedelta(hours=4)

    def render(self, part: str, bundle: Any, target: str, **context: Any) -> str:
        return f"Ring om {target}"


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    kinds.add(Later.key, Later())
    yield
    kinds._items.pop(Later.key)


@pytest.fixture
def daily(amina: Employee) -> Employee:
    NotificationSettings.objects.create(employee=amina, digest="daily")
    return amina


def at(day: str, hour: str = "07:00", *, zone: str = "+01:00") -> time_machine.travel:
    return time_machine.travel(datetime.datetime.fromisoformat(f"{day}T{hour}:00{zone}"), tick=False)


def call(person: Employee, number: int, *, moment: datetime.datetime | None = None) -> None:
    """Something told to the person in the inbox alone."""
    facts = {"kind": Later.key, "event_key": f"tests.call:{number}", "target_id": number}
    Notification.objects.create(recipient=person, created_at=moment or timezone.now(), **facts)


def digests() -> list[str]:
    """Prepare and send what is due; return the texts of the digests that went."""
    prepare_digests()
    email.send_due()
    texts = [str(message.body) for message in mail.outbox if "List-Id" in message.extra_headers]
    mail.outbox.clear()
    return texts


def test_once_a_day_at_its_hour_and_nothing_twice(daily: Employee) -> None:
    with at("2026-11-24", "06:59"):
        call(daily, 1, moment=timezone.now() - datetime.timedelta(hours=2))
        call(daily, 2, moment=timezone.now() - datetime.timedelta(days=3))
        assert digests() == []
    with at("2026-11-24"):
        (text,) = digests()
        assert "Ring om call 1" in text
        assert "Ring om call 2" not in text, "the first one tells of a day"
        assert digests() == []
    with at("2026-11-24", "09:30"):
        call(daily, 3)
        assert digests() == []
    with at("2026-11-25", "07:01"):
        (text,) = digests()
        assert "call 3" in text
        assert "call 1" not in text


def test_never_empty(daily: Employee) -> None:
    with at("2026-11-24", "05:00"):
        call(daily, 1)
        mark_all_read(reader=daily)
    with at("2026-11-24"):
        assert digests() == []
        assert list(Delivery.objects.values_list("kind", "state")) == [("digest", "skipped")]


def test_what_waited_to_be_mailed_is_told_there_instead(daily: Employee, kari: Employee) -> None:
    with at("2026-11-24", "01:00"):
        notify(kind=Later.key, recipients=[daily.pk], event_key="tests.call:1", actor=kari, target_id=1)
        Delivery.objects.update_or_create(
            recipient=daily,
            event_key="tests.call:1",
            channel="email",
            defaults={"kind": Later.key, "target_id": 1, "state": "sent"},
        )
    with at("2026-11-24", "05:00"):
        call(daily, 2)
        waiting = timezone.now() + datetime.timedelta(hours=4)
        facts = {"kind": Later.key, "event_key": "tests.call:2", "target_id": 2, "not_before": waiting}
        Delivery.objects.create(recipient=daily, channel="email", **facts)
    with at("2026-11-24"):
        (text,) = digests()
        assert "call 1" not in text, "that was mailed"
        assert "call 2" in text
    with at("2026-11-24", "10:00"):
        assert email.send_due() == 0
        assert mail.outbox == []


def test_one_that_could_not_be_sent_tells_the_same_later(daily: Employee, settings: Any) -> None:
    with at("2026-11-24", "06:00"):
        call(daily, 1)
    backend = settings.EMAIL_BACKEND
    with at("2026-11-24"):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        assert digests() == []
    with at("2026-11-25", "07:00"):
        call(daily, 2, moment=timezone.now() - datetime.timedelta(hours=1))
        settings.EMAIL_BACKEND = backend
        (text,) = digests()
        assert "call 1" in text
        assert "call 2" not in text
    with at("2026-11-26", "07:00"):
        (text,) = digests()
        assert "call 2" in text
        assert "call 1" not in text


def test_what_was_silenced_is_not_told(daily: Employee, kari: Employee, make_group: MakeGroup) -> None:
    group = make_group("Alna vest", "open", owner=kari, members=[daily])
    thread = Thread.objects.create(owner_kind="post")
    Placement.objects.create(
        post=Post.objects.create(author=daily, thread=thread, text="Hei"), group=group, placed_by=daily
    )
    comment = Comment.objects.create(thread=thread, author=kari, text="Svar")
    told = {"recipient": daily, "actor": kari, "target_id": comment.pk}
    Notification.objects.create(kind="comment", event_key="comment:1", **told)
    now = timezone.now()
    digest = Digest(daily, Stretch(now - datetime.timedelta(hours=1), now + datetime.timedelta(hours=1)))
    assert len(digest.lines) == 1
    for place in (f"thread:{thread.public_id}", f"g:{group.pk}"):
        silent = PlaceLevel.objects.create(employee=daily, place=place, level=PlaceLevel.Level.NOTHING)
        assert replace(digest).lines == []
        silent.delete()
    choose_topic(actor=daily, topic="answers", channel="email", wanted=False)
    assert replace(digest).lines == []


def test_what_comes_by_the_hundred_hides_nothing(daily: Employee) -> None:
    with at("2026-11-24", "05:00"):
        call(daily, 1)
    with at("2026-11-24", "06:00"):
        facts = {"recipient": daily, "kind": Later.key, "target_id": 2, "bundle_key": "calls"}
        Notification.objects.bulk_create([Notification(event_key=f"{number}", **facts) for number in range(510)])
    with at("2026-11-24"):
        (text,) = digests()
        assert "call 1" in text


def test_a_week_in_one(daily: Employee) -> None:
    NotificationSettings.objects.update(digest="weekly")
    with at("2026-11-24"):
        call(daily, 1)
        assert digests() == []
    with at("2026-11-30"):
        (text,) = digests()
        assert "call 1" in text


def test_one_that_waits_goes_to_nobody_who_is_away_or_has_turned_it_off(daily: Employee) -> None:
    with at("2026-11-24"):
        for chosen in ({"paused_until": timezone.now() + datetime.timedelta(days=9)}, {"digest": "off"}):
            Delivery.objects.all().delete()
            call(daily, 1, moment=timezone.now() - datetime.timedelta(hours=1))
            prepare_digests()
            change_settings(actor=daily, **chosen)
            assert digests() == []
            assert Delivery.objects.get().state == "skipped"
            change_settings(actor=daily, paused_until=None)
            Notification.objects.all().delete()


def test_not_while_paused_nor_after_leaving(daily: Employee) -> None:
    with at("2026-11-24", "06:00"):
        call(daily, 1)
        NotificationSettings.objects.update(paused_until=timezone.now() + datetime.timedelta(days=2))
    with at("2026-11-24"):
        assert digests() == []
    with at("2026-11-27"):
        prepare_digests()
        Employee.objects.filter(pk=daily.pk).update(is_active=False)
        assert digests() == []
        assert Delivery.objects.get().state == "skipped"


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        # Summer time begins: two o'clock is left out.
        ("2026-03-29", ["00:59", "01:00", "01:30"]),
        # It ends: half past two comes twice.
        ("2026-10-25", ["00:00", "00:30", "01:30", "02:30"]),
    ],
)
def test_once_on_the_night_the_clocks_are_changed(daily: Employee, day: str, moments: list[str]) -> None:
    NotificationSettings.objects.update(digest_hour=2)
    with at(day, "00:10", zone="+01:00"):
        call(daily, 1)
    sent = []
    for moment in moments:
        with at(day, moment, zone="+00:00"):
            sent += [moment for _ in digests()]
    assert sent == [moments[1] if day == "2026-03-29" else moments[0]]


@pytest.mark.parametrize(("chosen", "shown"), [(False, False), (True, True)])
def test_closed_places_stay_closed(
    daily: Employee, kari: Employee, make_group: MakeGroup, chosen: bool, shown: bool
) -> None:
    NotificationSettings.objects.update(closed_text_in_email=chosen)
    group = make_group("Nattevakta", "secret", owner=kari, members=[daily])
    Membership.objects.update(joined_at=timezone.now() - datetime.timedelta(days=400))
    with at("2026-11-24", "06:00"):
        thread = Thread.objects.create(owner_kind="post")
        post = Post.objects.create(author=kari, thread=thread, text="Hemmelig plan")
        Placement.objects.create(post=post, group=group, placed_by=kari)
        comment = Comment.objects.create(thread=thread, author=kari, text="Hemmelig svar")
        facts = {"kind": "reply", "event_key": "comment:1", "target_id": comment.pk, "actor": kari}
        Notification.objects.create(recipient=daily, **facts)
    with at("2026-11-24"):
        prepare_digests()
        email.send_due()
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    whole = f"{message.subject!s} {message.body!s} {message.alternatives[0][0]!s}"
    assert "Kari Nordby svarte deg" in whole
    assert ("1 nytt innlegg i Nattevakta" in whole) is shown
    assert ("1 nytt innlegg i en skjult gruppe" in whole) is not shown
    assert ("nattevakta" in whole.lower()) is shown, "nor do addresses name it"
    assert "Hemmelig" not in whole


def test_can_be_turned_off_with_one_click_and_on_again(daily: Employee) -> None:
    NotificationSettings.objects.update(digest="weekly")
    with at("2026-11-30"):
        call(daily, 1, moment=timezone.now() - datetime.timedelta(hours=1))
        prepare_digests()
        email.send_due()
    path = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    page = Client().post(path, {"List-Unsubscribe": "One-Click"})
    assert NotificationSettings.objects.get().digest == "off"
    assert 'name="former" value="weekly"' in page.content.decode()
    Client().post(path, {"former": "weekly"})
    assert NotificationSettings.objects.get().digest == "weekly"
