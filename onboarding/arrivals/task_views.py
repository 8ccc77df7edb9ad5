"""What one has to make ready for new colleagues, for leaders, buddies and desks alike."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock import local_today
from core.errors import RefusedError
from core.text import fold
from directory.models import Employee
from directory.views.safely import safe_address
from onboarding.arrivals.naming import tasks_shown_to
from onboarding.arrivals.task_actions import COMMENT_LENGTH, comment_on_task, hand_over, set_task_state
from onboarding.models import ArrivalTask

PAGE_SIZE = 25
MOST_HITS = 6


@require_safe
@never_cache
def arrival_tasks(request: HttpRequest) -> HttpResponse:
    """Everything one has to do, the most urgent first; or what was done lately."""
    me = _me(request)
    done = request.GET.get("show") == "done"
    found = ArrivalTask.objects.of(me)
    found = found.settled_lately() if done else found.unsettled()
    rows = list(found.after(request.GET.get("after", "")).with_arrival().with_entry_count()[: PAGE_SIZE + 1])
    context = {
        "tasks": tasks_shown_to(me, rows[:PAGE_SIZE]),
        "next_after": rows[PAGE_SIZE - 1].public_id if len(rows) > PAGE_SIZE and not done else "",
        "done": done,
        "today": local_today(),
        "pills": _pills(me, done),
        "back": request.get_full_path(),
    }
    return render(request, "onboarding/arrivals/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def arrival_task(request: HttpRequest, public_id: str) -> HttpResponse:
    """One task with what was written about it; sent, it says how far it has come."""
    me = _me(request)
    task = _find(me, public_id)
    if request.method != "POST":
        return _page(request, me, task)
    before = task.state
    wanted = request.POST.get("state") or request.GET.get("state", "")
    try:
        set_task_state(actor=me, task=task, state=wanted, comment=request.POST.get("comment", ""))
    except RefusedError as refusal:
        return _page(request, me, task, refusal, request.POST.get("comment", ""))
    undo = f"{reverse('arrival_task', args=[public_id])}?state={before}"
    messages.success(request, _said(wanted, task), extra_tags=f"undo:{undo}" if wanted != before else "")
    return redirect(safe_address(request, request.POST.get("next", "")) or reverse("arrival_task", args=[public_id]))


@require_POST
@never_cache
def comment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write something about a task; what cannot be taken stays in its field."""
    me = _me(request)
    task = _find(me, public_id)
    try:
        comment_on_task(actor=me, task=task, text=request.POST.get("text", ""))
    except RefusedError as refusal:
        return _page(request, me, task, refusal, request.POST.get("text", ""))
    messages.success(request, _("Those concerned are told."))
    return redirect("arrival_task", public_id)


@require_POST
@never_cache
def hand_task_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a task to a colleague: one searches for the name, and chooses among those found."""
    me = _me(request)
    task = _find(me, public_id)
    wanted = request.POST.get("person", "").replace("\x00", "")
    to = get_object_or_404(Employee.objects.active().visible_to(me).filter(protected=False), public_id=wanted)
    try:
        hand_over(actor=me, task=task, to=to)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("arrival_task", public_id)
    messages.success(request, _("%(name)s is told.") % {"name": to.display_name})
    keeps = ArrivalTask.objects.visible_to(me).filter(pk=task.pk).exists()
    return redirect("arrival_task", public_id) if keeps else redirect("arrival_tasks")


def _page(
    request: HttpRequest, me: Employee, task: ArrivalTask, refusal: RefusedError | None = None, text: str = ""
) -> HttpResponse:
    tasks_shown_to(me, [task])
    context: dict[str, Any] = {
        "task": task,
        "entries": list(task.entries.select_related("author").order_by("written_at", "pk")),
        "today": local_today(),
        "reads_whole": type(task.arrival).objects.visible_to(me).filter(pk=task.arrival_id).exists(),
        "text": text,
        "error": str(refusal.message) if refusal else "",
        "max_length": COMMENT_LENGTH,
        **_handing_over(request, me, task),
    }
    return render(request, "onboarding/arrivals/task.html", context, status=422 if refusal else 200)


def _handing_over(request: HttpRequest, me: Employee, task: ArrivalTask) -> dict[str, Any]:
    """To whom it may be given: those at the desk to begin with, or who fits what was searched for."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:80]
    others = [pk for pk in (task.assignee_id, task.arrival.employee_id, me.pk) if pk]
    people = Employee.objects.active().visible_to(me).filter(protected=False).exclude(pk__in=others).with_job()
    if fold(query):
        return {"query": query, "hits": list(people.search(query)[:MOST_HITS])}
    near = people.filter(arrival_desks=task.desk).by_name() if task.desk_id else people.none()
    return {"query": query, "hits": list(near[:MOST_HITS])}


def _said(state: str, task: ArrivalTask) -> str:
    words = {
        "waiting": _("«%(title)s» is open again."),
        "in_work": _("You take «%(title)s»."),
        "done": _("«%(title)s» is done."),
        "not_needed": _("«%(title)s» is not needed."),
    }
    return words[state] % {"title": task.title}


def _pills(me: Employee, done: bool) -> list[dict[str, Any]]:
    left = ArrivalTask.objects.of(me).unsettled().count()
    return [
        {"name": pgettext("tasks", "To do"), "url": "?", "active": not done, "count": left},
        {"name": pgettext("tasks", "Done"), "url": "?show=done", "active": done, "count": None},
    ]


def _find(me: Employee, public_id: str) -> ArrivalTask:
    found = ArrivalTask.objects.live().visible_to(me).with_arrival()
    return get_object_or_404(found, public_id=public_id.replace("\x00", ""))


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
