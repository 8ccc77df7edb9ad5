"""What each person is found by, worked out for thousands at a time. `directory.search_query` says how it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

from core.text import fold, sort_key
from directory.models import Employee, Employment, OrgUnit, SearchWord
from directory.search_query import NAME, UNIT, phone_key
from directory.spelling import neighbours, search_key, sound_key, words_of

SHORTEST_INITIALS = 3
# Words an abbreviation passes over.
SMALL_WORDS = frozenset(("og", "for", "i", "av", "the", "of"))
CHUNK = 5_000
_FORGET = f"""
DELETE FROM directory_searchword known WHERE NOT EXISTS (
    SELECT FROM directory_employee person
    WHERE directory_words(person.search_text) @@ format('%L | %L', known.word, '{NAME}' || known.word)::tsquery)
"""  # noqa: S608 - the constant is our own
# Units, titles and places repeat over thousands of people.
_words = lru_cache(maxsize=20_000)(words_of)


class _Known(NamedTuple):
    """What of a person is stored now, and the facts it is worked out from."""

    pk: int
    sort_key: str
    folded_name: str
    search_text: str
    first_name: str
    last_name: str
    chosen_name: str
    email: str | None
    work_phone: str
    private_mobile: str
    mobile_seen_by: str
    ask_me_about: list[str]
    spoken_languages: list[str]
    nickname: str


class _Jobs(NamedTuple):
    """What is known of a person's jobs: names of jobs and places, and the units they are in, from the top."""

    names: list[str]
    units: list[int]


_Units = dict[int, tuple[str, str]]


def refresh_search_texts(employee_ids: Sequence[int]) -> int:
    """Work out anew what these people are sorted and found by; write only what differs; return how many did."""
    jobs = _jobs_of(employee_ids)
    units = _units_in(jobs.values())
    people = Employee.objects.filter(pk__in=employee_ids).values_list(*_Known._fields)
    changed, met = [], set[str]()
    for row in people.iterator():
        known = _Known(*row)
        names, others = _names(known), [*_words_of_jobs(jobs[known.pk], units), *_own_words(known)]
        text = _search_text(names, others, _addresses(known), jobs[known.pk].units)
        wanted = (_sort_key(known), _folded_name(known), text)
        if wanted != (known.sort_key, known.folded_name, known.search_text):
            changed.append((known.pk, *wanted))
            met.update(names, others)
    _write(changed)
    _remember(met)
    return len(changed)


def refresh_all_search_texts() -> int:
    """Work out anew what everybody is found by, for units are renamed too, and forget words that nobody has any more.

    Return how many people it concerned.
    """
    people = Employee.objects.people().exclude(is_active=False, search_text="").order_by("pk")
    ids = list(people.values_list("pk", flat=True))
    changed = sum(refresh_search_texts(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK))
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
    return changed


@lru_cache(maxsize=20_000)
def words_of_unit(name: str, short_name: str) -> frozenset[str]:
    """Return what a unit is called: the words of its names, and its initials."""
    return frozenset((*_words(name), *_words(short_name), *_initials(name)))


def _search_text(names: Iterable[str], others: Iterable[str], addresses: Iterable[str], units: Iterable[int]) -> str:
    words = dict.fromkeys([*others, *addresses, *(NAME + name for name in names), *(f"{UNIT}{unit}" for unit in units)])
    return "".join(f" {word}" for word in words)


def _names(known: _Known) -> list[str]:
    """The words of the name; two given names also as one, as «Anne Marie» is looked for as Annemarie."""
    parts = [_words(part) for part in (known.first_name, known.last_name, known.nickname, known.chosen_name)]
    joined = ["".join(words) for words in parts if len(words) == 2]
    return [*(word for words in parts for word in words), *joined]


def _own_words(known: _Known) -> Iterator[str]:
    for text in (*known.ask_me_about, *known.spoken_languages):
        yield from words_of(str(text))


def _addresses(known: _Known) -> list[str]:
    """A private mobile number counts only once opened to all: a search must not tell whose it is."""
    mobile = known.private_mobile if known.mobile_seen_by == Employee.MobileSeenBy.EVERYONE else ""
    found = ("".join(search_key(known.email or "").split()), phone_key(known.work_phone), phone_key(mobile))
    return [address for address in found if address]


def _words_of_jobs(jobs: _Jobs, units: _Units) -> Iterator[str]:
    for name in jobs.names:
        yield from _words(name)
    for name, short_name in (units[pk] for pk in jobs.units if pk in units):
        yield from _words(name)
        yield from _words(short_name)
        yield from _initials(name)


@lru_cache(maxsize=20_000)
def _initials(name: str) -> list[str]:
    """«Vann- og avløpsetaten» is spoken of by its letters, of which the ending is one: vae."""
    words = [word for word in words_of(name) if word not in SMALL_WORDS]
    letters = "".join(word[0] for word in words) + "e" * bool(words and words[-1].endswith("etaten"))
    return [letters] if len(letters) >= SHORTEST_INITIALS else []


def _sort_key(known: _Known) -> str:
    return sort_key(f"{known.last_name} {known.first_name}".strip())


def _folded_name(known: _Known) -> str:
    return fold(f"{known.first_name} {known.last_name}".strip())


def _jobs_of(employee_ids: Sequence[int]) -> defaultdict[int, _Jobs]:
    found: defaultdict[int, _Jobs] = defaultdict(lambda: _Jobs([], []))
    jobs = Employment.objects.current().filter(employee_id__in=employee_ids).order_by("employee_id", "pk")
    facts = jobs.values_list("employee_id", "unit__path", "title", "job_family__name", "workplace__name")
    for employee_id, path, *names in facts.iterator():
        found[employee_id].names.extend(name for name in names if name)
        # All belong to the organisation: its name finds nobody in particular.
        found[employee_id].units.extend(int(pk) for pk in path.strip("/").split("/")[1:])
    return found


def _units_in(jobs: Iterable[_Jobs]) -> _Units:
    wanted = {pk for each in jobs for pk in each.units}
    named = OrgUnit.objects.filter(pk__in=wanted).values_list("pk", "name", "short_name")
    return {pk: (name, short_name) for pk, name, short_name in named}


def _write(rows: list[tuple[int, str, str, str]]) -> None:
    statement = (
        "UPDATE directory_employee AS e SET sort_key = v.sort_key, folded_name = v.folded_name, "
        "search_text = v.search_text FROM (VALUES %s) AS v (id, sort_key, folded_name, search_text) WHERE e.id = v.id"
    )
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, statement, rows, page_size=2_000)


def _remember(words: set[str]) -> None:
    """Store the words nobody had before, each with how it sounds, so that what is misspelt is told from them."""
    known = SearchWord.objects.filter(word__in=words).values_list("word", flat=True) if words else ()
    new = sorted(words.difference(known))
    SearchWord.objects.bulk_create(
        (
            SearchWord(word=word, sound=sound, near=sorted(neighbours(sound)))
            for word in new
            if (sound := sound_key(word))
        ),
        batch_size=2_000,
        ignore_conflicts=True,
    )
