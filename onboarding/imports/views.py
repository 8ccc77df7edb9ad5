"""The screens of imports: upload, check and mend, confirm and result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import RefusedError, require
from onboarding.hr_file import columns
from onboarding.hr_file.messages import field_name
from onboarding.hr_file.rows import RawRow
from onboarding.imports import actions, mending
from onboarding.imports.applying import WORKING
from onboarding.imports.changes import UNDO_TIME, may_be_undone
from onboarding.imports.forms import ColumnsForm, LeaversForm, RowForm, UploadForm
from onboarding.imports.planning import plan_of
from onboarding.imports.presenting import (
    FEW_LEAVERS,
    count_rows,
    gained_groups,
    later_runs,
    leavers_of,
    left_alone,
    present_columns,
    view_of,
)
from onboarding.imports.progress import progress_of
from onboarding.imports.rows_shown import WHOLE_ROW, is_masked, present_rows, tell
from onboarding.models import ImportRecord, ImportRun, InvitationHabit

HISTORY = 20
State = ImportRun.State


def _runs(request: HttpRequest) -> Any:
    require(request.user.has_perm("directory.import_people"))
    return ImportRun.objects.visible_to(request.user).told()  # type: ignore[arg-type]


@require_http_methods(["GET", "HEAD", "POST"])
def manage_imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, the runs there have been."""
    runs = _runs(request)
    start = request.GET.get("from", "")
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 0
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = _upload(request, form)
        if run is not None:
            return redirect("import_run", run.public_id)
    history = list(runs.newest_first()[first : first + HISTORY + 1])
    context = {"form": form, "history": history[:HISTORY], "columns": columns, "from": first}
    context["next_from"] = first + HISTORY if len(history) > HISTORY else None
    context["is_hr"] = request.user.has_role("hr")  # type: ignore[union-attr]
    return render(request, "onboarding/import_start.html", context, status=422 if form.errors else 200)


def _upload(request: HttpRequest, form: UploadForm) -> ImportRun | None:
    upload = form.cleaned_data["file"]
    try:
        return actions.check_import(
            actor=request.user,  # type: ignore[arg-type]
            file=upload.file,
            file_name=upload.name,
            is_delta=form.cleaned_data["kind"] == "delta",
            creates_units=form.cleaned_data["creates_units"],
            source=form.cleaned_data["source"],
            maps=True,
        )
    except RefusedError as error:
        form.add_error("file", error.message)
        return None


@require_GET
def import_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """A run: how far it has come, what to mend, or what came of it."""
    run = get_object_or_404(_runs(request).select_related("created_by"), public_id=public_id)
    if run.state in (State.CHECKED, State.STOPPED):
        mending.recount(actor=request.user, run=run)  # type: ignore[arg-type]
    if run.state in WORKING:
        return _progress(request, run)
    if request.htmx:  # type: ignore[attr-defined]
        # The page that asked shows progress; there is none any more.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if run.state == State.MAPPING:
        return redirect("import_columns", run.public_id)
    if run.state == State.CHECKED:
        return _check_page(request, run)
    return _result_page(request, run)


def _progress(request: HttpRequest, run: ImportRun) -> HttpResponse:
    template = "import_bar" if request.htmx else "import_progress"  # type: ignore[attr-defined]
    context = {"run": run, "percent": progress_of(run.pk), "steps": _steps(), "step": _step(run)}
    return render(request, f"onboarding/{template}.html", context)


def _check_page(request: HttpRequest, run: ImportRun, form: LeaversForm | None = None) -> HttpResponse:
    rows = request.GET.get("rows", "")
    limit = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < 5 else 25
    page = view_of(run, request.user, wanted=request.GET.get("show", ""), limit=limit)  # type: ignore[arg-type]
    context = {"page": page, "run": run, "steps": _steps(), "step": 2, "form": form or LeaversForm()}
    context["invited_at"] = InvitationHabit.load().hour
    return render(request, "onboarding/import_check.html", context, status=422 if form and form.errors else 200)


def _result_page(request: HttpRequest, run: ImportRun, form: LeaversForm | None = None) -> HttpResponse:
    context = {
        "run": run,
        "steps": _steps(),
        "step": 3,
        "form": form or LeaversForm(),
        "groups": gained_groups(run, request.user),  # type: ignore[arg-type]
        "plan": plan_of(run),
        "leavers": list(leavers_of(run, request.user)[:FEW_LEAVERS]) if run.state == State.STOPPED else [],  # type: ignore[arg-type]
        "may_be_undone": may_be_undone(run),
        "undo_until": run.applied_at + UNDO_TIME if run.applied_at else None,
        "later_runs": later_runs(run, request.user),  # type: ignore[arg-type]
        "left_alone": left_alone(run, request.user),  # type: ignore[arg-type]
        "left_out": count_rows(run)["must"] + count_rows(run)["should"],
        "has_leavers": run.leavers.exists(),
        # A run from the command line keeps no rows, so there it must be gone on with.
        "has_rows": run.records.exists(),
    }
    return render(request, "onboarding/import_result.html", context, status=422 if form and form.errors else 200)


def _steps() -> list[str]:
    return [_("Upload"), _("Check"), _("Confirm")]


