"""Redis only hurries things: without it people sign in, read and write, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.models import Comment
from directory.models import Employee
from feed.actions import publish_post
from groups.models import Group
from notifications.models import Notification
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
# Several tries of half a second each, on a machine that does other things; waiting without end would take minutes.
SOON = 30.0


def test_one_signs_in_reads_and_writes_without_redis(
    redis_away: None, settings: Any, make_group: Callable[..., Group], kari: Employee, amina: Employee, client: Client
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "first_sign_in": "20/10m/ip"}
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    post = publish_post(actor=kari, groups=[group], text="God morgen")
    began = time.monotonic()
    wrong = client.post("/accounts/login/", {"login": amina.email, "password": "feil"})
    assert wrong.status_code == 200
    assert client.post("/accounts/login/", {"login": amina.email, "password": PASSWORD}).status_code == 302
    for address in ("/", "/people/", "/notifications/", group.get_absolute_url(), post.get_absolute_url()):
        assert client.get(address).status_code == 200, address
    said = client.post(f"/threads/{post.thread.public_id}/comments/", {"text": "Morgen"})
    assert said.status_code == 302
    assert Comment.objects.get().text == "Morgen"
    assert client.get("/notifications/catch-up/", {"after": int(time.time() * 1000)}).json()["events"]
    assert Notification.objects.filter(recipient=kari, kind="comment").exists()
    assert time.monotonic() - began < SOON


def test_wrong_passwords_are_counted_without_redis(
    redis_away: None, settings: Any, amina: Employee, client: Client
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    for _ in range(3):
        answer = client.post("/accounts/login/", {"login": amina.email, "password": "feil"})
    assert "mange forsøk" in answer.content.decode()
    assert client.post("/accounts/login/", {"login": amina.email, "password": PASSWORD}).status_code == 200
