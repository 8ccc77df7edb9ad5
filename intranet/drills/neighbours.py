"""Two who go on as ever while something is away: one writes, the other answers, both read."""

from __future__ import annotations

import http.client
import threading
import time

from django.db import connections

from conversations.models import Comment
from directory.models import Employee
from feed.models import Placement, Post
from intranet.drills.people import Program, Visitor
from notifications.models import Notification

PAUSE = 1.0
TEXT = "Mens noe er borte"


class Neighbours(threading.Thread):
    """Goes round until it is stopped; counts what was answered well, and keeps what was not."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.author, self.other, self.group = find_neighbours()
        self._writing, self._answering = Program(self.author, port), Program(self.other, port)
        self._reading = Visitor(self.author, port)
        self._over = threading.Event()
        # Seconds for a page, each time.
        self.taken: list[float] = []
        self.errors: list[str] = []
        self.posts = self.comments = 0

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._go_round()
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(f"{type(error).__name__}: {error}")
            self._over.wait(PAUSE)
        connections.close_all()

    def stop(self) -> None:
        """End with the round that is under way."""
        self._over.set()
        self.join(60)

    def stored(self) -> tuple[int, int, int]:
        """Return how many posts, comments and notices of them there are."""
        posts = Post.objects.filter(author=self.author, text__startswith=TEXT)
        comments = Comment.objects.filter(author=self.other, text__startswith=TEXT)
        told = Notification.objects.filter(recipient=self.author, kind="comment", target_id__in=comments)
        return posts.count(), comments.count(), told.count()

    def _go_round(self) -> None:
        self._reading.sign_in()
        self._timed("/")
        number = self._asked(self._writing, "posts/", 201, group=self.group, text=f"{TEXT} {self.posts}")["id"]
        self.posts += 1
        self._asked(self._answering, f"posts/{number}/comments/", 201, text=f"{TEXT} {self.comments}")
        self.comments += 1
        self._timed("/notifications/")
        unread = self._asked(self._writing, "notifications/counters/", 200, method="GET")["unread"]
        left = self._asked(self._writing, "notifications/read/", 200)["unread"]
        if not unread or left >= unread:
            self.errors.append(f"{unread} were unread, and {left} after all had been read")

    def _timed(self, path: str) -> None:
        began = time.monotonic()
        self._reading.read(path)
        self.taken.append(time.monotonic() - began)

    def _asked(self, program: Program, path: str, status: int, *, method: str = "POST", **facts: str) -> dict[str, str]:
        got, answer, _seconds = program.call(method, path, facts or None)
        if got != status:
            raise OSError(f"{path} was answered {got}: {answer}")
        return dict(answer)


def find_neighbours() -> tuple[Employee, Employee, str]:
    """Return somebody who writes in an open group, another of its members, and the group."""
    theirs = {"author__is_active": True, "author__email__isnull": False, "deleted_at": None, "kind": "post"}
    standing = Placement.objects.filter(
        group__privacy="open", **{f"post__{name}": value for name, value in theirs.items()}
    )
    place = standing.select_related("post__author", "group").order_by("-pk")[0]
    assert place.group is not None
    assert place.post.author is not None
    others = Employee.objects.active().filter(memberships__group=place.group).exclude(pk=place.post.author_id)
    return place.post.author, others.order_by("pk")[0], place.group.public_id
