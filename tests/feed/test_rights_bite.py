"""A right that ends ends everywhere at once: leaving, being removed, closing the group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from conversations.actions import add_attachment, add_comment
from conversations.files import Upload, examine
from directory.models import Employee
from feed.models import Post
from groups.actions import close_group, leave_group, remove_member
from groups.models import Group
from intranet.live.readers import channels_of
from tests.conversations.pictures import picture

WORDS = "Hemmelig vaffeloppskrift"


def surfaces(post: Post, group: Group, reader: Employee) -> dict[str, str]:
    """Everywhere the post could show, by name; `WORDS` or an answer other than 404 betrays it."""
    file = post.thread.attachments.get()
    return {
        "post": f"/posts/{post.public_id}/",
        "comments": f"/threads/{post.thread.public_id}/comments/",
        "reactions": f"/threads/{post.thread.public_id}/reactions/",
        "file": f"/files/{file.public_id}/",
        "thumbnail": f"/files/{file.public_id}/?width=400",
        "older in the group": f"/feed/groups/{group.public_id}/older/",
        "api": f"/api/v1/posts/{post.public_id}/",
        "api comments": f"/api/v1/posts/{post.public_id}/comments/",
        "home": "/",
        "newest": "/?feed=newest",
        "leaders": "/?feed=leaders",
        "older": "/feed/older/?feed=newest",
        "search": "/search/?q=vaffeloppskrift",
        "author": post.author.get_absolute_url(),
        "api feed": "/api/v1/posts/",
        "pill": "/feed/new-count/?since=2020-01-01T00:00:00Z",
    }


def leave(group: Group, kari: Employee, amina: Employee) -> None:
    leave_group(actor=amina, group=group)


def be_removed(group: Group, kari: Employee, amina: Employee) -> None:
    remove_member(actor=kari, group=group, employee=amina)


def close_down(group: Group, kari: Employee, amina: Employee) -> None:
    close_group(actor=kari, group=group)


@pytest.mark.parametrize("end", [leave, be_removed, close_down])
@pytest.mark.parametrize("privacy", ["closed", "secret"])
def test_a_right_that_ends_ends_everywhere_at_once(
    end: Callable[[Group, Employee, Employee], Any],
    privacy: str,
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    kari: Employee,
    amina: Employee,
    client_of: Callable[..., Client],
) -> None:
    group = make_group("Vaffellaget", privacy, owner=kari, members=[amina])
    post = make_post(kari, group, text=WORDS)
    add_comment(actor=kari, thread=post.thread, text=WORDS)
    add_attachment(actor=kari, thread=post.thread, stored=examine(Upload(picture(), "v.png", "Vafler")))
    places, client = surfaces(post, group, amina), client_of(amina)
    for name in ("post", "file", "thumbnail", "api", "comments"):
        assert client.get(places[name]).status_code in (200, 302), name
    for name in ("home", "newest", "leaders", "search", "author", "api feed"):
        assert WORDS in client.get(places[name]).content.decode(), name
    assert f"g:{group.pk}" in channels_of([amina.pk])[amina.pk]
    end(group, kari, amina)
    for name, address in places.items():
        answer: Any = client.get(address)
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert WORDS not in shown.decode(errors="replace"), name
        if name in ("post", "comments", "reactions", "file", "thumbnail", "older in the group", "api", "api comments"):
            assert answer.status_code == 404, name
    assert client.get(places["pill"]).content.strip() == b""
    assert f"g:{group.pk}" not in channels_of([amina.pk])[amina.pk]
