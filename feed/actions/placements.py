from __future__ import annotations

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
def share_post(*, actor: Employee, post: Post, group: Group) -> Placement:
    """Let a post from an open group stand in one more group of mine. Returns its place there.

    Raises PermissionDenied where the post may not leave or the group may not be written in, HouseRulesRequiredError,
    and RefusedError when it stands there already.
    """
    require(actor.has_perm("feed.share_post", post))
    require(actor.has_perm("groups.write", group))
    require_accepted(actor)
    if waits_for_approval(actor, group):
        text = _("Those who look after this group let posts out. Ask one of them to share it.")
        raise RefusedError(text, field="group", code="approves_posts")
    placement, created = Placement.objects.get_or_create(post=post, group=group, defaults={"placed_by": actor})
    if not created:
        raise RefusedError(_("The post already stands in this group."), field="group", code="conflict")
    tell_of_post(post, [group])
    return placement


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
