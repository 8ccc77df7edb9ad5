from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.errors import require
from directory.models import Employee
from groups.models import Follow, Group, Membership
from notifications import live


@transaction.atomic
def follow_group(*, actor: Employee, group: Group) -> Follow:
    """Let the group's posts stand in `actor`'s feed without membership. Following twice changes nothing.

    Raises PermissionDenied for members and where the group is not open or is no longer live.
    """
    require(actor.has_perm("groups.follow", group))
    live.renew(f"u:{actor.pk}")
    return Follow.objects.get_or_create(group=group, employee=actor)[0]


def unfollow_group(*, actor: Employee, group: Group) -> None:
    """Let the group's posts stand in `actor`'s feed no longer."""
    Follow.objects.filter(group=group, employee=actor).delete()
    live.renew(f"u:{actor.pk}")


def set_muted(*, actor: Employee, group: Group, muted: bool) -> None:
    """Keep the group's posts out of `actor`'s home feed, or let them in again. Nothing for those who are no members."""
    mine = Membership.objects.filter(group=group, employee=actor)
    mine.filter(muted_at__isnull=muted).update(muted_at=timezone.now() if muted else None)
