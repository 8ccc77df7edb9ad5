"""The screens of the form for one: fill in, see what would happen, store."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import RefusedError, require
from core.times import short_date
from directory.models import Employee, Employment
from directory.querysets import EmployeeQuerySet
from onboarding.hr_file.messages import field_name
from onboarding.imports import actions
from onboarding.imports.checking import FORM
from onboarding.imports.rows_shown import tell
from onboarding.models import ImportRun
from onboarding.one_person.forms import DATES, PersonForm, initial_of, initial_of_new
from onboarding.one_person.rows import COLUMNS, row_of, rows_to_store

_LEADER = gettext_lazy("Leader")
# Changes of these say the same as the one beside them.
_TOLD_BY_NAME = ("virksomhetskode", "enhetskode")


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Somebody new, without a file."""
    require(request.user.has_perm("directory.import_people"))
    return _fill_in(request, None, None, initial_of_new())


@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change or end one of a person's jobs, or what HR knows of the person. `job` says which, by its place."""
    require(request.user.has_perm("directory.import_people"))
    person = get_object_or_404(_people(request.user).exclude(employee_number=None), public_id=public_id)
    jobs = list(
        person.employments.unended()
        .exclude(source="scim")
        .select_related("unit__agency", "manager", "workplace")
        .order_by("pk")
    )
    place = request.GET.get("job", "0")
    if not (place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(jobs)):
        raise Http404
    job = jobs[int(place)]
    stands = row_of(person, job)
    leader = job.manager.display_name if job.manager else ""
    number = stands["leder_ansattnr"]
    initial = initial_of(stands, leader, number if _people(request.user).filter(employee_number=number) else "")
    return _fill_in(request, person, stands, initial, jobs)


def _fill_in(
    request: HttpRequest,
    person: Employee | None,
    stands: dict[str, str] | None,
    initial: dict[str, Any],
    jobs: list[Employment] | None = None,
) -> HttpResponse:
    viewer: Any = request.user
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, viewer=viewer, stands=stands, initial=initial)
    if data is not None and form.is_valid() and not form.is_choosing:
        # Of somebody new nobody has been shown what stands: the number may turn out to be known.
        rows, is_known = list(rows_to_store(form.row, stands)), stands is not None
        run = actions.check_rows(actor=viewer, rows=rows, columns=COLUMNS, says_all=is_known)
        refused = list(run.findings.filter(status="reject").order_by("record", "pk"))
        if not refused:
            return redirect("person_check", run.public_id)
        for finding in refused:
            form.refuse(finding.field, tell(finding))
        run.delete()
    context = {"form": form, "person": person, "jobs": jobs or [], "place": request.GET.get("job", "0")}
    return render(request, "onboarding/person_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """What would happen; stored when it is said to be right."""
    viewer: Any = request.user
    require(viewer.has_perm("directory.import_people"))
    runs = ImportRun.objects.visible_to(viewer).filter(source=FORM, created_by=viewer)
    run = get_object_or_404(runs, public_id=public_id)
    if run.state not in (ImportRun.State.CHECKED, ImportRun.State.STOPPED):
        return redirect("import_run", run.public_id)
    records = list(run.records.order_by("record"))
    wanted = records[-1].values
    person = Employee.objects.filter(employee_number=_number(wanted)).first()
    # Whoever has become protected since, or was all along, is neither shown nor changed.
    if person and not _people(viewer).filter(pk=person.pk).exists():
        raise Http404
    if request.method == "POST":
        try:
            actions.ask_for_application(actor=viewer, run=run)
        except RefusedError as error:
            messages.error(request, str(error.message))
        return redirect("import_run", run.public_id)
    back = reverse("person_change", args=[person.public_id]) if person else reverse("person_new")
    context = {"run": run, "person": person, "lines": _lines(wanted, person, viewer), "back_url": back}
    context |= {"name": f"{wanted['fornavn']} {wanted['etternavn']}".strip(), "plan": run.summary["plan"]}
    context["said"] = [tell(finding) for finding in run.findings.exclude(status="normalise").order_by("record", "pk")]
    context["moves"] = len(records) > 1
    return render(request, "onboarding/person_form_check.html", context)


def _number(row: dict[str, str]) -> str:
    return "".join(sign for sign in row["ansattnr"] if sign.isdecimal())


def _people(viewer: Any) -> EmployeeQuerySet:
    """Whom `viewer` may know of: those of the form, and their leaders."""
    people: EmployeeQuerySet = Employee.objects.people().visible_to(viewer)
    return people


def _lines(wanted: dict[str, str], person: Employee | None, viewer: Employee) -> list[tuple[str, str, str]]:
    """Each fact: what it is called, what stood, what will stand. Of somebody known only what becomes another."""
    jobs = person.employments.select_related("unit__agency", "manager", "workplace").order_by("pk") if person else []
    told = [row_of(person, job) for job in jobs] if person else []
    same = [row for row in told if (row["enhetskode"], row["stilling"]) == (wanted["enhetskode"], wanted["stilling"])]
    stands = (same or told or [{}])[-1]
    numbers = {stands.get("leder_ansattnr", ""), wanted["leder_ansattnr"]} - {""}
    leaders = {leader.employee_number: leader for leader in Employee.objects.filter(employee_number__in=numbers)}
    seen = set(_people(viewer).filter(employee_number__in=numbers).values_list("employee_number", flat=True))
    names = {
        number: f"{leader.display_name} ({number})" if number in seen else leader.display_name
        for number, leader in leaders.items()
    }
    if not viewer.has_role("hr"):
        stands = stands | {"mobil": wanted["mobil"] if person else ""}
    lines = []
    for name in COLUMNS:
        former, current = stands.get(name, ""), wanted.get(name, "")
        if name not in _TOLD_BY_NAME and former != current:
            lines.append(
                (_LEADER if name == "leder_ansattnr" else field_name(name), *_said(name, names, former, current))
            )
    return [(str(label), former, current) for label, former, current in lines]


def _said(name: str, leaders: dict[str | None, str], *values: str) -> tuple[str, str]:
    """The two values as a person reads them."""
    former, current = (_read(name, leaders, value) for value in values)
    return former, current


def _read(name: str, leaders: dict[str | None, str], value: str) -> str:
    if not value:
        return ""
    if name == "skjermet":
        return {"J": _("Yes"), "N": _("No")}.get(value, value)
    if name in DATES:
        return short_date(datetime.date.fromisoformat(value), with_year=True)
    return leaders.get(value, value) if name == "leder_ansattnr" else value
