from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.planning import waits_for_approval
from feed.actions.telling import tell_of_post
from feed.models import Placement, Post
from groups.models import Group

MOST_PINNED = 3


@transaction.atomic
def share_post(*, actor: Employee, post: Post, groups: Sequence[Group]) -> list[Placement]:
    """Let a post from an open group stand in more groups of mine. Returns its places there.

    All of them or none: raises PermissionDenied where the post may not leave or a group may not be written in,
    HouseRulesRequiredError, and RefusedError without a group, where it stands in one already, and where others let
    posts out.
    """
    require(actor.has_perm("feed.share_post", post))
    require_accepted(actor)
    if not groups:
        raise RefusedError(_("Choose the group you share with."), field="group", code="no_group")
    places = [_share_with(actor, post, group) for group in groups]
    tell_of_post(post, groups)
    return places


def _share_with(actor: Employee, post: Post, group: Group) -> Placement:
    require(actor.has_perm("groups.write", group))
    name = {"group": group.name}
    if waits_for_approval(actor, group):
        text = _("Those who look after %(group)s let posts out. Ask one of them to share it.")
        raise RefusedError(text % name, field="group", code="approves_posts")
    placement, created = Placement.objects.get_or_create(post=post, group=group, defaults={"placed_by": actor})
    if not created:
        raise RefusedError(_("The post already stands in %(group)s.") % name, field="group", code="conflict")
    return placement


@transaction.atomic
def unshare_post(*, actor: Employee, post: Post, groups: Sequence[Group]) -> int:
    """Take a post out of groups again that `actor` shared it with; returns out of how many.

    Where it was written it stays, and so it does in the last place it has.
    """
    places = Placement.objects.select_for_update(no_key=True).filter(post=post).order_by("pk")
    known = {group.pk for group in groups}
    _first, *later = list(places)
    mine = [place.pk for place in later if place.placed_by_id == actor.pk and place.group_id in known]
    Placement.objects.filter(pk__in=mine).delete()
    return len(mine)


@transaction.atomic
def pin_post(*, actor: Employee, placement: Placement) -> None:
    """Fasten the post to the top of the group. Raises PermissionDenied, and RefusedError when three are there."""
    require(actor.has_perm("feed.pin", placement))
    # The group's row is the lock: two moderators cannot both take the last place.
    group = Group.objects.select_for_update(no_key=True).get(placements=placement)
    pinned = Placement.objects.standing().pinned().filter(group=group).exclude(pk=placement.pk)
    if pinned.count() >= MOST_PINNED:
        text = _("At most %(count)d posts can be pinned. Loosen one first.") % {"count": MOST_PINNED}
        raise RefusedError(text, code="too_many_pinned")
    Placement.objects.filter(pk=placement.pk).update(pinned_at=timezone.now(), pinned_by=actor)


def unpin_post(*, actor: Employee, placement: Placement) -> None:
    """Loosen a pinned post. Raises PermissionDenied."""
    require(actor.has_perm("feed.pin", placement))
    Placement.objects.filter(pk=placement.pk).update(pinned_at=None, pinned_by=None)
