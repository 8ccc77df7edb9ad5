from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.querysets import (
    AttachmentQuerySet,
    CommentQuerySet,
    ReactionQuerySet,
    ReportQuerySet,
    ThreadQuerySet,
)
from core.public_ids import PublicIdField


class Thread(models.Model):
    """What a post or an announcement carries: its comments, reactions, mentions and attachments.

    `owner_kind` names the entry in `conversations.owners` that knows who may see and answer it.
    """

    public_id = PublicIdField()
    owner_kind = models.CharField(max_length=20)
    comments_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ThreadQuerySet] = ThreadQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.owner_kind} thread {self.pk}"


class Comment(models.Model):
    """An answer to what the thread belongs to, or to another comment (one level)."""

    public_id = PublicIdField()
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey("directory.Employee", models.PROTECT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # Only who deleted it may undo that.
    deleted_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # Out of sight until a report of it has been decided.
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["thread", "created_at"], name="comment_thread")]

    @property
    def is_standing(self) -> bool:
        """Whether it has neither been deleted nor hidden."""
        return self.deleted_at is None and self.hidden_at is None

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Reaction(models.Model):
    """One person's reaction, one at a time, to what the thread belongs to or to one comment in it."""

    class Kind(models.TextChoices):
        LIKE = "like", _("Like")
        HEART = "heart", _("Heart")
        WELL_DONE = "well_done", _("Well done")
        USEFUL = "useful", _("Useful")
        FUN = "fun", _("Fun")

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="reactions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="reactions")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ReactionQuerySet] = ReactionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "thread", "employee", condition=Q(comment__isnull=True), name="reaction_to_thread_once"
            ),
            models.UniqueConstraint(
                "comment", "employee", condition=Q(comment__isnull=False), name="reaction_to_comment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.employee_id}"


class Mention(models.Model):
    """A person named with @ in a thread. The one place that knows whom the text means."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="mentions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="mentions")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("thread", "comment", "employee", nulls_distinct=False, name="mention_once")
        ]
        indexes = [models.Index(fields=["employee", "-created_at"], name="mention_employee")]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.thread_id}"


class Attachment(models.Model):
    """A picture or file on a thread. Reached only through a view that asks who may see the thread."""

    class Kind(models.TextChoices):
        PICTURE = "picture"
        FILE = "file"

    public_id = PublicIdField()
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="attachments")
    uploaded_by = models.ForeignKey("directory.Employee", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    file = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)
    content_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    alternative_text = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["thread", "position"], name="attachment_thread")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment", args=[self.public_id])


class Report(models.Model):
    """Someone says that a post or comment should not stand, until a moderator has answered."""

    class Reason(models.TextChoices):
        PERSONAL_DATA = "personal_data", _("It tells something about a citizen")
        HARASSMENT = "harassment", _("It is unkind or threatening")
        WRONG_PLACE = "wrong_place", _("It is in the wrong place")
        ADVERTISING = "advertising", _("It is advertising")
        OTHER = "other", _("Something else")

    class Decision(models.TextChoices):
        KEPT = "kept", _("It may stand")
        TAKEN_DOWN = "taken_down", _("It has been taken down")

    public_id = PublicIdField()
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="reports")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="reports")
    reporter = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=13, choices=Reason.choices)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    # What the reporter is told.
    answer = models.TextField(blank=True)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "thread",
                "comment",
                "reporter",
                condition=Q(decided_at__isnull=True),
                nulls_distinct=False,
                name="report_open_once",
            )
        ]
        indexes = [models.Index(fields=["thread"], name="report_open", condition=Q(decided_at__isnull=True))]

    @property
    def is_hidden(self) -> bool:
        """Whether it took what it is about out of sight, until it is decided."""
        return self.reason == self.Reason.PERSONAL_DATA and self.decided_at is None

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.public_id])

    def __str__(self) -> str:
        return f"report {self.pk} of {self.thread_id}"
