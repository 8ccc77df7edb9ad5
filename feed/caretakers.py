"""Who looks after what stands in groups and lines, when something there has been reported."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from conversations.models import Thread
from directory.models import OrgUnit, Role, RoleGrant
from feed.models import Placement
from feed.querysets import above
from groups.models import Group, Membership


def caretakers(thread: Thread, *, besides: int | None) -> list[int]:
    """Return the ids of those who look after the places the post was written to, other than the person `besides`.

    Owners and moderators of its groups. For a line whoever leads the unit, else the nearest leader above it.
    """
    home = Placement.objects.home().filter(post__thread=thread)
    helpers = Membership.objects.active().helpers().filter(group__in=home.values("group"), group__closed_at=None)
    found = set(helpers.values_list("employee_id", flat=True))
    for place in home.filter(unit__isnull=False).select_related("unit"):
        found |= _nearest_leaders(place.unit, besides) if place.unit else set()
    return sorted(found - {besides})


def _nearest_leaders(unit: OrgUnit, besides: int | None) -> set[int]:
    line = OrgUnit.objects.filter(pk__in=unit.ancestor_ids())
    leading = line.filter(leader__is_active=True).exclude(leader=besides).values_list("depth", "leader_id")
    acting = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, unit__in=line, employee__is_active=True)
    found = {*leading, *acting.exclude(employee=besides).values_list("unit__depth", "employee_id")}
    nearest = max((depth for depth, _ in found), default=None)
    return {pk for depth, pk in found if pk is not None and depth == nearest}


def without_caretaker() -> Q:
    """A condition on reports: the place of the post still stands, and only who wrote the words looks after it.

    Not in secret groups and those of sensitive membership: whoever is outside is not to know that anything was said.
    """
    home = Placement.objects.home().filter(post__thread=OuterRef("thread"))
    known = Q(group__closed_at=None, group__sensitive=False) & ~Q(group__privacy=Group.Privacy.SECRET)
    standing = home.filter(Q(unit__isnull=False) | known)
    helpers = Membership.objects.active().helpers().filter(group=OuterRef("group"), group__closed_at=None)
    attended = home.filter(Exists(helpers.exclude(employee=_writer())) | _is_led())
    return Q(Exists(standing)) & ~Q(Exists(attended))


def _is_led() -> Q:
    """A condition on placements: someone other than who wrote the words leads the line, or acts for who does."""
    leading = above(OrgUnit.objects.filter(leader__is_active=True), "path").exclude(leader=_writer())
    acting = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, employee__is_active=True)
    acting = above(acting.exclude(employee=_writer()), "unit__path")
    return Q(unit__isnull=False) & (Q(Exists(leading)) | Q(Exists(acting)))


def _writer() -> Coalesce:
    """Who wrote what is reported, two queries out; the post's author where it is the post."""
    return Coalesce(OuterRef(OuterRef("comment__author")), OuterRef("post__author"))
