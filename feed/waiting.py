"""Posts that wait, as their author and moderators see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from conversations.models import Attachment
from conversations.people import job_line
from conversations.rendering import render_text
from directory.models import Employee
from feed.models import PlannedPlacement, Poll, Post


@dataclass
class PlannedView:
    """One waiting post with its pictures and files; `templates/feed/planned.html` draws it as `one`.

    `planned` is where it waits, and `others` where else it does.
    """

    planned: PlannedPlacement
    others: list[PlannedPlacement]
    reader: Employee
    attachments: list[Attachment]
    choices: list[str]

    @property
    def places(self) -> list[PlannedPlacement]:
        return [self.planned, *self.others]

    @property
    def post(self) -> Post:
        return self.planned.post

    @property
    def poll(self) -> Poll | None:
        return getattr(self.post, "poll", None)

    @property
    def is_mine(self) -> bool:
        return self.post.author_id == self.reader.pk

    @property
    def author_line(self) -> str:
        return job_line(self.post.author)

    @property
    def html(self) -> SafeString:
        """The text, safe; whom it names is told when it is out."""
        return render_text(self.post.text, [])

    @property
    def pictures(self) -> list[Attachment]:
        return [each for each in self.attachments if each.kind == Attachment.Kind.PICTURE]

    @property
    def files(self) -> list[Attachment]:
        return [each for each in self.attachments if each.kind == Attachment.Kind.FILE]


def view_planned(reader: Employee, rows: Iterable[PlannedPlacement]) -> list[PlannedView]:
    """Return waiting posts, each once, as `reader`, who may see them, sees them: two queries however many there are."""
    together: dict[int, list[PlannedPlacement]] = {}
    for row in rows:
        together.setdefault(row.post_id, []).append(row)
    found = [waiting[0] for waiting in together.values()]
    attachments: dict[int, list[Attachment]] = {}
    for each in Attachment.objects.on_threads([row.post.thread_id for row in found]):
        attachments.setdefault(each.thread_id, []).append(each)
    choices = _choices(found)
    return [
        PlannedView(
            row,
            together[row.post_id][1:],
            reader,
            attachments.get(row.post.thread_id, []),
            choices.get(row.post_id, []),
        )
        for row in found
    ]


def _choices(found: list[PlannedPlacement]) -> dict[int, list[str]]:
    choices: dict[int, list[str]] = {}
    polls = Poll.objects.filter(post__in=[row.post_id for row in found])
    rows: Any = polls.order_by("post", "options__position").values_list("post", "options__text")
    for post, text in rows:
        choices.setdefault(post, []).append(text)
    return choices
