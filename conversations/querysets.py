"""The named reads of threads, comments and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from conversations.models import Attachment, Comment, Reaction  # noqa: F401


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> Self:
        """Comments that have not been deleted."""
        return self.filter(deleted_at__isnull=True)

    def in_order(self) -> Self:
        """Oldest first, with author and the author's job."""
        return self.select_related("author__primary_employment__unit").order_by("created_at", "pk")


class ReactionQuerySet(models.QuerySet["Reaction"]):
    def on_threads(self, thread_ids: list[int]) -> Self:
        """Reactions to what the threads belong to; those to comments left out."""
        return self.filter(thread__in=thread_ids, comment__isnull=True)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def on_threads(self, thread_ids: list[int]) -> Self:
        """Pictures and files of what the threads belong to, in the order given by the author."""
        return self.filter(thread__in=thread_ids, comment__isnull=True).order_by("position", "pk")
