"""What single readers have done with posts."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.utils import timezone

# Who saw what is forgotten after so long, and no longer counted of older posts.
VIEWS_KEPT = datetime.timedelta(days=30)


class View(models.Model):
    """That a person has had a post in view («sett av»); forgotten after `VIEWS_KEPT`."""

    pk = models.CompositePrimaryKey("post_id", "employee_id")
    post = models.ForeignKey("feed.Post", models.CASCADE, related_name="views", db_index=False)
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="view_seen")]

    def __str__(self) -> str:
        return f"{self.employee_id} saw {self.post_id}"


class SavedPost(models.Model):
    """A post a person wants to find again."""

    post = models.ForeignKey("feed.Post", models.CASCADE, related_name="saves")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="saved_posts")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("employee", "post", name="saved_post_once")]
        indexes = [models.Index(fields=["employee", "-created_at", "-id"], name="saved_post_newest")]

    def __str__(self) -> str:
        return f"{self.post_id} saved by {self.employee_id}"


class PersonFollow(models.Model):
    """Reading what a colleague writes in places one may read, under «Fra ledere»."""

    follower = models.ForeignKey("directory.Employee", models.CASCADE, related_name="followed_people")
    followed = models.ForeignKey("directory.Employee", models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("follower", "followed", name="person_follow_once")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class LineMarker(models.Model):
    """How far a person has read what leaders write to the own line; for groups the membership keeps it."""

    employee = models.OneToOneField("directory.Employee", models.CASCADE, primary_key=True, related_name="+")
    read_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employee_id} until {self.read_until:%Y-%m-%d %H:%M}"


class PostDraft(models.Model):
    """What a person has begun to write in a place and not yet published; the device keeps it too."""

    author = models.ForeignKey("directory.Employee", models.CASCADE, related_name="post_drafts")
    # "home", or the public id of a group.
    place = models.CharField(max_length=12)
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("author", "place", name="post_draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.author_id} for {self.place}"
