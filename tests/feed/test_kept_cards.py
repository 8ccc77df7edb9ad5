"""Cards are drawn once and kept: for all who see the same, and never longer than they are true."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment, delete_comment, react
from directory.models import Employee, Employment
from feed.actions import PollFacts, edit_post, publish_post
from feed.models import Post
from groups.models import Group, Membership

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["pieces"].clear()


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee, thanh: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina, thanh])


@pytest.fixture
def post(group: Group, kari: Employee, amina: Employee, make_post: Callable[..., Post]) -> Post:
    post = make_post(kari, group, text="Ukeplan", created_at=timezone.now() - datetime.timedelta(minutes=38))
    add_comment(actor=amina, thread=post.thread, text="Takk!")
    return post


def kept() -> int:
    return len(caches["pieces"]._cache)  # type: ignore[attr-defined]


def feed(client: Client) -> str:
    page = client.get("/?feed=newest").content.decode()
    return TOKEN.sub("", page[page.index('id="feed-list"') : page.index("</main>")])


def test_a_card_is_drawn_once_for_those_who_see_the_same(
    post: Post, thanh: Employee, make_employee: Any, group: Group, client_of: Callable[..., Client]
) -> None:
    other = make_employee("Ola Ness")
    Membership.objects.create(group=group, employee=other)
    assert "Ukeplan" in feed(client_of(thanh))
    assert kept() == 1
    feed(client_of(thanh))
    feed(client_of(other))
    assert kept() == 1


def test_what_changes_shows_at_once(
    post: Post, group: Group, kari: Employee, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    client = client_of(thanh)
    [comment] = post.thread.comments.all()
    changes: list[tuple[Callable[[], Any], str]] = [
        (lambda: edit_post(actor=kari, post=post, text="Ny plan"), "Ny plan"),
        (lambda: react(actor=amina, thread=post.thread, kind="heart"), "❤️"),
        (lambda: react(actor=amina, thread=post.thread, comment=comment, kind="fun"), "😄"),
        (lambda: react(actor=thanh, thread=post.thread, kind="like"), 'aria-pressed="true"'),
        (lambda: add_comment(actor=kari, thread=post.thread, text="Vaflar"), "Vaflar"),
        (lambda: delete_comment(actor=amina, comment=comment), "Vaflar"),
        (lambda: Employee.objects.filter(pk=kari.pk).update(last_name="Nygård"), "Kari Nygård"),
        (lambda: Employee.objects.filter(pk=kari.pk).update(photo="ab" * 32), "?v=abababab"),
        (lambda: Employment.objects.filter(employee=kari).update(title="Rektor"), "Rektor"),
        (lambda: Group.objects.filter(pk=group.pk).update(name="Alna aust"), "Alna aust"),
        (lambda: post.saves.create(employee=thanh), 'name="saved" value="0"'),
        (lambda: thanh.followed_people.create(followed=kari), 'name="follow" value="0"'),
        (lambda: Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now()), ""),
        (lambda: Post.objects.filter(pk=post.pk).update(hidden_at=None), "Ny plan"),
        (lambda: Employee.objects.filter(pk=kari.pk).update(protected=True), "Kollega"),
        (lambda: Membership.objects.filter(employee=thanh).delete(), ""),
    ]
    before = feed(client)
    for change, shows in changes:
        change()
        after = feed(client)
        assert shows in after
        assert after != before
        caches["pieces"].clear()
        assert after == feed(client), "drawn anew it says the same"
        before = after
    assert "post__body" not in before


def test_what_is_the_readers_own_is_not_kept(
    post: Post, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    Employee.objects.filter(pk=amina.pk).update(photo="cd" * 32)
    client = client_of(amina)
    assert client.get("/?feed=newest").content.decode().count("cdcdcdcd") > 2
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(thanh).cookies
    page = client.get("/?feed=newest").content.decode()
    [write] = re.findall(r'<form class="row row--top write".*?</form>', page, re.DOTALL)
    assert ">TN</span>" in write
    assert "cdcdcdcd" not in write
    sent = {"text": "Hei", "csrfmiddlewaretoken": TOKEN.findall(write)[0]}
    assert client.post(f"/threads/{post.thread.public_id}/comments/", sent).status_code == 302


def test_what_the_clock_changes_is_not_kept(
    post: Post, group: Group, kari: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    closes = timezone.now() + datetime.timedelta(minutes=5)
    publish_post(actor=kari, groups=[group], text="Når?", poll=PollFacts(["Nå", "Snart"], False, "counted", closes))
    before = feed(client_of(thanh))
    assert ">38 min</time>" in before
    assert 'name="choice"' in before
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10)):
        after = feed(client_of(thanh))
    assert ">48 min</time>" in after
    assert 'name="choice"' not in after
