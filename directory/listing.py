"""The page «Colleagues» worked out: which people, in which order, within which unit, with which filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.addresses import address_with, start_in
from core.text import fold
from directory.faces import Face, tagged_faces
from directory.figures import branches_with_counts, count_in, is_large, languages_spoken, places_in
from directory.finding import Found, search_people
from directory.models import Employee, JobFamily, OrgUnit, Role, RoleGrant, Workplace
from directory.querysets import EmployeeQuerySet

PAGE_SIZE = 24
SHORTEST_SEARCH = 2
# So few in a team without units below are shown among their section.
SEVERAL = 4


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Unknown values mean «all», so that an old link still shows something."""

    text: str = ""
    unit: OrgUnit | None = None
    job_family: JobFamily | None = None
    workplace: Workplace | None = None
    language: str = ""
    leaders: bool = False
    new: bool = False
    superusers: bool = False
    start: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Return the filters in the query string."""
        return cls(
            text=" ".join(query.get("q", "").replace("\x00", "").split())[:120],
            unit=_named(OrgUnit.objects.active().select_related("agency", "parent"), query.get("unit")),
            job_family=_named(JobFamily.objects, query.get("job")),
            workplace=_named(Workplace.objects, query.get("place")),
            language=" ".join(query.get("language", "").replace("\x00", "").lower().split())[:40],
            leaders=query.get("leaders") == "1",
            new=query.get("new") == "1",
            superusers=query.get("superusers") == "1",
            start=start_in(query),
        )

    @property
    def is_search(self) -> bool:
        """Whether so much was typed that it is searched for."""
        return len(fold(self.text)) >= SHORTEST_SEARCH

    @property
    def is_too_short(self) -> bool:
        """Whether something was typed, but too little to search for."""
        return bool(self.text) and not self.is_search

    @property
    def narrows(self) -> bool:
        """Whether anything but the unit is asked for."""
        chosen = (self.job_family, self.workplace, self.language, self.leaders, self.new, self.superusers)
        return self.is_search or any(chosen)

    def address(self, **changes: Any) -> str:
        """Return the address of the page with these filters, some of them changed (None or "" takes one away)."""
        values: dict[str, Any] = {
            "q": self.text,
            "unit": self.unit and self.unit.public_id,
            "job": self.job_family and self.job_family.public_id,
            "place": self.workplace and self.workplace.public_id,
            "language": self.language,
            "leaders": self.leaders and "1",
            "new": self.new and "1",
            "superusers": self.superusers and "1",
            **changes,
        }
        return address_with("people", values)


@dataclass
class Branch:
    """A unit to go on to, and how many work there."""

    name: str
    url: str
    count: int


@dataclass
class Listing:
    """Everything the page shows."""

    filters: Filters
    unit: OrgUnit | None
    people: list[Face] = field(default_factory=list)
    total: int = 0
    # Whether there are more than `total`: a search looks no further.
    is_more: bool = False
    # Nobody is called what was typed: these come nearest. `meant` is the name of the first, where it is by name.
    is_guess: bool = False
    meant: str = ""
    crumbs: list[tuple[str, str]] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    # How many of the people lead the unit from elsewhere: they stand first, and are not among the `total`.
    from_elsewhere: int = 0

    @property
    def remaining(self) -> int:
        """How many there are after those shown."""
        return max(0, self.total - self.filters.start - len(self.people) + self.from_elsewhere)

    @property
    def next_url(self) -> str:
        """Address of the next ones; "" when these are the last."""
        return self.filters.address(**{"from": self.filters.start + PAGE_SIZE}) if self.remaining else ""

    @property
    def next_count(self) -> int:
        """How many the next page holds."""
        return min(self.remaining, PAGE_SIZE)

    @property
    def is_cut(self) -> bool:
        """Whether these are the last that are shown, though there are more."""
        return self.is_more and not self.remaining

    @property
    def everywhere_url(self) -> str:
        """The same search in the whole organisation; "" when that is what this is."""
        return self.filters.address(unit=None) if self.filters.unit else ""

    @property
    def wider_url(self) -> str:
        """The same in the unit above; "" where that is the whole."""
        above = self.filters.unit.parent if self.filters.unit else None
        return self.filters.address(unit=above.public_id) if above and above.parent_id else ""

    @property
    def meant_url(self) -> str:
        """The search for the name that may have been meant."""
        return self.filters.address(q=self.meant)


def read_listing(viewer: Employee, filters: Filters) -> Listing:
    """Return the page for `viewer`. Without a unit or a filter it shows the viewer's own unit, not everybody."""
    unit = filters.unit or (None if filters.narrows else own_unit(viewer))
    people = narrow_down(viewer, filters, unit)
    acting = acting_in(unit)
    if filters.is_search:
        found = search_people(people, filters.text, viewer, filters.start, filters.start + PAGE_SIZE)
    else:
        heads = [unit.leader_id, *acting] if unit else []
        found = Found(_ids_in_order(viewer, filters, heads, people), _count(filters, unit, people))
    elsewhere = _leading_from_elsewhere(viewer, filters, unit, acting, found.ids)
    listing = Listing(filters, unit, total=found.total, is_more=found.is_more, is_guess=found.is_guess)
    listing.from_elsewhere = len(elsewhere)
    shown = Employee.objects.with_tags().with_job().at([*elsewhere, *found.ids])
    listing.people = tagged_faces(shown, viewer, leader=unit.leader_id if unit else None, acting=acting)
    if found.is_guess and found.by_name and listing.people:
        listing.meant = listing.people[0].display_name
    if filters.start == 0 and unit:
        _describe(listing, unit)
    return listing


