"""Who leads the units that are called what was typed, wherever those leaders work themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from directory.models import OrgUnit, Role, RoleGrant
from directory.search_texts import words_of_unit
from directory.spelling import words_of

# As many units as one looks through.
MOST_UNITS = 40


class _Unit(NamedTuple):
    pk: int
    path: str
    depth: int
    agency_id: int | None
    leader_id: int | None
    name: str
    short_name: str

    @property
    def words(self) -> frozenset[str]:
        return words_of_unit(self.name, self.short_name)

    def is_just(self, words: Sequence[str]) -> bool:
        """Whether it is called that and nothing more."""
        return set(words) in (set(words_of(self.name)), set(words_of(self.short_name)))

    @property
    def upwards(self) -> list[int]:
        """Itself and the units it belongs to, from below; without the whole, of which all are."""
        return [int(pk) for pk in reversed(self.path.strip("/").split("/")[1:])]


def leaders_called(words: Sequence[str], own: OrgUnit | None, *, only_acting: bool) -> tuple[list[int], list[int]]:
    """Return the ids of who leads units called `words`: to the letter, and where they are only begun.

    Each list has units called just that first, then those nearest to `own`, then the highest; a unit's leader stands
    before whoever acts for that one. Where nobody leads a unit itself, whoever leads what it belongs to does. Two
    statements.
    """
    facts = OrgUnit.objects.active().filter(parent__isnull=False).values_list(*_Unit._fields)
    units = {unit.pk: unit for unit in map(_Unit._make, facts)}
    exact = _called(words, units, own, str.__eq__)
    begun = [] if exact else _called(words, units, own, str.startswith)
    acting = _acting_in([unit.pk for unit in exact or begun])
    ids = list(dict.fromkeys(_led_by(exact or begun, units, acting, only_acting)))
    return (ids, []) if exact else ([], ids)


def _called(
    words: Sequence[str], units: dict[int, _Unit], own: OrgUnit | None, fits: Callable[[str, str], bool]
) -> list[_Unit]:
    """The units of whose own name a word fits, and the others one of theirs or of a unit they belong to."""
    found = []
    for unit in units.values():
        here = {word for word in words if any(fits(other, word) for other in unit.words)}
        if here and all(word in here or _above_fits(word, unit, units, fits) for word in words):
            found.append(((not unit.is_just(words), _distance(unit, own), unit.depth, unit.pk), unit))
    return [unit for _, unit in sorted(found)[:MOST_UNITS]]


def _above_fits(word: str, unit: _Unit, units: dict[int, _Unit], fits: Callable[[str, str], bool]) -> bool:
    above = (units[pk].words for pk in unit.upwards if pk in units)
    return any(fits(other, word) for words in above for other in words)


def _distance(unit: _Unit, own: OrgUnit | None) -> int:
    if own is None or own.agency_id is None or unit.agency_id != own.agency_id:
        return 2
    return 0 if own.path.startswith(unit.path) or unit.path.startswith(own.path) else 1


def _acting_in(units: Sequence[int]) -> dict[int, list[int]]:
    grants = RoleGrant.objects.in_force().filter(role=Role.ACTING_LEADER, unit__in=units).order_by("pk")
    found: dict[int, list[int]] = {}
    for unit, employee in grants.values_list("unit", "employee"):
        found.setdefault(unit, []).append(employee)
    return found


def _led_by(
    called: Sequence[_Unit], units: dict[int, _Unit], acting: dict[int, list[int]], only_acting: bool
) -> Iterator[int]:
    for unit in called:
        above = (units[pk].leader_id for pk in unit.upwards if pk in units)
        leader = next((pk for pk in above if pk), None)
        if leader and not only_acting:
            yield leader
        yield from acting.get(unit.pk, ())
