from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from groups.looks import COVERS
from groups.querysets import REOPEN_DAYS, GroupQuerySet

# Tells the group's page that its reader has just come in.
JUST_JOINED = "?joined=1"


class Group(models.Model):
    """People who belong together, and the place where they write."""

    class Privacy(models.TextChoices):
        OPEN = "open", _("Open group")
        CLOSED = "closed", _("Closed group")
        SECRET = "secret", _("Hidden group")

    class Posting(models.TextChoices):
        MEMBERS = "members", _("All members")
        OWNERS = "owners", _("Owners and moderators")

    class Kind(models.TextChoices):
        TEAM = "team", _("Team")
        SUBJECT = "subject", _("Subject")
        PROJECT = "project", _("Project")
        SOCIAL = "social", _("Social")
        ANNOUNCEMENTS = "announcements", _("Announcements only")

    class Joining(models.TextChoices):
        ANYONE = "anyone", _("Anyone who wants to")
        REQUEST = "request", _("Those who ask and are let in")
        INVITATION = "invitation", _("Only those who are invited")
        RULE = "rule", _("Only those whom rules put in")

    class SeenBy(models.TextChoices):
        OFF = "off", _("Nothing")
        COUNT = "count", _("How many")
        NAMES = "names", _("How many, and who")

    public_id = PublicIdField()
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.SUBJECT)
    joining = models.CharField(max_length=10, choices=Joining.choices, default=Joining.ANYONE)
    privacy = models.CharField(max_length=6, choices=Privacy.choices, default=Privacy.OPEN)
    # Membership itself tells something (unions, networks): never shown, counted or suggested to others.
    sensitive = models.BooleanField(default=False)
    posting = models.CharField(max_length=8, choices=Posting.choices, default=Posting.MEMBERS)
    # What members write waits until an owner or moderator lets it out.
    approves_posts = models.BooleanField(default=False)
    # What members are told of who has seen a post, where the organisation allows it at all.
    seen_by = models.CharField(max_length=5, choices=SeenBy.choices, default=SeenBy.OFF)
    # Whether those who come later read what was written before they came.
    open_history = models.BooleanField(default=True)
    unit = models.ForeignKey("directory.OrgUnit", models.SET_NULL, null=True, blank=True, related_name="groups")
    icon = models.CharField(max_length=40, default="PersonGroup")
    color = models.CharField(max_length=10, default="accent")
    cover = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Gone for everyone; an owner can open it again until it is purged.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # When an owner last said that it is in use; they are asked once a year.
    in_use_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[GroupQuerySet] = GroupQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """What makes the address readable; it decides nothing."""
        return slugify(self.name.replace("ø", "o").replace("å", "a").replace("æ", "ae")) or "group"

    @property
    def is_archived(self) -> bool:
        """Whether the group can only be read."""
        return self.archived_at is not None

    @property
    def purged_at(self) -> datetime.datetime | None:
        """When a closed group is gone for good; None for others."""
        return self.closed_at + datetime.timedelta(days=REOPEN_DAYS) if self.closed_at else None

    @property
    def cover_file(self) -> str:
        """The picture on top of the group's page, within the static files; "" for none."""
        return f"img/{self.cover}" if self.cover in COVERS else ""

    @property
    def privacy_icon(self) -> str:
        """The icon that tells who may see the group."""
        return {"open": "Globe", "closed": "PadlockLocked", "secret": "EyeSlash"}[self.privacy]

    @property
    def joined_url(self) -> str:
        """The group's page as it is shown to one who has just come in: it asks how much they want to be told."""
        return f"{self.get_absolute_url()}{JUST_JOINED}"

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.public_id, self.slug])
