"""«Fra ledere»: what the leaders of my own line write, and those I follow."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.pagination import Cursor
from directory.models import Employee, Employment, OrgUnit
from feed.models import Placement


def leaders_of(employee: Employee) -> QuerySet[Employee]:
    """Return my managers and the leaders of every unit I belong to, up to the top; never myself."""
    mine = Employment.objects.current().filter(employee=employee)
    units = OrgUnit.objects.filter(Exists(mine.filter(unit__path__startswith=OuterRef("path"))))
    line = Q(pk__in=mine.values("manager")) | Q(pk__in=units.values("leader"))
    return Employee.objects.active().filter(line).exclude(pk=employee.pk)  # type: ignore[no-any-return]


def leader_placements(employee: Employee, cursor: Cursor | None, *, size: int) -> list[Placement]:
    """Return up to `size` + 1 places where my line's leaders and those I follow have written, newest first, each once.

    Groups I have muted are left out.
    """
    writers = Q(pk__in=leaders_of(employee).values("pk")) | Q(pk__in=employee.followed_people.values("followed"))
    ids = list(Employee.objects.active().filter(writers).values_list("pk", flat=True))
    muted = employee.memberships.filter(muted_at__isnull=False).values("group")
    places = Placement.objects.standing().unended().readable_by(employee).home().filter(post__author__in=ids)
    places = places.filter(Q(group__isnull=True) | ~Q(group__in=muted))
    earlier = Placement.objects.home().readable_by(employee).filter(post=OuterRef("post"), pk__lt=OuterRef("pk"))
    places = places.filter(~Exists(earlier))
    if cursor:
        places = places.filter(Q(published_at__lt=cursor.at) | Q(published_at=cursor.at, pk__lt=cursor.id))
    return list(places.order_by("-published_at", "-pk")[: size + 1])
