"""Open pages are woken by ids, never by content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from conversations.actions import add_comment
from directory.models import Employee
from feed.actions import publish_post
from groups.models import Group


@pytest.fixture
def heard() -> Iterator[Callable[[], list[tuple[str, dict[str, Any]]]]]:
    """Listen as the live process does; what was said so far, by channel."""
    with Redis.from_url(settings.REDIS_URL).pubsub() as listening:  # type: ignore[no-untyped-call]
        listening.psubscribe("live:*")
        listening.get_message(timeout=1)

        def messages() -> list[tuple[str, dict[str, Any]]]:
            found = []
            while message := listening.get_message(timeout=0.2):
                found.append((message["channel"].decode(), json.loads(message["data"])))
            return found

        yield messages


def test_a_post_and_a_comment_wake_the_group(
    make_group: Callable[..., Group],
    kari: Employee,
    amina: Employee,
    heard: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    group = make_group("Alna vest", "secret", owner=kari, members=[amina])
    with django_capture_on_commit_callbacks(execute=True):
        post = publish_post(actor=kari, groups=[group], text="Hemmelig")
        add_comment(actor=amina, thread=post.thread, text="Stille")
    said = heard()
    events = [(channel, told["event"]) for channel, told in said]
    assert (f"live:g:{group.pk}", "posts") in events
    assert (f"live:g:{group.pk}", "comments") in events
    assert (f"live:u:{kari.pk}", "notifications") in events
    assert not any("Hemmelig" in str(told) or "Stille" in str(told) for _, told in said)
    data = next(told["data"] for _, told in said if told["event"] == "posts")
    assert data["post"] == post.public_id
    assert 0 <= data["spread"] < 1
