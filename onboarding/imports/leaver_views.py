"""Who leaves by a file: a page to search and turn, and a file to keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.errors import require
from core.spreadsheets import Row, spreadsheet_response
from core.text import fold
from directory.models import Employee
from directory.querysets import EmployeeQuerySet
from onboarding.hr_file.messages import field_name
from onboarding.imports.planning import plan_of
from onboarding.imports.presenting import leavers_of
from onboarding.models import ImportRun

PER_PAGE = 50


def _run(request: HttpRequest, public_id: str) -> ImportRun:
    require(request.user.has_perm("directory.import_people"))
    runs: Any = ImportRun.objects.visible_to(request.user).told()  # type: ignore[arg-type]
    run: ImportRun = get_object_or_404(runs, public_id=public_id)
    return run


@require_GET
def import_leavers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who leaves by the file, by name."""
    run = _run(request, public_id)
    people, text = leavers_of(run, request.user), request.GET.get("q", "").strip()[:80]  # type: ignore[arg-type]
    start = request.GET.get("from", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    page = list(_named(people, text)[first : first + PER_PAGE + 1])
    leaving = plan_of(run).leaving
    context = {"run": run, "people": page[:PER_PAGE], "text": text, "leaving": leaving}
    context["next_from"] = first + PER_PAGE if len(page) > PER_PAGE else None
    # People with a protected address are counted, and named to those alone who may find them.
    context["unnamed"] = 0 if text else run.leavers.count() - people.count()
    return render(request, "onboarding/import_leavers.html", context)


@require_GET
def import_leavers_file(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    """The same as a file."""
    run = _run(request, public_id)
    return spreadsheet_response(_rows(run, request.user), name=f"{run.public_id}-slutter", kind=kind)  # type: ignore[arg-type]


def _named(people: EmployeeQuerySet, text: str) -> EmployeeQuerySet:
    """Those of whom every word of `text` stands in the name, or who have it as number."""
    for word in fold(text.replace("\x00", "")).split():
        people = people.filter(folded_name__contains=word) | people.filter(employee_number=word)
    return people


def _rows(run: ImportRun, viewer: Employee) -> Iterator[Row]:
    yield [field_name(name) for name in ("ansattnr", "fornavn", "etternavn", "stilling", "enhet")]
    for person in leavers_of(run, viewer).iterator(chunk_size=2000):
        job = person.primary_employment or next(iter(person.jobs_to_come), None)  # type: ignore[attr-defined]
        told = [job.title, job.unit.name] if job else [_("no position"), ""]
        yield [person.employee_number, person.first_name, person.last_name, *told]
