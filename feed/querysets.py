"""The named reads of posts: who may see them, one group's, and the home feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from groups.models import Group

if TYPE_CHECKING:
    from directory.models import Employee
    from feed.models import Placement, Post  # noqa: F401


class PostQuerySet(models.QuerySet["Post"]):
    def standing(self) -> Self:
        """Posts that have not been deleted."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, employee: Employee) -> Self:
        """Standing posts that stand in at least one group `employee` may read."""
        readable = Group.objects.readable_by(employee).values("pk")
        placements = self.model._meta.get_field("placements").related_model
        seen = placements._base_manager.filter(post=OuterRef("pk"), group__in=readable)
        return self.standing().filter(Exists(seen))

    def by(self, author: Employee) -> Self:
        """Posts of one author, newest first."""
        return self.filter(author=author).order_by("-created_at", "-pk")


class PlacementQuerySet(models.QuerySet["Placement"]):
    def in_group(self, group: Group) -> Self:
        """A group's posts, newest first, without the deleted."""
        return self.filter(group=group, post__deleted_at__isnull=True).order_by("-published_at", "-pk")

    def pinned(self) -> Self:
        """Those fastened to the top of their group, the latest first."""
        return self.filter(pinned_at__isnull=False).order_by("-pinned_at")
