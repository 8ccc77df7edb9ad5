"""Finding colleagues by what was typed: who fits best, and who was meant where nobody fits.

The words of a person stand in an index that knows how words begin (`directory.search_query`). Each way to fit is asked
for by itself and only for so many, so that two letters cost no more than a whole name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least, Length

from directory.leaders_found import leaders_called
from directory.models import Employee, OrgUnit, RoleGrant, SearchWord
from directory.querysets import EmployeeQuerySet, OrgUnitQuerySet, RoleGrantQuerySet
from directory.search_query import UNIT, HasWords, Query, Word, all_of, one_word
from directory.short_forms import ACTING_LEADER, LEADER
from directory.spelling import distance, neighbours, sound_key

# As many as one looks through; who wants all of a kind takes a filter.
MOST_FOUND = 240
# With so few hits what was typed may be misspelt.
FEW = 3
SHORTEST_WITHIN, SHORTEST_MISSPELT = 4, 3
MOST_WITHIN, MOST_NEAR, MOST_CANDIDATES, MOST_ALMOST = 40, 8, 400, 12
# The ways to fit, the best first.
LEADS_THIS, HOLDS_ROLE, LEADS_BEGUN, MAY_HOLD_ROLE, EXACT, NAMED, WHOLE, ANY, WITHIN, *_GUESSES = range(16)
SOUNDS_NAMED, SOUNDS, ONE_NAMED, ONE_OFF, LOOSE, ALMOST_NAMED, ALMOST = _GUESSES
OWN_UNIT, OWN_AGENCY, ELSEWHERE = range(3)

# A person counts where they fit best. Who is called exactly so stands before those who are called so and more.
_BEST = """
SELECT id, (min(ARRAY[fit, near, rank]))[1], count(*) OVER ()
FROM ({ways}) AS hit (id, fit, near, rank, name, sort_key)
GROUP BY id, name, sort_key ORDER BY min(ARRAY[fit, near, rank]), name <> %s, sort_key, id OFFSET %s LIMIT %s
"""


@dataclass
class Found:
    """Who fits, best first: the ids at the places asked for, and how many there are."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    # Whether there may be more than `total`: nobody counts further than one looks.
    is_more: bool = False
    # Whether nobody fits what was typed, so that these come nearest; and whether they do so by their names.
    is_guess: bool = False
    by_name: bool = False


@dataclass(frozen=True)
class _Way:
    """A way to fit, how near to the one who asks, and the condition on words ("" for none)."""

    fit: int
    near: int
    condition: str
    # Only these people, in this order.
    ids: Sequence[int] = ()


def search_people(people: EmployeeQuerySet, text: str, viewer: Employee, start: int = 0, stop: int = 24) -> Found:
    """Return those of `people` who fit `text` best, at the places from `start` up to `stop`.

    `people` are those `viewer` may find. A few statements, however many people there are; nobody stands beyond
    `MOST_FOUND`. Where hardly anybody fits, it is taken as misspelt and those who nearly fit come after.
    """
    search = _Search(people, Query.read(text), viewer)
    return search.best(start, min(stop, MOST_FOUND)) if search.query.words else Found()


