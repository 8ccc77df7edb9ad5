"""Who has which role, as administrators see it: filtered, newest first, a page at a time, in as many queries always."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.addresses import address_with
from core.clock import local_today
from core.pagination import Cursor
from core.text import fold
from directory.models import AuditEvent, Employee, OrgUnit, Role, RoleGrant
from directory.policies import may_give_role
from directory.querysets import RoleGrantQuerySet

PAGE_SIZE = 50
# So long before its last day a grant is said to end soon.
DAYS_SOON = 30
SHOWN = ("now", "soon", "coming", "ended")


@dataclass(frozen=True)
class RoleFilters:
    """What the address asks for; what is unknown means «all», so that an old link still shows something."""

    show: str = "now"
    role: str = ""
    unit: OrgUnit | None = None
    text: str = ""
    cursor: Cursor | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> RoleFilters:
        """Return the filters in the query string."""
        unit = OrgUnit.objects.filter(public_id=query.get("unit", "")).first() if query.get("unit") else None
        return cls(
            show=query.get("show", "") if query.get("show") in SHOWN else "now",
            role=query.get("role", "") if query.get("role") in Role.values else "",
            unit=unit,
            text=" ".join(query.get("q", "").replace("\x00", "").split())[:80],
            cursor=Cursor.decode(query.get("before")),
        )

    def address(self, **changes: Any) -> str:
        """Return the address of the page with these filters, some of them changed."""
        values = {
            "show": self.show if self.show != "now" else "",
            "role": self.role,
            "unit": self.unit.public_id if self.unit else "",
            "q": self.text,
            **changes,
        }
        return address_with("manage_roles", values)


@dataclass
class ListedGrant:
    """A grant, whether the viewer may take it back, and who took it back."""

    grant: RoleGrant
    may_take_back: bool
    ends_soon: bool
    taken_back_by: Employee | None = None


@dataclass
class RolePage:
    """Everything the list shows."""

    filters: RoleFilters
    grants: list[ListedGrant]
    pills: list[dict[str, Any]] = field(default_factory=list)
    next_url: str = ""


def read_role_page(viewer: Employee, filters: RoleFilters) -> RolePage:
    """Return the page of grants `viewer` looks after. Three queries, however many there are."""
    wanted = _narrowed(viewer, filters)
    shown = wanted.filter(_states()[filters.show])
    if filters.cursor:
        at, pk = filters.cursor.at, filters.cursor.id
        shown = shown.filter(Q(granted_at__lt=at) | Q(granted_at=at, pk__lt=pk))
    found = list(_with_people(shown)[: PAGE_SIZE + 1])
    page = RolePage(filters, listed_grants(viewer, found[:PAGE_SIZE]), _pills(wanted, filters))
    if len(found) > PAGE_SIZE:
        last = found[PAGE_SIZE - 1]
        page.next_url = filters.address(before=Cursor(last.granted_at, last.pk).encode())
    return page


def grants_of(viewer: Employee, person: Employee) -> list[ListedGrant]:
    """Return the grants of `person` that hold or will, of those `viewer` looks after."""
    grants = RoleGrant.objects.visible_to(viewer).lasting().filter(employee=person)
    return listed_grants(viewer, list(_with_people(grants)))


def listed_grants(viewer: Employee, grants: list[RoleGrant]) -> list[ListedGrant]:
    """Return the grants with what `viewer` may do; one query for who took back those that were."""
    takers = _who_took_back([grant for grant in grants if grant.taken_back_at])
    soon = local_today() + datetime.timedelta(days=DAYS_SOON)
    return [
        ListedGrant(
            grant=grant,
            may_take_back=is_lasting(grant) and may_give_role(viewer, grant.role, grant.unit),
            ends_soon=is_lasting(grant) and grant.end_date is not None and grant.end_date <= soon,
            taken_back_by=takers.get(grant.public_id),
        )
        for grant in grants
    ]


def is_lasting(grant: RoleGrant) -> bool:
    """Say whether the grant holds or will."""
    return grant.taken_back_at is None and (grant.end_date is None or grant.end_date >= local_today())


def _narrowed(viewer: Employee, filters: RoleFilters) -> RoleGrantQuerySet:
    grants = RoleGrant.objects.visible_to(viewer)
    if filters.role:
        grants = grants.filter(role=filters.role)
    if filters.unit:
        grants = grants.filter(unit__path__startswith=filters.unit.path)
    if words := fold(filters.text).split()[:4]:
        people = Employee.objects.visible_to(viewer)
        for word in words:
            people = people.filter(folded_name__contains=word)
        grants = grants.filter(employee__in=people)
    return grants


def _with_people(grants: RoleGrantQuerySet) -> RoleGrantQuerySet:
    return grants.select_related("employee", "unit__agency", "granted_by").order_by("-granted_at", "-pk")


def _states() -> dict[str, Q]:
    today = local_today()
    lasting = Q(taken_back_at=None) & (Q(end_date=None) | Q(end_date__gte=today))
    return {
        "now": lasting & Q(start_date__lte=today),
        "soon": lasting & Q(start_date__lte=today, end_date__lte=today + datetime.timedelta(days=DAYS_SOON)),
        "coming": lasting & Q(start_date__gt=today),
        "ended": ~lasting,
    }


def _pills(grants: RoleGrantQuerySet, filters: RoleFilters) -> list[dict[str, Any]]:
    counts = grants.aggregate(**{name: Count("pk", filter=state) for name, state in _states().items()})
    names = {
        "now": pgettext("roles", "In force"),
        "soon": pgettext("roles", "End soon"),
        "coming": pgettext("roles", "Coming"),
        "ended": pgettext("roles", "Over"),
    }
    return [
        {
            "name": name,
            "url": filters.address(show="" if key == "now" else key),
            "active": key == filters.show,
            "count": counts[key],
        }
        for key, name in names.items()
    ]


def _who_took_back(grants: list[RoleGrant]) -> dict[str, Employee | None]:
    if not grants:
        return {}
    ids = [grant.public_id for grant in grants]
    events = AuditEvent.objects.filter(
        object_type="directory.rolegrant", object_id__in=ids, verb="directory.role_taken_back"
    )
    return {event.object_id: event.actor for event in events.select_related("actor")}


def roles_to_give(giver: Employee) -> list[tuple[str, str]]:
    """Return the roles `giver` can give anywhere, with their names: an agency's administrator only the local ones."""
    paths = giver.role_paths("admin", "agency_admin")
    units = [OrgUnit(path=path) if path != "/" else None for path in paths]
    names = [(role, str(label)) for role, label in Role.choices]
    return [(role, name) for role, name in names if any(may_give_role(giver, role, unit) for unit in units)]


def place_words(grant: RoleGrant) -> str:
    """Return for whom the grant is: the unit's name, or that it is for the whole organisation."""
    return grant.unit.name if grant.unit else _("The whole organisation")
