"""What people choose about notifications, on the page, on the spot and by the API."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import add_comment
from conversations.models import Thread
from directory.models import Employee, OrgUnit
from feed.actions import publish_post
from groups.actions import set_notification_level
from groups.models import Group
from notifications.choices.actions import change_settings, choose_kind, choose_topic, set_unit_hours
from notifications.choices.by_mail import ON, turn_off, turn_on, wants_email
from notifications.choices.reading import Chosen
from notifications.fan_out import run_fan_out
from notifications.inbox import load_inbox
from notifications.kinds import kinds
from notifications.models import Delivery, FanOut, Notification, NotificationSettings, PlaceLevel, Preference
from notifications.unsubscribing import Choice

ClientOf = Callable[[Employee], Client]


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    settings.EMAIL_HOST = "127.0.0.1"


def test_the_page_keeps_what_was_chosen(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    client.get("/settings/notifications/")
    given = {"quiet": "own", "quiet_from": "22:00", "quiet_to": "07.30", "digest": "daily", "digest_hour": "8"}
    boxes = {"announcements.email": "on", "answers.inbox": "on", "reactions.inbox": "on"}
    assert client.post("/settings/notifications/", given | boxes).status_code == 302
    kept = NotificationSettings.objects.get()
    assert (f"{kept.quiet_from:%H%M}", f"{kept.quiet_to:%H%M}", kept.digest, kept.digest_hour) == (
        "2200",
        "0730",
        "daily",
        8,
    )
    off = Preference.objects.filter(wanted=False).values_list("kind", "channel")
    assert ("topic:answers", "email") in off
    assert ("topic:announcements", "email") not in off
    assert "22:00" in client.get("/settings/notifications/").content.decode()


def test_a_page_that_stood_open_takes_back_nothing(amina: Employee, client_of: ClientOf) -> None:
    client, address = client_of(amina), "/settings/notifications/"
    form = client.get(address).context["form"]
    shown = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    choose_topic(actor=amina, topic="mentions", channel="email", wanted=False)
    change_settings(actor=amina, digest="weekly", quiet_from=datetime.time(21), quiet_to=datetime.time(5))
    assert client.post(address, shown | {"digest_hour": "9", "reactions.inbox": ""}).status_code == 302
    kept = NotificationSettings.objects.get()
    assert (kept.digest, kept.quiet_from, kept.digest_hour) == ("weekly", datetime.time(21), 9)
    off = set(Preference.objects.filter(wanted=False).values_list("kind", "channel"))
    assert off == {("topic:mentions", "email"), ("topic:reactions", "inbox")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet": "own"},
        {"quiet": "own", "quiet_from": "25:00", "quiet_to": "06:00"},
        {"quiet": "own", "quiet_from": "22:00", "quiet_to": "22:00"},
        {"paused_until": "2020-01-01"},
        {"paused_until": "9999-12-31"},
        {"digest_hour": "99"},
        {"digest": "hourly"},
    ],
)
def test_bad_input_is_told_at_its_place_and_nothing_is_stored(
    amina: Employee, client_of: ClientOf, wrong: dict[str, str]
) -> None:
    given = {"quiet": "usual", "digest": "off", "digest_hour": "7"} | wrong
    answer = client_of(amina).post("/settings/notifications/", given)
    assert (answer.status_code, "aria-invalid" in answer.content.decode()) == (422, True)
    assert not NotificationSettings.objects.exists()
    assert not Preference.objects.exists()


@pytest.fixture
def commented(amina: Employee, kari: Employee, make_group: Callable[..., Group]) -> Notification:
    """Kari has answered Amina's post; the mail waits."""
    group = make_group("Alna vest", "open", owner=kari, members=[amina])
    post = publish_post(actor=amina, groups=[group], text="Hei")
    add_comment(actor=kari, thread=post.thread, text="Hei, du")
    return Notification.objects.get(recipient=amina)


def test_less_of_this_on_the_spot_and_back_again(
    commented: Notification, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    client, address = client_of(amina), f"/notifications/{commented.public_id}/why/"
    assert "fordi noen svarte deg" in client.get(address).content.decode()
    assert client_of(kari).get(address).status_code == 404
    page = client.post(address, {"less": "email"}, follow=True).content.decode()
    assert Delivery.objects.get(recipient=amina).state == "skipped"
    assert f"{address}?undo&amp;less=email" in page
    client.post(f"{address}?undo&less=email")
    assert Delivery.objects.get(recipient=amina).state == "waiting"
    for other in ("sms", "thread:", "thread:elsewhere"):
        assert "kan ikke slås av" in client.post(address, {"less": other}, follow=True).content.decode()
    assert not PlaceLevel.objects.exists()


def test_fewer_mails_and_back_again_is_as_before(commented: Notification, amina: Employee) -> None:
    choose_kind(actor=amina, kind="comment", channel="email", wanted=False)
    choice, before = Choice(amina, kinds.get("reply")), Chosen.of(amina).rows
    former = turn_off(choice=choice)
    assert (wants_email(choice), turn_off(choice=choice)) == (False, ON)
    for known in (former, ON):
        turn_on(choice=choice, former=known)
        assert wants_email(choice)
        assert before.items() <= Chosen.of(amina).rows.items()
    assert Delivery.objects.get(recipient=amina).state == "skipped"


def test_what_was_turned_off_long_ago_stays_so(commented: Notification, amina: Employee) -> None:
    choose_topic(actor=amina, topic="answers", channel="email", wanted=False)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=2))
    choose_topic(actor=amina, topic="answers", channel="email", wanted=True)
    assert Delivery.objects.get(recipient=amina).state == "skipped"


