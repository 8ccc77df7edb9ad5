"""Headings that are not ours: told once by a person, remembered for the source the file came from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from onboarding.hr_file import columns as our
from onboarding.hr_file.headings import missing_from, parted, tidy_heading
from onboarding.hr_file.inspection import refuse
from onboarding.hr_file.messages import field_name, word
from onboarding.hr_file.reader import HrFile, open_hr_file
from onboarding.hr_file.rows import with_parts_of_name
from onboarding.imports.copying import batched
from onboarding.models import ImportRecord, ImportRun, KnownHeading

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


def open_told_file(file: IO[bytes], source: str, told: Mapping[str, str], actor: Employee | None) -> HrFile:
    """Open a file whose headings are `told`, beside those of `source` that are known, and remember them.

    Raises RefusedError when a heading is left that nobody has told of, or a column is missing.
    """
    hr_file = open_hr_file(file, known_headings(source) | dict(told))
    headings = hr_file.headings
    if headings and headings.unknown:
        raise refuse("columns_unknown", unknown=list(headings.unknown.values()))
    if headings and headings.missing:
        raise refuse("columns_missing", missing=headings.missing)
    _remember(source, dict(told), actor)
    return hr_file


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
    if our.WHOLE_NAME in said.values():
        _part_names(run)
    run.summary["columns"] = parted([*run.summary["columns"], *filter(None, said.values())])
    del run.summary["headings"]


def _check(known: list[str], said: dict[str, str]) -> None:
    counts = Counter([*known, *said.values()])
    for key, column in said.items():
        if column and (column not in (our.WHOLE_NAME, *our.ALL) or counts[column] > 1):
            raise RefusedError(_("Another heading is this column already."), field=key, code="invalid")
    if our.WHOLE_NAME in said.values() and {"fornavn", "etternavn"} & counts.keys():
        raise RefusedError(_("The name stands twice: as a whole and in parts."), code="invalid")
    if missing := missing_from([*known, *said.values()]):
        told = [field_name(name) for name in missing]
        raise RefusedError(word("columns_missing", {"missing": told}), code="columns_missing")


def _part_names(run: ImportRun) -> None:
    """Part the whole names of the stored rows, some thousand at a time."""
    for some in batched(run.records.order_by("pk").iterator(chunk_size=2000), 2000):
        for record in some:
            record.values = with_parts_of_name(record.values)
        ImportRecord.objects.bulk_update(some, ["values"])


def _remember(source: str, meanings: dict[str, str], actor: Employee | None) -> None:
    for heading, column in meanings.items():
        KnownHeading.objects.update_or_create(
            source=source, heading=tidy_heading(heading), defaults={"column": column, "known_by": actor}
        )
