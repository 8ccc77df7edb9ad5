"""Who may do what in a group. `visible_to` and `readable_by` (querysets) say who may see."""

from __future__ import annotations

from django.db.models import Q

from core.policies import policy
from directory.models import Employee
from groups.models import Group, Membership


def _member(employee: Employee, *roles: str) -> Q:
    mine = Membership.objects.filter(employee=employee)
    return Q(pk__in=(mine.filter(role__in=roles) if roles else mine).values("group_id"))


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
    """Members write in live groups; where only owners post, owners and moderators."""
    live = Q(archived_at__isnull=True)
    return live & ((Q(posting=Group.Posting.MEMBERS) & _member(employee)) | _member(employee, "owner", "moderator"))


@policy("groups.comment")
def comment(employee: Employee) -> Q:
    """Members answer in live groups."""
    return Q(archived_at__isnull=True) & _member(employee)


@policy("groups.join")
def join(employee: Employee) -> Q:
    """Anyone who is not a member joins a live open group."""
    return Q(archived_at__isnull=True, privacy=Group.Privacy.OPEN) & ~_member(employee)


@policy("groups.ask_to_join")
def ask_to_join(employee: Employee) -> Q:
    """Anyone who is not a member may ask to join a live closed group."""
    return Q(archived_at__isnull=True, privacy=Group.Privacy.CLOSED) & ~_member(employee)


@policy("groups.manage")
def manage(employee: Employee) -> Q:
    """Owners change the group itself."""
    return _member(employee, "owner")


@policy("groups.moderate")
def moderate(employee: Employee) -> Q:
    """Owners and moderators answer requests, pin, and take down."""
    return _member(employee, "owner", "moderator")


@policy("groups.address")
def address(employee: Employee) -> Q:
    """An open group may be an audience for anyone; a closed or secret one for its owners; a sensitive one never."""
    addressed = Q(privacy=Group.Privacy.OPEN) | _member(employee, "owner")
    return Q(archived_at__isnull=True, sensitive=False) & addressed


@policy("groups.choose_audience")
def choose_audience(employee: Employee) -> bool:
    """Counting people is for those who address them: whoever writes announcements, leads or keeps rules."""
    roles = ("hr", "admin", "agency_admin", "central_communications", "agency_communications", "preparedness")
    return employee.has_role(*roles) or bool(employee.led_paths) or employee.led_employments().exists()
