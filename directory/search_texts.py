"""What each person is found by, worked out for thousands at a time. `core.text.fold` decides how it is spelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

from core.text import fold, sort_key
from directory.models import Employee, Employment
from directory.spelling import sound_key

# Units, titles and places repeat over thousands of people.
_fold = lru_cache(maxsize=20_000)(fold)
_sound = lru_cache(maxsize=20_000)(sound_key)


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


_JOB_WORDS = (
    "title",
    "job_family__name",
    "workplace__name",
    "unit__name",
    "unit__short_name",
    "unit__agency__name",
    "unit__agency__short_name",
)


def refresh_search_texts(employee_ids: Sequence[int]) -> int:
    """Work out anew what these people are sorted and found by; write only what differs; return how many did."""
    jobs = _words_of_jobs(employee_ids)
    people = Employee.objects.filter(pk__in=employee_ids).values_list(*_Known._fields)
    changed = []
    for row in people.iterator():
        known = _Known(*row)
        wanted = (_sort_key(known), _folded_name(known), search_text(known, jobs[known.pk]))
        if wanted != (known.sort_key, known.folded_name, known.search_text):
            changed.append((known.pk, *wanted))
    _write(changed)
    return len(changed)


def search_text(known: _Known, job_words: Iterable[str]) -> str:
    """Return every word a person is found by, folded, each once, with a blank before each; then how the name sounds.

    A private mobile number counts only once the person has opened it to all: a search must not tell whose it is.
    """
    mobile = known.private_mobile if known.mobile_seen_by == Employee.MobileSeenBy.EVERYONE else ""
    own = (known.first_name, known.last_name, known.chosen_name, known.email or "", known.nickname)
    phones = (known.work_phone, mobile, "".join(known.work_phone.split()), "".join(mobile.split()))
    parts = [*own, *map(str, known.ask_me_about), *map(str, known.spoken_languages), *job_words, *phones]
    words = dict.fromkeys(word for part in parts if part for word in _fold(part).split())
    sounds = dict.fromkeys(_sound(f"{known.first_name} {known.last_name} {known.nickname} {known.chosen_name}").split())
    return "".join(f" {word}" for word in words) + "".join(f" ~{sound}" for sound in sounds)


def _sort_key(known: _Known) -> str:
    return sort_key(f"{known.last_name} {known.first_name}".strip())


def _folded_name(known: _Known) -> str:
    return fold(f"{known.first_name} {known.last_name}".strip())


def _words_of_jobs(employee_ids: Sequence[int]) -> defaultdict[int, list[str]]:
    words: defaultdict[int, list[str]] = defaultdict(list)
    jobs = Employment.objects.current().filter(employee_id__in=employee_ids).order_by("employee_id", "pk")
    for employee_id, *names in jobs.values_list("employee_id", *_JOB_WORDS).iterator():
        words[employee_id].extend(name for name in names if name)
    return words


def _write(rows: list[tuple[int, str, str, str]]) -> None:
    statement = (
        "UPDATE directory_employee AS e SET sort_key = v.sort_key, folded_name = v.folded_name, "
        "search_text = v.search_text FROM (VALUES %s) AS v (id, sort_key, folded_name, search_text) WHERE e.id = v.id"
    )
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, statement, rows, page_size=2_000)