def narrow_down(viewer: Employee, filters: Filters, unit: OrgUnit | None) -> EmployeeQuerySet:
    """Return the people who work here, whom `viewer` may find and all filters but the text ask for, by name."""
    people: EmployeeQuerySet = Employee.objects.active().visible_to(viewer)
    if unit and unit.parent_id:
        people = people.in_branch(unit.path)
    if filters.job_family or filters.workplace:
        people = people.holding(job_family=filters.job_family, workplace=filters.workplace)
    if filters.language:
        people = people.speaking(filters.language)
    if filters.leaders:
        people = people.leaders()
    if filters.superusers:
        people = people.with_role(Role.SUPERUSER)
    if filters.new:
        people = people.newcomers()
    return people.order_by("sort_key", "pk")


def acting_in(unit: OrgUnit | None) -> list[int]:
    """Return the ids of those who lead just this unit for the time being."""
    if unit is None:
        return []
    grants = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, unit=unit).order_by("pk")
    return list(grants.values_list("employee", flat=True))


def _leading_from_elsewhere(
    viewer: Employee, filters: Filters, unit: OrgUnit | None, acting: list[int], listed: list[int]
) -> list[int]:
    """Return who leads the unit without working in it: whoever looks at the unit asks for them first."""
    if unit is None or filters.narrows or filters.start:
        return []
    wanted = [pk for pk in (unit.leader_id, *acting) if pk and pk not in listed]
    people: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).filter(pk__in=wanted)
    there = set(people.values_list("pk", flat=True)) if wanted else set()
    return [pk for pk in dict.fromkeys(wanted) if pk in there]


def _ids_in_order(
    viewer: Employee, filters: Filters, heads: Sequence[int | None], people: EmployeeQuerySet
) -> list[int]:
    """Return who stands on the page. Who leads and the viewer come first; the rest an index gives, however many."""
    start, stop = filters.start, filters.start + PAGE_SIZE
    wanted = [*heads, viewer.pk]
    there = set(people.filter(pk__in=[pk for pk in wanted if pk]).values_list("pk", flat=True))
    first = [pk for pk in dict.fromkeys(wanted) if pk in there]
    rest = people.exclude(pk__in=first).first_ids(max(0, start - len(first)), max(0, stop - len(first)))
    return first[start:stop] + rest


def _count(filters: Filters, unit: OrgUnit | None, people: EmployeeQuerySet) -> int:
    """Return how many there are. Where there may be very many they are counted once in a while."""
    many = unit is not None and is_large(unit) and not filters.narrows
    return count_in(unit) if unit and many else people.count()


def own_unit(viewer: Employee) -> OrgUnit | None:
    """Return the unit of the viewer's main job, or the one above a team of a few or one that only the one above leads.

    Without a job the organisation.
    """
    job = viewer.primary_employment
    if job is None:
        return OrgUnit.objects.active().filter(parent=None).first()
    above = job.unit.parent
    if above is None or above.parent_id is None or OrgUnit.objects.active().filter(parent=job.unit).exists():
        return job.unit
    if above.leader_id and job.unit.leader_id in (None, above.leader_id):
        return above
    several = Employee.objects.active().in_branch(job.unit.path)[:SEVERAL].count() == SEVERAL
    return job.unit if several else above


def filter_choices(viewer: Employee, filters: Filters) -> dict[str, list[Any]]:
    """Return what the filters offer: agencies, job families, and the places of the unit asked for or the own agency."""
    return {
        "agencies": list(OrgUnit.objects.active().filter(kind=OrgUnit.Kind.AGENCY).order_by("name")),
        "families": list(JobFamily.objects.order_by("name")),
        "places": places_in(filters.unit or _own_agency(viewer)),
        "languages": languages_spoken(),
    }


def _own_agency(viewer: Employee) -> OrgUnit | None:
    job = viewer.primary_employment
    return job.unit.agency if job else None


def _describe(listing: Listing, unit: OrgUnit) -> None:
    above = OrgUnit.objects.above(unit)
    listing.crumbs = [(each.name, _unit_address(listing.filters, each)) for each in above]
    listing.branches = [
        Branch(each.short_name or each.name, _unit_address(listing.filters, each), count)
        for each, count in branches_with_counts(unit)
    ]


def _unit_address(filters: Filters, unit: OrgUnit) -> str:
    return filters.address(unit=unit.public_id)


def _named(queryset: Any, public_id: str | None) -> Any:
    if not public_id or "\x00" in public_id:
        return None
    return queryset.filter(public_id=public_id).first()
