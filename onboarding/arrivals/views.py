"""A leader's new colleagues, and the form that sets things in motion for one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock import local_today
from core.errors import RefusedError, require
from core.name_choice import find_option
from directory.models import Employee, Employment
from directory.named import options_of_people
from onboarding.arrivals.actions import cancel_arrival, choose_buddy, move_arrival, prepare_arrival, restore_arrival
from onboarding.arrivals.connecting import alike, candidates_for, connect_arrival
from onboarding.arrivals.forms import ArrivalForm, FirstDayForm
from onboarding.arrivals.naming import name_for, shown_to, tasks_shown_to
from onboarding.arrivals.units import coming_to
from onboarding.models import Arrival, ArrivalStep, ArrivalTask, Welcome

PAGE_SIZE = 25
MOST_CANDIDATES = 8


@require_safe
@never_cache
def arrivals(request: HttpRequest) -> HttpResponse:
    """Who is on the way, how far it has come, and whom HR knows of that nothing is made ready for yet."""
    me = _preparer(request)
    show = request.GET.get("show", "")
    # Who leads nobody, but keeps lists, has no other new colleagues than those.
    keeps = me.has_perm("onboarding.keep_arrival_lists")
    whole = keeps and (show == "all" or not me.led_paths)
    found = Arrival.objects.visible_to(me) if whole else Arrival.objects.own_of(me)
    found = found.begun() if show == "begun" else found.coming()
    page = list(found.after(request.GET.get("after", "")).with_progress().with_people()[: PAGE_SIZE + 1])
    context = {
        "arrivals": shown_to(me, page[:PAGE_SIZE]),
        "next_after": page[PAGE_SIZE - 1].public_id if len(page) > PAGE_SIZE else "",
        "unprepared": _unprepared(me) if not show else [],
        "show": show,
        "pills": _pills(show, both=keeps and bool(me.led_paths)),
        "keeps": keeps,
        "has_list": ArrivalStep.objects.standing().exists(),
    }
    return render(request, "onboarding/arrivals/arrivals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_arrival(request: HttpRequest) -> HttpResponse:
    """The form: facts first, then what is set in motion with the days it is due, then done."""
    me = _preparer(request)
    job = _known_job(me, request.GET.get("job") or request.POST.get("job", ""))
    form = ArrivalForm(actor=me, data=request.POST if request.method == "POST" else None, job=job)
    status = 200
    if request.method == "POST" and not form.is_editing:
        arrival = _prepare(me, form)
        if arrival is not None:
            said = _("%(name)s is on the way. Everyone concerned has been told.") % {"name": name_for(me, arrival)}
            undo = reverse("cancel_arrival", args=[arrival.public_id])
            messages.success(request, said, extra_tags=f"undo:{undo}")
            return redirect("arrival", arrival.public_id)
        status = 422 if form.errors or form.form.errors else 200
    return render(request, "onboarding/arrivals/new.html", {"form": form, "job": job}, status=status)


@require_safe
@never_cache
def arrival(request: HttpRequest, public_id: str) -> HttpResponse:
    """One new colleague: what is ready, what is not, who does it."""
    me = _me(request)
    return _page(request, me, _find(me, public_id))


@require_POST
@never_cache
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call it off, or (with `restore`) bring everything back."""
    me = _me(request)
    found = _find(me, public_id)
    if "restore" in request.POST or "restore" in request.GET:
        try:
            restore_arrival(actor=me, arrival=found)
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect("arrival", public_id)
    cancel_arrival(actor=me, arrival=found)
    undo = f"{reverse('cancel_arrival', args=[public_id])}?restore=1"
    said = _("%(name)s is called off, and those concerned are told.") % {"name": name_for(me, found)}
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return redirect("arrivals")


@require_POST
@never_cache
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another first day."""
    me = _me(request)
    found = _find(me, public_id)
    form = FirstDayForm(request.POST)
    if form.is_valid():
        try:
            move_arrival(actor=me, arrival=found, starts_date=form.cleaned_data["starts_date"])
        except RefusedError as refusal:
            form.add_error("starts_date", str(refusal.message))
        else:
            messages.success(request, _("The first day is moved, and those concerned are told."))
            return redirect("arrival", public_id)
    return _page(request, me, found, form)


@require_POST
@never_cache
def buddy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who shows the new colleague around."""
    me = _me(request)
    found = _find(me, public_id)
    typed = request.POST.get("buddy", "").strip()
    try:
        chosen = find_option(options_of_people(_colleagues(me, found)), typed) if typed else None
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("arrival", public_id)
    try:
        choose_buddy(actor=me, arrival=found, buddy=chosen)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The buddy is told.") if chosen else _("There is no buddy yet."))
    return redirect("arrival", public_id)