def _step(run: ImportRun) -> int:
    return 2 if run.state == State.CHECKING else 3


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say which of our columns the headings are that we do not know."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    if run.state != State.MAPPING:
        return redirect("import_run", run.public_id)
    known, unknown = run.summary["columns"], run.summary["headings"]
    form = ColumnsForm(known, unknown, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mending.map_columns(actor=request.user, run=run, columns=form.cleaned_data)  # type: ignore[arg-type]
            return redirect("import_run", run.public_id)
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {"run": run, "form": form, "columns": present_columns(run, form, request.user), "steps": _steps()}  # type: ignore[arg-type]
    context |= {"step": 1, "known": [field_name(name) for name in known]}
    return render(request, "onboarding/import_columns.html", context, status=422 if form.errors else 200)


@require_POST
def apply_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Legg til 119 nå». How many leave is what the page said, or typed where that is many."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    plan = plan_of(run)
    seen = request.POST.get("leaving", "")
    confirmed = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 and not plan.stops else None
    if run.state == State.STOPPED or "confirm_leavers" in request.POST:
        form = LeaversForm(request.POST)
        if form.is_valid() and form.cleaned_data["confirm_leavers"] != plan.leaving:
            form.add_error("confirm_leavers", _("That is not the number."))
        if form.errors:
            page = _result_page if run.state == State.STOPPED else _check_page
            return page(request, run, form)
        confirmed = form.cleaned_data["confirm_leavers"]
    return _do(
        request,
        run,
        lambda: actions.ask_for_application(
            actor=request.user,  # type: ignore[arg-type]
            run=run,
            confirm_leavers=confirmed,
            skips_warnings=True,
        ),
    )


@require_POST
def confirm_import_warnings(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Ta med alle som bør sjekkes»."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    return _do(request, run, lambda: mending.confirm_warnings(actor=request.user, run=run))  # type: ignore[arg-type]


@require_POST
def undo_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Angre» of a whole file."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    return _do(request, run, lambda: actions.undo_import(actor=request.user, run=run))  # type: ignore[arg-type]


@require_POST
def discard_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Kast fila», never added."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    try:
        actions.discard_import(actor=request.user, run=run)  # type: ignore[arg-type]
    except RefusedError as error:
        messages.error(request, str(error.message))
        return redirect("import_run", run.public_id)
    messages.success(request, _("The file has been thrown away. Nothing had been stored."))
    return redirect("manage_imports")


@require_POST
def retry_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Check a run again that failed."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    return _do(request, run, lambda: mending.check_again(actor=request.user, run=run))  # type: ignore[arg-type]


def _do(request: HttpRequest, run: ImportRun, action: Any) -> HttpResponse:
    try:
        action()
    except RefusedError as error:
        messages.error(request, str(error.message))
    return redirect("import_run", run.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def import_row(request: HttpRequest, public_id: str, record: int) -> HttpResponse:
    """Mend one row: use the suggestion, confirm it, or type."""
    run = get_object_or_404(_runs(request), public_id=public_id)
    stored = get_object_or_404(run.records, record=record)
    require(not is_masked(stored, request.user))  # type: ignore[arg-type]
    findings = list(run.findings.filter(record=record).order_by("pk"))
    how = request.POST.get("how", "")
    if request.method == "POST" and how in ("suggestion", "confirm", "same"):
        values = {k: v for f in findings for k, v in f.facts.get("mend", {}).items()} if how == "suggestion" else {}
        return _do(request, run, lambda: _mend(request, stored, values, how))
    values = RawRow.from_json(record, stored.values).values
    form = RowForm(_columns_to_mend(findings, run.summary["columns"]), values, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if _mend(request, stored, form.cleaned_data):
                return redirect("import_run", run.public_id)
        except RefusedError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        _show_findings(form, run, record)
    row = present_rows(run, [stored], request.user)[0]  # type: ignore[arg-type]
    context = {"run": run, "row": row, "form": form, "steps": _steps(), "step": 2}
    return render(request, "onboarding/import_row.html", context, status=422 if form.errors else 200)


def _mend(request: HttpRequest, stored: ImportRecord, values: dict[str, str], how: str = "") -> bool:
    """Mend the row and say so; return whether it can be taken now, or is being judged by a worker."""
    run = stored.run
    facts: dict[str, Any] = {"values": values, "confirms": how == "confirm", "same_job": how == "same"}
    mending.mend_record(actor=request.user, run=run, record=stored.record, **facts)  # type: ignore[arg-type]
    stored.refresh_from_db()
    if run.state == State.CHECKING:
        return True
    if stored.status != "reject":
        messages.success(request, _("Row %(number)s is ready.") % {"number": stored.record})
    return stored.status != "reject"


def _columns_to_mend(findings: list[Any], names: list[str]) -> list[str]:
    grave = [finding for finding in findings if finding.status in ("reject", "warn")]
    if any(finding.code in WHOLE_ROW for finding in grave):
        return [name for name in columns.ALL if name in names]
    named = {finding.field for finding in grave}
    if named & {"fornavn", "etternavn"}:
        named |= {"fornavn", "etternavn"}
    if "enhetskode" in named or "virksomhetskode" in named:
        named |= {"virksomhetskode", "enhetskode"}
    return [name for name in columns.ALL if name in named]


def _show_findings(form: RowForm, run: ImportRun, record: int) -> None:
    for finding in run.findings.filter(record=record, status="reject").order_by("pk"):
        text = tell(finding)
        form.add_error(finding.field if finding.field in form.fields else None, text)
