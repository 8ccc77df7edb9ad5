from __future__ import annotations

from core.errors import require
from directory.models import Employee
from feed.models import Post, SavedPost


def save_post(*, actor: Employee, post: Post) -> None:
    """Keep a post on one's own list; doing so twice keeps it once. Raises PermissionDenied."""
    require(Post.objects.visible_to(actor).filter(pk=post.pk).exists())
    SavedPost.objects.get_or_create(employee=actor, post=post)


def unsave_post(*, actor: Employee, post: Post) -> None:
    """Take a post off one's own list."""
    SavedPost.objects.filter(employee=actor, post=post).delete()