class _Search:
    def __init__(self, people: EmployeeQuerySet, query: Query, viewer: Employee) -> None:
        self.people, self.query = people, query
        self.unit = viewer.primary_employment.unit if viewer.primary_employment else None

    def best(self, start: int, stop: int) -> Found:
        _look_within(self.query.words)
        rows = self._ask(self._ways(), start, stop)
        total = rows[0][2] if rows else 0
        if start == 0 and (not rows or (total < FEW and rows[0][1] >= WHOLE)):
            return self._guess([pk for pk, _, _ in rows], stop)
        return Found([pk for pk, _, _ in rows], min(total, MOST_FOUND), is_more=total >= MOST_FOUND)

    def _guess(self, fitting: list[int], stop: int) -> Found:
        _look_near(self.query.words)
        rows = [row for row in self._ask(self._loose_ways(), 0, stop) if row[0] not in fitting]
        nearly = [pk for pk, fit, _ in rows if fit < ALMOST_NAMED]
        others = nearly or ([] if fitting else [pk for pk, _, _ in rows[:MOST_ALMOST]])
        ids = [*fitting, *others][:stop]
        by_name = bool(rows) and rows[0][1] in (SOUNDS_NAMED, ONE_NAMED)
        return Found(ids, len(ids), is_guess=not fitting, by_name=by_name)

    # --- the ways to fit --------------------------------------------------------------------------------------
    def _ways(self) -> Iterator[_Way]:
        if self.query.roles:
            yield from self._role_ways()
        yield from self._nearest_first(EXACT, self.query.exact)
        yield from self._nearest_first(NAMED, self.query.named)
        yield from self._nearest_first(WHOLE, self.query.whole)
        yield from self._nearest_first(ANY, self.query.any)
        if any(word.within for word in self.query.words):
            yield from self._nearest_first(WITHIN, self.query.within)

    def _loose_ways(self) -> Iterator[_Way]:
        query = self.query
        if query.roles:
            yield from self._role_ways()
        for fit, condition in zip((SOUNDS_NAMED, SOUNDS), query.sounds, strict=True):
            yield from self._nearest_first(fit, condition)
        for fit, condition in zip((ONE_NAMED, ONE_OFF), query.one_off, strict=True):
            yield from self._nearest_first(fit, condition)
        yield _Way(LOOSE, ELSEWHERE, query.loose)
        if query.all_but_one:
            yield from self._nearest_first(ALMOST_NAMED, all_of([query.all_but_one, query.a_name]))
            yield from self._nearest_first(ALMOST, query.all_but_one)

    def _role_ways(self) -> Iterator[_Way]:
        """Leaders: with a place, from who leads most of it; without one, the own first. Others: the nearest first."""
        leads = LEADER in self.query.roles
        if not self.query.rest and leads:
            yield from (_Way(HOLDS_ROLE, near, "") for near in range(3))
        elif not self.query.rest:
            yield from self._nearest_first(HOLDS_ROLE, "")
        else:
            if leads:
                yield from self._led_units()
            for fit, condition in zip((HOLDS_ROLE, MAY_HOLD_ROLE), self.query.in_role, strict=True):
                yield from [_Way(fit, ELSEWHERE, condition)] if leads else self._nearest_first(fit, condition)

    def _led_units(self) -> Iterator[_Way]:
        """Who leads a unit called so need not work in it."""
        words = [word.text for word in self.query.rest]
        for fit, ids in zip(
            (LEADS_THIS, LEADS_BEGUN),
            leaders_called(words, self.unit, only_acting=ACTING_LEADER in self.query.roles),
            strict=True,
        ):
            if ids:
                yield _Way(fit, OWN_UNIT, "", ids)

    def _nearest_first(self, fit: int, condition: str) -> Iterator[_Way]:
        places = (self.unit.pk, self.unit.agency_id) if self.unit else ()
        for near, unit_id in zip((OWN_UNIT, OWN_AGENCY), places, strict=False):
            belongs = one_word(f"{UNIT}{unit_id}", begins=False)
            yield _Way(fit, near, all_of([condition, belongs]) if condition else belongs)
        yield _Way(fit, ELSEWHERE, condition)

    # --- asking -----------------------------------------------------------------------------------------------
    def _ask(self, ways: Iterable[_Way], start: int, stop: int) -> list[tuple[int, int, int]]:
        parts = [self._hits(way).query.sql_with_params() for way in ways]
        statement = _BEST.format(ways=" UNION ALL ".join(f"({sql})" for sql, _ in parts))
        parameters = [value for _, values in parts for value in values]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*parameters, self.query.key, start, max(0, stop - start)])
            rows: list[tuple[int, int, int]] = cursor.fetchall()
        return rows

    def _hits(self, way: _Way) -> Any:
        people, rank = self._fitting(way)
        if way.condition:
            people = people.filter(HasWords(way.condition))
        values = people.order_by().annotate(fit=Value(way.fit), near=Value(way.near), rank=rank)
        return values.values_list("pk", "fit", "near", "rank", "folded_name", "sort_key")[:MOST_FOUND]

    def _fitting(self, way: _Way) -> tuple[EmployeeQuerySet, Any]:
        if way.ids:
            ids = Value(list(way.ids), output_field=ArrayField(BigIntegerField()))
            return self.people.filter(pk__in=way.ids), Func(
                ids, F("pk"), function="array_position", output_field=IntegerField()
            )
        return self._holders(way) if way.fit <= MAY_HOLD_ROLE else (self.people, Value(0))

    def _holders(self, way: _Way) -> tuple[EmployeeQuerySet, Any]:
        """Those who hold every role asked for, and their order: leaders by what they lead."""
        people: EmployeeQuerySet = self.people
        rank: Any = Value(0)
        for role in self.query.roles:
            if role == LEADER:
                led, acting = self._led(way.near), self._acting(way.near)
                people = people.filter(Q(pk__in=led.values("leader")) | Q(pk__in=acting.values("employee")))
                depth = Least(_highest(led, "leader", "depth"), _highest(acting, "employee", "unit__depth"))
                rank = Value(0) - depth if way.near == OWN_UNIT else Value(0) + depth
            else:
                people = people.with_role(role)
        return people, rank

    def _led(self, near: int) -> OrgUnitQuerySet:
        """Units that somebody leads: all, those of the own agency, or the own one and those it belongs to."""
        return self._near(OrgUnit.objects.active().filter(leader__isnull=False), near)

    def _acting(self, near: int) -> RoleGrantQuerySet:
        """Of the same units, the grants of those who act for the leader today."""
        units = self._near(OrgUnit.objects.active(), near)
        return RoleGrant.objects.in_force().filter(role=ACTING_LEADER, unit__in=units)

    def _near(self, units: OrgUnitQuerySet, near: int) -> OrgUnitQuerySet:
        if near == OWN_UNIT:
            return units.filter(pk__in=self.unit.ancestor_ids()[1:] if self.unit else [])
        return units.filter(agency=self.unit.agency_id if self.unit else None) if near == OWN_AGENCY else units


