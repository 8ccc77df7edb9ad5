"""Headings that are not ours: told once by a person, remembered for the source the file came from."""

from __future__ import annotations

import json
from collections import Counter

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from onboarding.hr_file import columns as our
from onboarding.hr_file.headings import is_unknown, missing_from, tidy_heading
from onboarding.hr_file.messages import word
from onboarding.models import ImportRun, KnownHeading

# The stored rows take the names of our columns; what is left out leaves nothing behind.
_RENAME = """
UPDATE onboarding_importrecord r SET values = (
    SELECT COALESCE(jsonb_object_agg(COALESCE(names.said ->> p.key, p.key), CASE WHEN p.key = '_blanked'
        THEN (SELECT COALESCE(jsonb_agg(COALESCE(names.said ->> b, b)), '[]'::jsonb)
              FROM jsonb_array_elements_text(p.value) b
              WHERE COALESCE(names.said ->> b, CASE WHEN b NOT LIKE '?%%' THEN b END) <> '')
        ELSE p.value END), '{}'::jsonb)
    FROM jsonb_each(r.values) p
    WHERE COALESCE(names.said ->> p.key, CASE WHEN p.key NOT LIKE '?%%' THEN p.key END) <> ''
) FROM (SELECT %(said)s::jsonb AS said) names WHERE r.run_id = %(run)s
"""


def known_headings(source: str) -> dict[str, str]:
    """Return which of our columns the headings of `source` have been told to be; "" for those left out."""
    return dict(KnownHeading.objects.filter(source=source).values_list("heading", "column"))


def name_columns(run: ImportRun, said: dict[str, str], actor: Employee) -> None:
    """Give the stored rows of `run` our columns as `said`, by key, and remember it.

    Raises RefusedError, at the key where there is one, when it does not add up.
    """
    unknown: dict[str, str] = run.summary["headings"]
    said = {key: said.get(key, "") for key in unknown}
    _check(run.summary["columns"], said)
    with connection.cursor() as cursor:
        cursor.execute(_RENAME, {"said": json.dumps(said), "run": run.pk})
    _remember(run.source, {unknown[key]: column for key, column in said.items()}, actor)
    run.summary["columns"] += [column for column in said.values() if column]
    del run.summary["headings"]


def _check(known: list[str], said: dict[str, str]) -> None:
    counts = Counter([*known, *said.values()])
    for key, column in said.items():
        if column and (column not in our.ALL or is_unknown(column) or counts[column] > 1):
            raise RefusedError(_("Another heading is this column already."), field=key, code="invalid")
    if missing := missing_from([*known, *said.values()]):
        raise RefusedError(word("columns_missing", {"missing": missing}), code="columns_missing")


def _remember(source: str, meanings: dict[str, str], actor: Employee) -> None:
    for heading, column in meanings.items():
        KnownHeading.objects.update_or_create(
            source=source, heading=tidy_heading(heading), defaults={"column": column, "known_by": actor}
        )
