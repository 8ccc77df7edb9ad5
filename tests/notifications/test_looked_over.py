"""What is looked at once more as a message goes: whether it still holds, and whether it has been seen meanwhile."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment, edit_comment
from directory.models import Employee
from feed.actions import publish_post
from feed.models import Post
from groups.actions import leave_group, set_notification_level
from groups.models import Group
from notifications.channels import email
from notifications.channels.ledger import about
from notifications.choices.actions import choose_topic
from notifications.fan_out import run_due_fan_outs
from notifications.models import Delivery, Notification


@pytest.fixture(autouse=True)
def mail_is_on(settings: Any) -> None:
    settings.EMAIL_HOST, settings.QUIET_HOURS = "127.0.0.1", ""


@pytest.fixture
def group(amina: Employee, kari: Employee, make_group: Callable[..., Group]) -> Group:
    return make_group("Alna vest", "open", owner=kari, members=[amina])


@pytest.fixture
def post(amina: Employee, group: Group) -> Post:
    return publish_post(actor=amina, groups=[group], text="Hei")


def hours_pass() -> None:
    Delivery.objects.update(not_before=timezone.now() - datetime.timedelta(seconds=1))
    email.send_due()


def test_answers_kept_out_of_the_inbox_say_by_mail_who_it_was(amina: Employee, kari: Employee, post: Post) -> None:
    choose_topic(actor=amina, topic="answers", channel="inbox", wanted=False)
    add_comment(actor=kari, thread=post.thread, text="Hei, du")
    assert not Notification.objects.exists()
    hours_pass()
    (message,) = mail.outbox
    assert "Kari Nordby" in f"{message.subject} {message.body}"


def test_who_reads_it_where_it_stands_gets_no_mail_of_it(
    amina: Employee, kari: Employee, post: Post, group: Group, client_of: Callable[[Employee], Client]
) -> None:
    choose_topic(actor=amina, topic="answers", channel="inbox", wanted=False)
    add_comment(actor=kari, thread=post.thread, text="Hei, du")
    publish_post(actor=kari, groups=[group], text="Et annet sted, @Amina Hassan")
    client_of(kari).get(post.get_absolute_url())
    assert Delivery.objects.filter(state="waiting").count() == 2
    client_of(amina).get(post.get_absolute_url())
    hours_pass()
    (message,) = mail.outbox
    assert "nevnte deg" in f"{message.subject} {message.body}"


def test_of_one_comment_one_mail_and_none_of_a_mention_taken_back(amina: Employee, kari: Employee, post: Post) -> None:
    comment = add_comment(actor=kari, thread=post.thread, text="Hei, du")
    edit_comment(actor=kari, comment=comment, text="Hei, @Amina Hassan")
    assert [one.kind for one in Delivery.objects.all() if about(one)] == ["mention_in_comment"]
    edit_comment(actor=kari, comment=comment, text="Hei, alle")
    assert [one.kind for one in Delivery.objects.all() if about(one)] == ["comment"]
    assert [one.kind for one in Notification.objects.all()] == ["comment"]


def test_who_has_left_a_group_hears_no_more_of_its_posts(amina: Employee, kari: Employee, group: Group) -> None:
    set_notification_level(actor=amina, group=group, level="all")
    publish_post(actor=kari, groups=[group], text="Hei alle")
    run_due_fan_outs()
    entry = Notification.objects.get(recipient=amina, kind="group_post")
    push = Delivery(
        recipient=amina, channel="push", kind=entry.kind, event_key=entry.event_key, target_id=entry.target_id
    )
    assert about(push)
    leave_group(actor=amina, group=group)
    assert about(push) is None
