"""What readers do: answer for their service, name who answers, sign up and withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError, require
from directory.models import Employee, OrgUnit
from responses.actions import (
    finish_answer,
    name_answerer,
    send_need,
    sign_up,
    take_back_need,
    withdraw_sign_up,
)
from responses.forms import NeedForm, RepliesForm, SignUpForm
from responses.models import AnswerForm
from responses.reading import own_sign_up, read_answering
from responses.services import find_services, people_to_name, services_of
from responses.views.requests import (
    find_form,
    person_of,
    posted_need,
    posted_unit,
    shown,
)

NEEDS, VOLUNTEERS = AnswerForm.Kind.NEEDS, AnswerForm.Kind.VOLUNTEERS


@require_safe
@never_cache
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where one answers: for the service, or for oneself."""
    return _draw(request, find_form(request, public_id))


def _draw(request: HttpRequest, form: AnswerForm, status: int = 200, **typed: Any) -> HttpResponse:
    person = person_of(request)
    context = shown(form)
    if form.kind == NEEDS:
        context["services"] = read_answering(person, form, typed.get("bound"), typed.get("unit"))
        context["refused"] = typed.get("bound")
        return render(request, "responses/answer_needs.html", context, status=status)
    mine = own_sign_up(person, form)
    blank = SignUpForm(initial={"note": mine.note if mine else ""})
    context |= {"mine": mine, "sign_up_form": typed.get("bound") or blank}
    return render(request, "responses/answer_volunteers.html", context, status=status)


@require_POST
def send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send one need for a service."""
    form, unit = find_form(request, public_id, NEEDS), posted_unit(request)
    need_form = NeedForm(request.POST, unit=unit)
    if need_form.is_valid():
        try:
            _need, new = send_need(actor=person_of(request), form=form, unit=unit, facts=need_form.facts())
        except RefusedError as refusal:
            need_form.refuse(refusal)
        else:
            messages.success(request, _("It is sent.") if new else _("You had sent this before. It is up to date now."))
            return redirect(form.get_absolute_url())
    return _draw(request, form, 422, bound=need_form, unit=unit)


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a need nobody has taken."""
    form = find_form(request, public_id, NEEDS)
    try:
        take_back_need(actor=person_of(request), need=posted_need(request, form))
        messages.success(request, _("It is taken back."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(form.get_absolute_url())


@require_POST
def finish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the service has answered, if only that it needs nothing."""
    form, unit = find_form(request, public_id, NEEDS), posted_unit(request)
    replies = RepliesForm(request.POST, form=form, unit=unit)
    if replies.is_valid():
        try:
            finish_answer(actor=person_of(request), form=form, unit=unit, replies=replies.replies())
        except RefusedError as refusal:
            replies.refuse(refusal)
        else:
            messages.success(request, _("Thank you. The answer for %(unit)s is sent.") % {"unit": unit.name})
            return redirect(form.get_absolute_url())
    return _draw(request, form, 422, bound=replies, unit=unit)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def name(request: HttpRequest, public_id: str, unit_id: str) -> HttpResponse:
    """Let another of the own branch answer, found by search."""
    person, form, unit, keeps = _naming(request, public_id, unit_id)
    back = "announcement_responses" if keeps else "answer_announcement"
    if request.method == "POST":
        chosen = get_object_or_404(
            Employee.objects.active().visible_to(person), public_id=request.POST.get("person", "")
        )
        try:
            name_answerer(actor=person, form=form, unit=unit, employee=chosen)
            told = _("%(name)s answers for %(unit)s, and has been told.")
            messages.success(request, told % {"name": chosen.display_name, "unit": unit.name})
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(back, public_id)
    q = request.GET.get("q", "")[:100]
    context = shown(form) | {"unit": unit, "q": q} | {"hits": people_to_name(person, form, unit, q), "back": back}
    return render(request, "responses/name.html", context)


def _naming(request: HttpRequest, public_id: str, unit_id: str) -> Any:
    """Return who names, in which form, for which unit, and whether as its keeper. Raises Http404."""
    person = person_of(request)
    visible = AnswerForm.objects.visible_to(person).with_announcement()
    form = get_object_or_404(visible, announcement__public_id=public_id, kind=NEEDS)
    unit = get_object_or_404(OrgUnit.objects.active().select_related("leader"), public_id=unit_id)
    if any(each.unit.pk == unit.pk and each.may_name for each in find_services(person, form)):
        return person, form, unit, False
    require(person.has_perm("responses.manage", form))
    if unit.pk not in services_of(form):
        raise Http404
    return person, form, unit, True


@require_POST
def enlist(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign up."""
    form = find_form(request, public_id, VOLUNTEERS)
    typed = SignUpForm(request.POST)
    if typed.is_valid():
        try:
            mine = sign_up(actor=person_of(request), form=form, note=typed.cleaned_data["note"])
        except RefusedError as refusal:
            typed.refuse(refusal)
        else:
            waiting = mine.state == mine.State.WAITING
            messages.success(
                request, _("You are on the waiting list.") if waiting else _("Thank you. You are signed up.")
            )
            return redirect(form.get_absolute_url())
    return _draw(request, form, 422, bound=typed)


@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw the own sign-up."""
    form = find_form(request, public_id, VOLUNTEERS)
    try:
        withdraw_sign_up(actor=person_of(request), form=form)
        messages.success(request, _("You are no longer signed up."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(form.get_absolute_url())
