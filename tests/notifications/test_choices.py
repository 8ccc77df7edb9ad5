"""What people choose about notifications, on the page, on the spot and by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.actions import add_comment
from conversations.models import Thread
from directory.models import Employee
from feed.actions import publish_post
from groups.actions import set_notification_level
from groups.models import Group
from notifications.choices.actions import choose_topic
from notifications.fan_out import run_fan_out
from notifications.inbox import load_inbox
from notifications.models import Delivery, FanOut, Notification, NotificationSettings, PlaceLevel, Preference

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


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet": "own"},
        {"quiet": "own", "quiet_from": "25:00", "quiet_to": "06:00"},
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
    assert client.post(address, {"less": "sms"}, follow=True).status_code == 200


def test_a_muted_conversation_and_a_quiet_group_stay_in_the_inbox(
    commented: Notification, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    thread = Thread.objects.get()
    client_of(amina).post(f"/notifications/{commented.public_id}/why/", {"less": f"thread:{thread.public_id}"})
    add_comment(actor=kari, thread=thread, text="Er du der?")
    assert (len(load_inbox(amina)), Delivery.objects.filter(recipient=amina).count()) == (2, 1)

    PlaceLevel.objects.all().delete()
    set_notification_level(actor=amina, group=Group.objects.get(), level="quiet")
    add_comment(actor=kari, thread=thread, text="Hallo?")
    assert (len(load_inbox(amina)), Delivery.objects.filter(recipient=amina).count()) == (3, 1)

    set_notification_level(actor=amina, group=Group.objects.get(), level="important")
    add_comment(actor=kari, thread=thread, text="Ring meg")
    assert Delivery.objects.filter(recipient=amina).count() == 2


def test_the_unread_come_first_and_are_read_one_by_one(
    commented: Notification, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    add_comment(actor=kari, thread=Thread.objects.get(), text="Er du der?")
    newest = load_inbox(amina)[0]
    client_of(amina).post(f"/notifications/{newest.key}/read/")
    assert [line.unread for line in load_inbox(amina)] == [True, False]
    assert load_inbox(amina)[0].key == commented.public_id


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
    assert {row["topic"]: row["wanted"].get("email") for row in told["topics"]}["answers"] is False
    for wrong in ({"quiet_from": "21:00"}, {"digest": "hourly"}, {"choices": [{"channel": "email", "wanted": False}]}):
        refused = client.patch(address, wrong, content_type="application/json")
        assert refused.status_code == 400, wrong
    assert client.get(address).json() == told


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
