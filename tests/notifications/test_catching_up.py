"""What a page asks once after its stream was away."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment
from directory.models import Employee
from feed.actions import publish_post
from notifications.catching_up import LATE, LONGEST_AWAY, moment_of

pytestmark = pytest.mark.django_db
ADDRESS = "/notifications/catch-up/"


def number(ago: datetime.timedelta = datetime.timedelta()) -> str:
    return str(int((timezone.now() - ago).timestamp() * 1000))


def ask(client: Client, after: str, *threads: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(ADDRESS, {"after": after, "thread": threads}).json()
    return answer


def test_what_was_missed_is_told_once(
    amina: Employee, kari: Employee, make_group: Any, client_of: Callable[[Employee], Client], time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=True)
    client, group = client_of(amina), make_group("Alna vest", "secret", owner=kari, members=[amina])
    before = number(LATE)
    assert ask(client, before)["events"] == []
    post = publish_post(actor=kari, groups=[group], text="Hemmelig oppskrift")
    add_comment(actor=kari, thread=post.thread, text="Se her, @Amina Hassan", mentioned=[amina.public_id])
    answer = ask(client, before, post.thread.public_id)
    kinds = {event["type"] for event in answer["events"]}
    assert kinds == {"notifications", "posts", "comments"}
    assert answer["unread"] == 1
    assert "Hemmelig" not in str(answer)
    # What may have been stored late is told again; then nothing more.
    assert ask(client, answer["id"], post.thread.public_id)["events"]
    time_machine.shift(LATE * 2)
    assert ask(client, number(), post.thread.public_id)["events"] == []


def test_threads_one_may_not_see_are_silent(
    amina: Employee, kari: Employee, make_group: Any, client_of: Callable[[Employee], Client]
) -> None:
    secret = make_group("Ledere", "secret", owner=kari)
    post = publish_post(actor=kari, groups=[secret], text="Bare oss")
    add_comment(actor=kari, thread=post.thread, text="Ja")
    assert ask(client_of(amina), number(), post.thread.public_id, "AAAAAAAAAAAA", "x" * 5000)["events"] == []


def test_a_number_that_tells_nothing_means_reload(amina: Employee, client_of: Callable[[Employee], Client]) -> None:
    client = client_of(amina)
    too_old, ahead = number(LONGEST_AWAY * 2), number(datetime.timedelta(hours=-2))
    for after in ("", "abc", "-5", "٣", "9" * 30, too_old, ahead):
        answer = ask(client, after)
        assert answer["reload"] is True, after
        assert "events" not in answer


def test_it_looks_back_a_little_further_than_asked() -> None:
    now = timezone.now()
    moment = moment_of(str(int(now.timestamp() * 1000)), now)
    assert moment is not None
    assert abs(now - LATE - moment) < datetime.timedelta(seconds=1)


def test_it_costs_few_queries_and_nobody_else_is_answered(
    amina: Employee, client_of: Callable[[Employee], Client], client: Client, django_assert_max_num_queries: Any
) -> None:
    mine = client_of(amina)
    ask(mine, number())
    with django_assert_max_num_queries(9):
        ask(mine, number(), "AAAAAAAAAAAA")
    assert client.get(ADDRESS).status_code == 302
