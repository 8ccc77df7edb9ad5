from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from feed.querysets import PostQuerySet


class Post(models.Model):
    """What a person writes. Where it stands is a `Placement`; what it carries is its `Thread`."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        QUESTION = "question", _("Question")
        THANKS = "thanks", _("Thanks")
        STAND_IN = "stand_in", _("Stand-in needed")

    public_id = PublicIdField()
    author = models.ForeignKey("directory.Employee", models.PROTECT, related_name="posts")
    thread = models.OneToOneField("conversations.Thread", models.PROTECT, related_name="post")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.POST)
    text = models.TextField()
    language = models.CharField(max_length=5, blank=True)
    # The colleague a thank-you goes to.
    thanked = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_answer = models.ForeignKey(
        "conversations.Comment", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # When the stand-in was found.
    filled_at = models.DateTimeField(null=True, blank=True)
    # Leaves feeds and groups then, and can still be read at its own address.
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Only who deleted it may undo that.
    deleted_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # Out of sight until a report of it has been decided.
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PostQuerySet] = PostQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["author", "-created_at"], name="post_author"),
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="post_words"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.public_id])


class PostRevision(models.Model):
    """What a post said before it was edited, and whether its pictures and files were others."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    text = models.TextField()
    files_changed = models.BooleanField(default=False)
    replaced_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.post_id} until {self.replaced_at:%Y-%m-%d %H:%M}"
