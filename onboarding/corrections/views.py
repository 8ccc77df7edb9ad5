"""The form for whoever sees that something is wrong, and HR's list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import RefusedError, require
from core.pagination import Cursor
from directory.models import Employee
from onboarding.corrections.actions import MAX_LENGTH, report_wrong, settle_correction
from onboarding.models import Correction

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_wrong(request: HttpRequest, public_id: str) -> HttpResponse:
    """«Something wrong?»: a few words to HR, and what became of those one wrote before."""
    reporter = _me(request)
    person = get_object_or_404(Employee.objects.visible_to(reporter).with_job(), public_id=public_id)
    text, error = request.POST.get("text", ""), ""
    if request.method == "POST":
        try:
            report_wrong(actor=reporter, employee=person, text=text)
        except RefusedError as refusal:
            error = str(refusal.message)
        else:
            messages.success(request, _("Thank you. HR looks at it, and you get an answer."))
            return redirect("person", person.public_id)
    own = Correction.objects.filter(reported_by=reporter, employee=person).select_related("settled_by").newest_first()
    context = {"person": person, "text": text, "error": error, "own": own[:PAGE_SIZE], "max_length": MAX_LENGTH}
    context["is_me"] = person.pk == reporter.pk
    return render(request, "onboarding/person_wrong.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD"])
@never_cache
def manage_corrections(request: HttpRequest) -> HttpResponse:
    """What colleagues say is wrong, the oldest first while it waits."""
    return _list(request, _keeper(request))


@require_http_methods(["POST"])
@never_cache
def answer_correction(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one of them; what was typed stays when it cannot be taken."""
    keeper = _keeper(request)
    correction = get_object_or_404(Correction.objects.to_answer(keeper), public_id=public_id)
    answer = request.POST.get("answer", "")
    try:
        settle_correction(actor=keeper, correction=correction, answer=answer)
    except RefusedError as refusal:
        if refusal.field is None:
            messages.error(request, str(refusal.message))
            return redirect("manage_corrections")
        return _list(request, keeper, wrong=(correction, answer, str(refusal.message)))
    messages.success(request, _("Answered."))
    return redirect("manage_corrections")


def _list(request: HttpRequest, keeper: Employee, wrong: tuple[Correction, str, str] | None = None) -> HttpResponse:
    settled = request.GET.get("show") == "settled"
    found = Correction.objects.to_answer(keeper).with_people()
    cursor = Cursor.decode(request.GET.get("after"))
    page = found.settled(before=cursor) if settled else found.waiting(after=cursor)
    rows = list(page[: PAGE_SIZE + 1])
    if wrong and wrong[0].pk not in [row.pk for row in rows]:
        rows.insert(0, found.get(pk=wrong[0].pk))
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    context: dict[str, Any] = {
        "rows": rows[:PAGE_SIZE],
        "settled": settled,
        "pills": _pills(found.waiting().count(), settled),
        "next_cursor": _cursor_of(last) if last else "",
        "wrong_id": wrong[0].pk if wrong else None,
        "answer": wrong[1] if wrong else "",
        "error": wrong[2] if wrong else "",
        "max_length": MAX_LENGTH,
    }
    return render(request, "onboarding/corrections.html", context, status=422 if wrong else 200)


def _pills(waiting: int, settled: bool) -> list[dict[str, Any]]:
    return [
        {"name": pgettext("corrections", "Waiting"), "url": "?", "active": not settled, "count": waiting},
        {"name": pgettext("corrections", "Answered"), "url": "?show=settled", "active": settled, "count": None},
    ]


def _cursor_of(correction: Correction) -> str:
    return Cursor(correction.settled_at or correction.reported_at, correction.pk).encode()


def _keeper(request: HttpRequest) -> Employee:
    keeper = _me(request)
    require(keeper.has_perm("onboarding.answer_corrections"))
    return keeper


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
