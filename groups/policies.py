"""Who may do what in a group. `visible_to` and `readable_by` (querysets) say who may see."""

from __future__ import annotations

from django.db.models import Q

from core.policies import policy
from directory.models import Employee
from groups.models import Group, Membership
from groups.querysets import members_only

# Neither archived nor closed down.
LIVE = Q(archived_at__isnull=True, closed_at__isnull=True)
STANDING = Q(closed_at__isnull=True)
Joining, Privacy = Group.Joining, Group.Privacy


def _member(employee: Employee, *roles: str) -> Q:
    """Members in full: whoever is in their days of grace reads, and no more."""
    mine = Membership.objects.filter(employee=employee, reading_until=None)
    return Q(pk__in=(mine.filter(role__in=roles) if roles else mine).values("group_id"))


def _helper(employee: Employee) -> Q:
    return _member(employee, "owner", "moderator")


@policy("groups.create")
def create(employee: Employee) -> bool:
    """Any employee starts an open or closed group."""
    return employee.kind == Employee.Kind.PERSON


@policy("groups.create_secret")
def create_secret(employee: Employee) -> bool:
    """A secret group needs a named right, held by the organisation's administrators."""
    return employee.has_role("admin")


@policy("groups.write")
def write(employee: Employee) -> Q:
    """Members write in live groups; where only owners post or which are for announcements, owners and moderators."""
    everyone = Q(posting=Group.Posting.MEMBERS) & ~Q(kind=Group.Kind.ANNOUNCEMENTS)
    return LIVE & ((everyone & _member(employee)) | _helper(employee))


@policy("groups.comment")
def comment(employee: Employee) -> Q:
    """Members answer in live groups."""
    return LIVE & _member(employee)


@policy("groups.join")
def join(employee: Employee) -> Q:
    """Anyone who is not a member, or not for long, joins a live open group, where its owners let anyone in."""
    return LIVE & Q(privacy=Privacy.OPEN, joining=Joining.ANYONE) & ~_member(employee)


@policy("groups.ask_to_join")
def ask_to_join(employee: Employee) -> Q:
    """Anyone who is not a member may ask to join a live group that lets in those who ask.

    A closed group lets nobody in unasked, whatever else it says of its door.
    """
    asked = Q(joining=Joining.REQUEST) & ~Q(privacy=Privacy.SECRET)
    return LIVE & (asked | Q(privacy=Privacy.CLOSED, joining=Joining.ANYONE)) & ~_member(employee)


@policy("groups.add_members")
def add_members(employee: Employee) -> Q:
    """Owners and moderators put people into live groups, unless rules alone do."""
    return LIVE & ~Q(joining=Joining.RULE) & _helper(employee)


@policy("groups.invite")
def invite(employee: Employee) -> Q:
    """Where anyone may join, any member invites; elsewhere those who may put people in."""
    free = Q(privacy=Privacy.OPEN, joining=Joining.ANYONE)
    return (LIVE & free & _member(employee)) | add_members(employee)


@policy("groups.follow")
def follow(employee: Employee) -> Q:
    """Anyone who is not a member follows a live open group."""
    return LIVE & Q(privacy=Privacy.OPEN) & ~members_only(employee)


@policy("groups.manage")
def manage(employee: Employee) -> Q:
    """Owners change the group itself."""
    return STANDING & _member(employee, "owner")


@policy("groups.moderate")
def moderate(employee: Employee) -> Q:
    """Owners and moderators answer requests, pin, and take down."""
    return STANDING & _helper(employee)


@policy("groups.take_over")
def take_over(employee: Employee) -> Q:
    """Members of a group without an owner, two of them together."""
    return Q(pk__in=Group.objects.orphaned().order_by().values("pk")) & _member(employee)


@policy("groups.reopen")
def reopen(employee: Employee) -> Q:
    """Owners open again what was closed down lately."""
    return Q(pk__in=Group.objects.reopenable_by(employee).order_by().values("pk"))


@policy("groups.address")
def address(employee: Employee) -> Q:
    """An open group may be an audience for anyone; a closed or secret one for its owners; a sensitive one never."""
    addressed = Q(privacy=Privacy.OPEN) | _member(employee, "owner")
    return LIVE & Q(sensitive=False) & addressed


@policy("groups.choose_audience")
def choose_audience(employee: Employee) -> bool:
    """Counting people is for those who address them: whoever writes announcements, leads or keeps rules."""
    roles = ("hr", "admin", "agency_admin", "central_communications", "agency_communications", "preparedness")
    return employee.has_role(*roles) or bool(employee.led_paths) or employee.led_employments().exists()