def test_who_is_never_quiet_waits_for_no_morning(commented: Notification, amina: Employee, city: Any) -> None:
    never, waits = datetime.time(0), Delivery.objects.filter(recipient=amina)
    for change in (
        lambda: change_settings(actor=amina, quiet_from=never, quiet_to=never),
        lambda: set_unit_hours(actor=amina, unit=amina.employments.get().unit, hours=(never, never)),
    ):
        waits.update(not_before=timezone.now() + timedelta(hours=14))
        OrgUnit.objects.update(leader=amina)
        change()
        assert waits.get().not_before - waits.get().created_at == timedelta(hours=4)


def test_a_muted_conversation_and_a_quiet_group_stay_in_the_inbox(
    commented: Notification, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    thread = Thread.objects.get()
    client_of(amina).post(f"/notifications/{commented.public_id}/why/", {"less": f"thread:{thread.public_id}"})
    add_comment(actor=kari, thread=thread, text="Er du der?")
    assert (amina.notifications.count(), amina.deliveries.count()) == (2, 1)

    PlaceLevel.objects.all().delete()
    set_notification_level(actor=amina, group=Group.objects.get(), level="quiet")
    add_comment(actor=kari, thread=thread, text="Hallo?")
    assert (amina.notifications.count(), amina.deliveries.count()) == (3, 1)

    set_notification_level(actor=amina, group=Group.objects.get(), level="important")
    add_comment(actor=kari, thread=thread, text="Ring meg")
    assert Delivery.objects.filter(recipient=amina).count() == 2


def test_the_unread_come_first_and_are_read_one_by_one(
    commented: Notification, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    add_comment(actor=kari, thread=Thread.objects.get(), text="Er du der, @Amina Hassan?")
    newest = load_inbox(amina).lines[0]
    client_of(amina).post(f"/notifications/{newest.key}/read/")
    assert [line.unread for line in load_inbox(amina).lines] == [True, False]
    assert load_inbox(amina).lines[0].key == commented.public_id


def test_out_of_the_inbox(commented: Notification, amina: Employee, kari: Employee) -> None:
    choose_topic(actor=amina, topic="answers", channel="inbox", wanted=False)
    add_comment(actor=kari, thread=Thread.objects.get(), text="Er du der?")
    assert Notification.objects.filter(recipient=amina).count() == 1


def test_the_api_says_and_changes_the_same(amina: Employee, client_of: ClientOf) -> None:
    client, address = client_of(amina), "/api/v1/me/notification-settings/"
    choices = [{"topic": "answers", "channel": "email", "wanted": False}]
    given = {"quiet_from": "21:00", "quiet_to": "06:00", "choices": choices}
    told = client.patch(address, given, content_type="application/json").json()
    assert (told["quiet_from"], told["digest"]) == ("21:00:00", "off")
    assert told["quiet_hours"] == {"starts": "21:00:00", "ends": "06:00:00"}
    assert {row["topic"]: row["wanted"].get("email") for row in told["topics"]}["answers"] is False
    off = {"channel": "email", "wanted": False}
    roadless = [{"kind": "mention", "channel": "inbox"}, {"kind": "comment", "channel": "sms"}, {"topic": "answers"}]
    refused = [[{}], [off], choices * 51, *([{"channel": "sms", "wanted": False} | one] for one in roadless)]
    for wrong in ({"quiet_from": None}, {"digest": "hourly"}, *({"choices": each} for each in refused)):
        answer = client.patch(address, wrong, content_type="application/json")
        assert answer.status_code == 400, wrong
    assert client.get(address).json() == told
    with CaptureQueriesContext(connection) as asked:
        given = {"quiet_from": "21:30", "choices": choices}
        assert client.patch(address, given, content_type="application/json").json()["quiet_from"] == "21:30:00"
    # Two devices at once wait for each other before anything of it is written.
    of_choices = [query["sql"] for query in asked if re.search("pg_advisory|notifications_", query["sql"])]
    assert "pg_advisory_xact_lock" in of_choices[0]


def test_who_wants_all_posts_of_a_group_is_told_of_each(
    amina: Employee, kari: Employee, thanh: Employee, make_group: Callable[..., Group]
) -> None:
    group = make_group("Alna vest", "open", owner=kari, members=[amina, thanh])
    set_notification_level(actor=amina, group=group, level="all")
    for text in ("Hei alle", "Fint vær"):
        publish_post(actor=kari, groups=[group], text=text)
    publish_post(actor=kari, groups=[group], text="Hei, @Amina Hassan")
    for fan_out in FanOut.objects.filter(job="feed.tell_group"):
        run_fan_out(fan_out.pk)
    assert list(Notification.objects.filter(kind="group_post").values_list("recipient", flat=True)) == [amina.pk] * 2
