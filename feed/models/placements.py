from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Comment
from core.public_ids import PublicIdField
from directory.models import Employee
from feed.planned_querysets import PlannedPlacementQuerySet
from feed.querysets import PlacementQuerySet


class Placement(models.Model):
    """A post standing in a group, or before a unit and all below it. The feed reads these: one index probe for each."""

    post = models.ForeignKey("feed.Post", models.CASCADE, related_name="placements")
    group = models.ForeignKey("groups.Group", models.CASCADE, null=True, blank=True, related_name="placements")
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="placements")
    published_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey("directory.Employee", models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True)
    pinned_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # Read with `with_card` and `for_reader`: what the reader may do wherever the post stands, and what few posts have.
    rights: list[dict[str, Any]]
    people_rows: list[dict[str, Any]]
    answer_row: dict[str, Any] | None

    objects: ClassVar[PlacementQuerySet] = PlacementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("post", "group", name="placement_once"),
            models.UniqueConstraint("post", "unit", name="placement_in_unit_once"),
            models.CheckConstraint(
                name="placement_in_group_or_unit",
                condition=Q(group__isnull=False, unit=None) | Q(group=None, unit__isnull=False),
            ),
        ]
        indexes = [
            # Holds all the feed needs to merge groups, so that it reads the index alone.
            models.Index(fields=["group", "-published_at", "-id"], include=["post"], name="placement_newest"),
            models.Index(
                fields=["unit", "-published_at", "-id"],
                include=["post"],
                name="placement_unit_newest",
                condition=Q(unit__isnull=False),
            ),
            models.Index(fields=["group"], name="placement_pinned", condition=Q(pinned_at__isnull=False)),
        ]

    def seat(self) -> None:
        """Put the people and the accepted answer that came as rows where they belong."""
        known = {row["id"]: row for row in self.people_rows}
        post = self.post
        for one, name in ((post, "thanked"), (self, "placed_by"), (self, "pinned_by")):
            row = known.get(getattr(one, f"{name}_id"))
            setattr(one, name, Employee(**row) if row else None)
        answer = self.answer_row
        # One that is deleted or hidden did not come along.
        post.accepted_answer = Comment(**answer | {"author": Employee(**answer["author"])}) if answer else None

    @property
    def may_comment(self) -> bool:
        return any(place["answers"] for place in self.rights)

    @property
    def may_moderate(self) -> bool:
        return any(place["moderates"] for place in self.rights if place["id"] == self.pk)

    @property
    def may_moderate_thread(self) -> bool:
        """Whether the reader looks after the place the post was written in."""
        return any(place["moderates"] for place in self.rights if place["is_home"])

    @property
    def may_share(self) -> bool:
        return any(place["is_open"] for place in self.rights)

    @property
    def place_name(self) -> str:
        """The name of the group or unit; both are read with `select_related("group", "unit")`."""
        place = self.group or self.unit
        return place.name if place else ""

    @property
    def channel(self) -> str:
        """The live channel whose listeners read this place."""
        return f"g:{self.group_id}" if self.group_id else f"l:{self.unit_id}"

    @property
    def place_url(self) -> str:
        """Where the group's posts stand, or who belongs to the unit."""
        if self.group:
            return self.group.get_absolute_url()
        return f"{reverse('people')}?unit={self.unit.public_id}" if self.unit else ""

    @property
    def place_icon(self) -> str:
        """The icon that tells who may read."""
        return self.group.privacy_icon if self.group else "Buildings3"

    @property
    def place_words(self) -> str:
        """Who may read, in words: «Open group»."""
        return self.group.get_privacy_display() if self.group else _("Those who work in the unit")

    def __str__(self) -> str:
        return f"{self.post_id} in {self.group_id or self.unit_id}"


# What stands before a unit's id where a group's id may stand as well.
UNIT = "unit-"


class PlannedPlacement(models.Model):
    """A post that waits for its time, or for a moderator to let it out. Only its author and they see it."""

    public_id = PublicIdField()
    post = models.ForeignKey("feed.Post", models.CASCADE, related_name="planned")
    group = models.ForeignKey("groups.Group", models.CASCADE, null=True, blank=True, related_name="planned_placements")
    unit = models.ForeignKey("directory.OrgUnit", models.CASCADE, null=True, blank=True, related_name="+")
    # None for one that waits for a moderator alone.
    publish_at = models.DateTimeField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False)
    # Sent back by a moderator, with the reason.
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    returned_note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[PlannedPlacementQuerySet] = PlannedPlacementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("post", "group", name="planned_placement_once"),
            models.CheckConstraint(
                name="planned_in_group_or_unit",
                condition=Q(group__isnull=False, unit=None) | Q(group=None, unit__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"],
                name="planned_placement_due",
                condition=Q(needs_approval=False, returned_at__isnull=True),
            )
        ]

    @property
    def place_name(self) -> str:
        """The name of the group or unit; both are read with the row."""
        place = self.group or self.unit
        return place.name if place else ""

    @property
    def place_token(self) -> str:
        """The place as the composer's form names it."""
        return self.group.public_id if self.group else f"{UNIT}{self.unit.public_id}" if self.unit else ""

    def get_absolute_url(self) -> str:
        """Where its author finds it."""
        return f"{reverse('waiting_posts')}#planned-{self.public_id}"

    def __str__(self) -> str:
        return f"{self.post_id} on its way to {self.group_id or self.unit_id}"