@require_POST
@never_cache
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """«This is the one»: who it is of those HR's file has brought."""
    me = _me(request)
    found = _find(me, public_id)
    wanted = request.POST.get("person", "").replace("\x00", "")
    likely = (one.person for one in alike(found, _candidates(me, found)))
    chosen = next((person for person in likely if person.public_id == wanted), None)
    if chosen is None:
        raise Http404
    try:
        connect_arrival(actor=me, arrival=found, employee=chosen)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("arrival", public_id)


def _page(request: HttpRequest, me: Employee, found: Arrival, move_form: FirstDayForm | None = None) -> HttpResponse:
    tasks = tasks_shown_to(me, found.tasks.with_arrival().with_entry_count().in_order())
    shown_to(me, [found])
    settled = sum(task.settled_at is not None for task in tasks)
    context: dict[str, Any] = {
        "arrival": found,
        "tasks": tasks,
        "settled": settled,
        "percent": settled * 100 // len(tasks) if tasks else 0,
        "greets": found.leader_id == me.pk and Welcome.objects.filter(employee=found.employee_id).exists(),
        "mine": set(ArrivalTask.objects.of(me).filter(arrival=found).values_list("pk", flat=True)),
        "days": (found.starts_date - local_today()).days,
        "candidates": alike(found, _candidates(me, found))[:MOST_CANDIDATES] if found.employee_id is None else [],
        "colleagues": options_of_people(_colleagues(me, found)),
        "move_form": move_form or FirstDayForm(initial={"starts_date": found.starts_date}),
    }
    return render(request, "onboarding/arrivals/arrival.html", context, status=422 if move_form else 200)


def _prepare(me: Employee, form: ArrivalForm) -> Arrival | None:
    """Set it in motion, if all is well and the list has been seen; otherwise say what is missing."""
    if not form.is_complete() or not form.has_seen_list:
        return None
    try:
        chosen = [step for step in form.steps if step.public_id in form.chosen_ids]
        return prepare_arrival(actor=me, facts=form.facts(), steps=chosen)
    except RefusedError as refusal:
        form.refuse(refusal)
        return None


def _unprepared(me: Employee) -> list[Employment]:
    prepared = Arrival.objects.live().filter(employee__isnull=False).values("employee")
    return list(coming_to(me).exclude(employee__in=prepared)[:PAGE_SIZE])


def _known_job(me: Employee, public_id: str) -> Employment | None:
    """The coming job of the person HR knows; None where the form was opened for somebody unknown. Raises Http404."""
    if not public_id:
        return None
    job = coming_to(me).filter(employee__public_id=public_id.replace("\x00", "")).first()
    if job is None:
        raise Http404
    return job


def _candidates(me: Employee, found: Arrival) -> Any:
    seen = Employee.objects.visible_to(me) | Employee.objects.filter(pk__in=coming_to(me).values("employee"))
    return candidates_for(found).filter(pk__in=seen.values("pk"))


def _colleagues(me: Employee, found: Arrival) -> list[Employee]:
    leader = found.leader or me
    led = leader.led_employments().values("employee_id")
    people = Employee.objects.active().filter(pk__in=led, protected=False).exclude(pk=found.employee_id or 0)
    return list(people.with_job().by_name()[:300])


def _pills(show: str, *, both: bool) -> list[dict[str, Any]]:
    pills = [
        {"name": pgettext("new colleagues", "On the way"), "url": "?", "active": show == "", "count": None},
        {"name": pgettext("new colleagues", "Begun"), "url": "?show=begun", "active": show == "begun", "count": None},
    ]
    if both:
        name = pgettext("new colleagues", "All I look after")
        pills.append({"name": name, "url": "?show=all", "active": show == "all", "count": None})
    return pills


def _find(me: Employee, public_id: str) -> Arrival:
    found = Arrival.objects.visible_to(me).with_people()
    return get_object_or_404(found, public_id=public_id.replace("\x00", ""))


def _preparer(request: HttpRequest) -> Employee:
    me = _me(request)
    require(me.has_perm("onboarding.prepare_arrivals"))
    return me


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
