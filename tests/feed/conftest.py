from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conversations.models import Thread
from directory.models import Employee
from feed.models import Placement, Post
from groups.models import Group

MakePost = Callable[..., Post]


@pytest.fixture
def make_post(db: None) -> MakePost:
    """Store a post without asking anyone: `make_post(kari, group, "Hei", created_at=…)`."""

    def make(author: Employee, *groups: Group, text: str = "Hei", **facts: Any) -> Post:
        post = Post.objects.create(author=author, thread=Thread.objects.create(owner_kind="post"), text=text, **facts)
        for group in groups:
            Placement.objects.create(post=post, group=group, published_at=post.created_at, placed_by=author)
        return post

    return make


@pytest.fixture
def alna(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    """A closed group that Kari owns and Amina is in."""
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


@pytest.fixture
def town(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    """The same, open."""
    return make_group("Hele Oslo", owner=kari, members=[amina])
