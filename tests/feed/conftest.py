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