def _highest(places: Any, person: str, depth: str) -> Subquery:
    return Subquery(places.filter(**{person: OuterRef("pk")}).order_by(depth).values(depth)[:1])


def _look_within(words: list[Word]) -> None:
    """Find the words that hold what was typed: «rådgiver» is at the end of many jobs."""
    wanted = [word for word in words if len(word.text) >= SHORTEST_WITHIN and word.text.isalpha()]
    if not wanted:
        return
    holding = SearchWord.objects.filter(reduce(or_, (Q(word__contains=word.text) for word in wanted)))
    found = list(holding.order_by(Length("word")).values_list("word", flat=True)[:MOST_CANDIDATES])
    for word in wanted:
        word.within = [other for other in found if word.text in other[1:]][:MOST_WITHIN]


def _look_near(words: list[Word]) -> None:
    """Find the words that what was typed may be a misspelling of, whole or as far as it is typed."""
    sounds = {word.text: sound_key(word.text) for word in words}
    wanted = [word for word in words if len(word.text) >= SHORTEST_MISSPELT and word.text.isalpha()]
    if not wanted:
        return
    near = Q(near__overlap=sorted(set().union(*(neighbours(sounds[word.text]) for word in wanted))))
    begun = (Q(sound__startswith=sounds[word.text]) for word in wanted if len(sounds[word.text]) > SHORTEST_MISSPELT)
    known = list(SearchWord.objects.filter(reduce(or_, begun, near)).values_list("word", "sound")[:MOST_CANDIDATES])
    for word in wanted:
        _take_nearest(word, sounds[word.text], known)


def _take_nearest(word: Word, sound: str, known: list[tuple[str, str]]) -> None:
    allowed = 1 if len(sound) < 6 else 2
    apart = []
    for other, other_sound in known:
        far = min(distance(sound, other_sound), distance(sound, other_sound[: len(sound)]) + (len(sound) < 6))
        if far <= allowed and other != word.text:
            apart.append((far, distance(word.text, other), other))
    apart.sort()
    word.alike = [other for far, _, other in apart if far == 0][:MOST_NEAR]
    word.near = [other for far, _, other in apart if far > 0][:MOST_NEAR]
