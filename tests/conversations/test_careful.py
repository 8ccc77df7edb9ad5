"""A national identity number is asked about before it is sent, wherever people write."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from conversations.models import Comment
from directory.models import Employee
from feed.models import Post
from groups.models import Group
from tests.conftest import MakeGroup
from tests.core.test_national_ids import SYNTHETIC

WORDS = f"Hun har {SYNTHETIC[:6]} {SYNTHETIC[6:]} hos oss."
ASKED = "Dette ligner på et fødselsnummer"
ClientOf = Any


@pytest.fixture
def group(make_group: MakeGroup, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=amina)


def test_a_post_waits_until_its_writer_is_sure(client_of: ClientOf, amina: Employee, group: Group) -> None:
    browser, fields = client_of(amina), {"text": WORDS, "group": group.public_id, "kind": "post"}
    asked = browser.post(reverse("new_post"), fields).content.decode()
    assert ASKED in asked
    assert WORDS in asked
    assert not Post.objects.exists()
    browser.post(reverse("new_post"), fields | {"sure": "1"})
    assert Post.objects.get().text == WORDS


def test_so_do_comments_and_corrections(client_of: ClientOf, amina: Employee, group: Group, make_post: Any) -> None:
    browser, post = client_of(amina), make_post(amina, group)
    address = reverse("comment_thread", args=[post.thread.public_id])
    assert ASKED in browser.post(address, {"text": WORDS}).content.decode()
    assert not Comment.objects.exists()
    browser.post(address, {"text": "Ring meg."})
    comment = Comment.objects.get()
    for edited in (reverse("edit_comment", args=[comment.public_id]), reverse("edit_post", args=[post.public_id])):
        answer = browser.post(edited, {"text": WORDS})
        assert answer.status_code == 422
        assert ASKED in answer.content.decode()
        assert browser.post(edited, {"text": WORDS, "sure": "1"}).status_code == 302
    comment.refresh_from_db()
    post.refresh_from_db()
    assert comment.text == post.text == WORDS
