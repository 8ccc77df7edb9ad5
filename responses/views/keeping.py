"""What those who keep the announcement do with its answers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from announcements.models import Announcement
from core.errors import RefusedError
from core.spreadsheets import spreadsheet_response
from directory.models import OrgUnit
from responses.actions import (
    close_answer_form,
    merge_needs,
    pick_volunteer,
    record_export,
    remove_answer_form,
    reopen_answer_form,
    save_answer_form,
    set_need_state,
    split_need,
)
from responses.forms import AnswerFormForm, LimitsForm
from responses.models import AnswerForm, Need, SignUp
from responses.reading import export_rows, needs_of, sign_ups_of, unanswered_of
from responses.views.requests import (
    kept_draft,
    kept_form,
    person_of,
    posted_need,
    posted_sign_up,
    shown,
    text_of,
)

PAGE = 100
NEEDS, VOLUNTEERS = AnswerForm.Kind.NEEDS, AnswerForm.Kind.VOLUNTEERS


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put an answer form on a draft, change it or take it off."""
    draft = kept_draft(request, public_id)
    if draft.state != Announcement.State.DRAFT:
        return redirect(draft)
    known = AnswerForm.objects.filter(announcement=draft).first()
    form = AnswerFormForm(request.POST if request.method == "POST" else None, form=known)
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                remove_answer_form(actor=person_of(request), announcement=draft)
                messages.success(request, _("The message asks for no answers now."))
                return redirect("write_announcement", public_id)
            if form.is_valid():
                save_answer_form(actor=person_of(request), announcement=draft, facts=form.facts())
                messages.success(request, _("The answer form is saved."))
                return redirect("write_announcement", public_id)
        except RefusedError as refusal:
            form.is_valid()
            form.refuse(refusal)
    context = {"form": form, "known": known, "announcement": draft, "text": text_of(draft)}
    return render(request, "responses/answer_form.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def responses(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that has come, with what can be done about it."""
    form = kept_form(request, public_id)
    context = shown(form)
    if form.kind == VOLUNTEERS:
        return render(request, "responses/volunteers.html", context | _volunteers(request, form))
    return render(request, "responses/needs.html", context | _needs(request, form))


def _needs(request: HttpRequest, form: AnswerForm) -> dict[str, Any]:
    state, agency = request.GET.get("state", ""), request.GET.get("agency", "")
    page = _page(request, needs_of(form, state=state, agency=agency))
    grouped = groupby(page.object_list, key=lambda need: need.service.unit.agency)
    counts = Need.objects.filter(service__form=form).counts()
    agencies = OrgUnit.objects.filter(pk__in=form.services.filter(needs__isnull=False).values("unit__agency"))
    total, missing = unanswered_of(form, person_of(request))
    choices = [("", pgettext("every state", "All"), sum(counts.values()))]
    choices += [(value, str(label), counts[value]) for value, label in Need.State.choices]
    return {
        "page": page,
        "groups": [(agency, list(needs)) for agency, needs in grouped],
        "pills": _pills(choices, state, agency=agency),
        "agencies": agencies.order_by("name"),
        "agency": agency,
        "state": state,
        "counts": counts,
        "answered": form.services.answered().select_related("unit", "answered_by").order_by("unit__name"),
        "unanswered": missing,
        "service_count": total,
        "answered_count": total - len(missing),
    } | _places(page, state=state, agency=agency)


def _volunteers(request: HttpRequest, form: AnswerForm) -> dict[str, Any]:
    state = request.GET.get("state", "")
    page = _page(request, sign_ups_of(form, state=state))
    counts = form.sign_ups.counts()
    choices = [("", pgettext("every state", "All"), sum(counts.values()))]
    choices += [(value, str(label), counts[value]) for value, label in SignUp.State.choices if counts[value]]
    holding = counts["signed_up"] + counts["asked"] + counts["assigned"]
    context = {"page": page, "pills": _pills(choices, state), "counts": counts, "holding": holding}
    return context | {"holding_percent": min(100, 100 * holding // (form.places or 1))} | _places(page, state=state)


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _places(page: Any, **kept: str) -> dict[str, str]:
    """Return the addresses of the pages beside this one."""
    known = {name: value for name, value in kept.items() if value}
    numbers = {
        "next_url": page.next_page_number() if page.has_next() else 0,
        "before_url": page.previous_page_number() if page.has_previous() else 0,
    }
    return {name: f"?{urlencode({**known, 'page': number})}" if number else "" for name, number in numbers.items()}


def _pills(choices: list[tuple[str, str, int]], chosen: str, **kept: str) -> list[dict[str, Any]]:
    known = {name: value for name, value in kept.items() if value}
    return [
        {
            "name": label,
            "url": f"?{urlencode({**known, 'state': value} if value else known)}",
            "active": value == chosen,
            "count": count,
        }
        for value, label, count in choices
    ]


@require_POST
def change_need(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a need, call it done or open it again; or let a merged one stand for itself."""
    form = kept_form(request, public_id, NEEDS)
    need, person = posted_need(request, form), person_of(request)
    try:
        if "split" in request.POST:
            split_need(actor=person, need=need)
            messages.success(request, _("It stands for itself again."))
        else:
            state, reply = request.POST.get("state", ""), request.POST.get("reply", "")
            set_need_state(actor=person, need=need, state=state, reply=reply)
            messages.success(request, _("Done. The service has been told."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return _back(request, form)


@require_POST
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the needs that were ticked follow the first of them."""
    form = kept_form(request, public_id, NEEDS)
    ticked = list(Need.objects.filter(service__form=form, public_id__in=request.POST.getlist("needs")).order_by("pk"))
    if len(ticked) < 2:
        messages.error(request, _("Tick at least two needs that mean the same."))
        return _back(request, form)
    try:
        for need in ticked[1:]:
            merge_needs(actor=person_of(request), need=need, into=ticked[0])
        messages.success(request, _("They are one now. All who asked are told when it is taken."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return _back(request, form)


@require_POST
def pick(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a volunteer; the leader is asked."""
    form = kept_form(request, public_id, VOLUNTEERS)
    try:
        chosen = pick_volunteer(actor=person_of(request), sign_up=posted_sign_up(request, form))
        asked = chosen.state == chosen.State.ASKED
        messages.success(
            request, _("The leader is asked.") if asked else _("Nobody leads this person, who is assigned.")
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return _back(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the form, or take answers again or for longer."""
    form, person = kept_form(request, public_id), person_of(request)
    limits = LimitsForm(request.POST if request.method == "POST" and "close" not in request.POST else None, form=form)
    try:
        if "close" in request.POST:
            close_answer_form(actor=person, form=form)
            messages.success(request, _("No more answers are taken."))
            return _back(request, form)
        if request.method == "POST" and limits.is_valid():
            reopen_answer_form(actor=person, form=form, **limits.cleaned_data)
            messages.success(request, _("Answers are taken until the new deadline."))
            return _back(request, form)
    except RefusedError as refusal:
        if not limits.is_bound:
            messages.error(request, str(refusal.message))
            return _back(request, form)
        limits.refuse(refusal)
    context = shown(form) | {"limits": limits}
    context["days"] = settings.ANSWERS_KEPT_DAYS
    return render(request, "responses/close.html", context, status=422 if limits.errors else 200)


@require_safe
def export(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    """Everything that has come as a file for a spreadsheet."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    form = kept_form(request, public_id)
    rows = list(export_rows(form))
    record_export(actor=person_of(request), form=form, rows=len(rows) - 1)
    name = "frivillige" if form.kind == VOLUNTEERS else "behov"
    return spreadsheet_response(rows, name=f"{name}-{public_id}", kind=kind)


def _back(request: HttpRequest, form: AnswerForm) -> HttpResponse:
    """Return to the list as it was filtered."""
    address = reverse("announcement_responses", args=[form.announcement.public_id])
    kept = {name: request.POST[name] for name in ("state_shown", "agency", "page") if request.POST.get(name)}
    if "state_shown" in kept:
        kept["state"] = kept.pop("state_shown")
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)
