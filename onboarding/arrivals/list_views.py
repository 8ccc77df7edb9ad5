"""What is made ready for new colleagues, and by which desks: HR's and the agency administrators' pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock import local_today
from core.errors import RefusedError, require
from core.name_choice import find_option
from core.spreadsheets import spreadsheet_response
from directory.forms import add_refusal
from directory.models import Employee, OrgUnit
from directory.named import options_of_units
from onboarding.arrivals.figures import agency_figures, figure_rows, kind_figures
from onboarding.arrivals.list_forms import DeskForm, StepForm, days_words
from onboarding.arrivals.lists import close_desk, copy_list, keeps_list_of, remove_step, save_desk, save_step
from onboarding.models import ArrivalDesk, ArrivalStep
from onboarding.querysets.arrivals import KEEPERS

CALLS_SHOWN = 6


@require_safe
@never_cache
def manage_arrivals(request: HttpRequest) -> HttpResponse:
    """The list of one agency (or of the whole organisation), and its desks."""
    keeper = keeper_of(request)
    lists = kept_lists(keeper)
    if not lists:
        raise Http404
    made = set(ArrivalStep.objects.standing().filter(unit__in=lists).values_list("unit", flat=True))
    with_list = [one for one in lists if one.pk in made]
    options, typed, refused = options_of_units(lists), request.GET.get("unit", "").strip(), ""
    # It opens on what there is: the organisation's list, else the first agency's that has one.
    unit = (with_list or lists)[0]
    try:
        unit = find_option(options, typed) if typed else unit
    except ValidationError as error:
        refused = str(error.message)
    own = list(ArrivalStep.objects.standing().filter(unit=unit).select_related("desk"))
    inherited = [] if own else list(ArrivalStep.objects.of_unit(unit).select_related("desk"))
    for step in own + inherited:
        step.days_words = days_words(step.days_before)  # type: ignore[attr-defined]
    context = {
        "unit": unit,
        "options": options,
        "typed": typed if refused else unit.name,
        "refused": refused,
        "with_list": with_list,
        "steps": own,
        "inherited": inherited,
        "desks": list(ArrivalDesk.objects.open().filter(unit=unit).with_people_and_hook()),
    }
    return render(request, "onboarding/arrivals/manage.html", context)


@require_safe
@never_cache
def arrival_figures(request: HttpRequest) -> HttpResponseBase:
    """How often everything was ready on the first day; as a table to take away with `as=csv` or `as=xlsx`."""
    keeper = keeper_of(request)
    kind = request.GET.get("as", "")
    if kind in ("csv", "xlsx"):
        return spreadsheet_response(
            figure_rows(keeper), name=f"{_('ready-on-the-first-day')}-{local_today()}", kind=kind
        )
    context = {"figures": agency_figures(keeper), "kinds": kind_figures(keeper)}
    return render(request, "onboarding/arrivals/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_step(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Add a line."""
    return _write_step(request, _unit(request, unit_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a line."""
    step = _step(request, public_id)
    return _write_step(request, step.unit, step)


@require_POST
@never_cache
def take_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a line off the list, or (with `restore`) put it back."""
    step = _step(request, public_id)
    restored = "restore" in request.POST or "restore" in request.GET
    remove_step(actor=keeper_of(request), step=step, removed=not restored)
    if not restored:
        undo = f"{reverse('remove_arrival_step', args=[public_id])}?restore=1"
        messages.success(request, _("«%(title)s» is off the list.") % {"title": step.title}, extra_tags=f"undo:{undo}")
    return _back(step.unit)


@require_POST
@never_cache
def copy(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Begin an own list with the whole organisation's."""
    unit = _unit(request, unit_id)
    copy_list(actor=keeper_of(request), unit=unit)
    messages.success(request, _("The agency has its own list now."))
    return _back(unit)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_desk(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Make a desk."""
    return _write_desk(request, _unit(request, unit_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change_desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a desk, and who is at it."""
    desk = find_desk(request, public_id)
    return _write_desk(request, desk.unit, desk)


@require_POST
@never_cache
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a desk that has nothing to do any more."""
    desk = find_desk(request, public_id)
    try:
        close_desk(actor=keeper_of(request), desk=desk)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("change_arrival_desk", public_id)
    messages.success(request, _("The desk is closed."))
    return _back(desk.unit)


def kept_lists(keeper: Employee) -> list[OrgUnit]:
    """Return the agencies, and the whole organisation, whose lists `keeper` keeps."""
    paths = keeper.role_paths(*KEEPERS)
    agencies = OrgUnit.objects.active().filter(kind__in=[OrgUnit.Kind.ORGANISATION, OrgUnit.Kind.AGENCY])
    return [unit for unit in agencies.order_by("depth", "name", "pk") if any(unit.path.startswith(p) for p in paths)]


def find_desk(request: HttpRequest, public_id: str) -> ArrivalDesk:
    """Return the desk, if whoever asks keeps it. Raises Http404."""
    desks = ArrivalDesk.objects.kept_by(keeper_of(request)).select_related("unit", "hook")
    return get_object_or_404(desks, public_id=public_id.replace("\x00", ""))


def _write_step(request: HttpRequest, unit: OrgUnit, step: ArrivalStep | None) -> HttpResponse:
    form = StepForm(request.POST if request.method == "POST" else None, unit=unit, step=step)
    if request.method == "POST" and form.is_valid():
        try:
            save_step(actor=keeper_of(request), unit=unit, facts=form.facts(), step=step)
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The list is saved. It holds for those you tell of from now on."))
            return _back(unit)
    context = {"form": form, "unit": unit, "step": step, "has_desks": bool(form.desks)}
    return render(request, "onboarding/arrivals/step.html", context, status=422 if form.errors else 200)


def _write_desk(request: HttpRequest, unit: OrgUnit, desk: ArrivalDesk | None) -> HttpResponse:
    keeper = keeper_of(request)
    form = DeskForm(keeper=keeper, data=request.POST if request.method == "POST" else None, desk=desk)
    if request.method == "POST" and not form.is_editing:
        try:
            save_desk(actor=keeper, unit=unit, name=form.name, people=form.people, desk=desk)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The desk is saved."))
            return _back(unit)
    context: dict[str, Any] = {"form": form, "unit": unit, "desk": desk, **_hook_of(desk)}
    return render(request, "onboarding/arrivals/desk.html", context, status=422 if form.errors else 200)


def draw_desk(
    request: HttpRequest, desk: ArrivalDesk, *, secret: str = "", url: str = "", hook_error: str = ""
) -> HttpResponse:
    """Draw the desk's page with a secret shown this once, or with an address that was not taken."""
    facts = _hook_of(desk) | {"secret": secret, "hook_error": hook_error}
    facts["url"] = url if hook_error else facts["url"]
    form = DeskForm(keeper=keeper_of(request), desk=desk)
    context: dict[str, Any] = {"form": form, "unit": desk.unit, "desk": desk, **facts}
    return render(request, "onboarding/arrivals/desk.html", context, status=422 if hook_error else 200)


def _hook_of(desk: ArrivalDesk | None) -> dict[str, Any]:
    hook = getattr(desk, "hook", None)
    calls = list(hook.calls.select_related("task").order_by("-pk")[:CALLS_SHOWN]) if hook else []
    given_up = hook.calls.filter(state="failed").count() if hook else 0
    return {"hook": hook, "url": hook.url if hook else "", "calls": calls, "given_up": given_up}


def _back(unit: OrgUnit) -> HttpResponse:
    return redirect(f"{reverse('manage_arrivals')}?unit={unit.public_id}")


def _unit(request: HttpRequest, public_id: str) -> OrgUnit:
    unit = get_object_or_404(OrgUnit.objects.active(), public_id=public_id.replace("\x00", ""))
    if not keeps_list_of(keeper_of(request), unit):
        raise Http404
    return unit


def _step(request: HttpRequest, public_id: str) -> ArrivalStep:
    steps = ArrivalStep.objects.kept_by(keeper_of(request)).select_related("unit", "desk")
    return get_object_or_404(steps, public_id=public_id.replace("\x00", ""))


def keeper_of(request: HttpRequest) -> Employee:
    """Return who asks. Raises PermissionDenied for who keeps no list."""
    assert isinstance(request.user, Employee)
    require(request.user.has_perm("onboarding.keep_arrival_lists"))
    return request.user
