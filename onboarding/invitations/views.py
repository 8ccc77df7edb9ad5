"""Inviting people: whom, when and what it costs; what became of it; and the leaders' letters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError, require
from core.qr import draw_qr
from directory.forms import add_refusal
from directory.models import Employee
from notifications.channels import sms
from onboarding.invitations.actions import invite, mark_printed, set_habit, take_back
from onboarding.invitations.forms import HabitForm, InviteForm
from onboarding.invitations.planning import USUAL_HOUR, make_plan, may_be_invited, without_leader
from onboarding.invitations.told import failed_in, run_lines
from onboarding.models import Invitation, InvitationHabit, InvitationRun, SignInCode
from onboarding.sign_in_codes.actions import give_code
from onboarding.sign_in_codes.codes import shown
from onboarding.sign_in_codes.letters import draw_letter

RUNS_SHOWN = 20
NAMES_SHOWN = 12
# More is a stack nobody carries; the rest is printed next.
LETTERS_AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def manage_invitations(request: HttpRequest) -> HttpResponse:
    """Whom an invitation would reach, and those that were made. Sending what was looked over is a button below."""
    me = _keeper(request)
    sent = request.POST if request.method == "POST" else None
    form = InviteForm(sent if sent is not None else (request.GET if "who" in request.GET else None))
    plan = None
    if form.is_valid():
        plan = make_plan(may_be_invited(me, form.cleaned_data["who"]), form.cleaned_data["hour"])
        if sent is not None and _is_invited(me, form):
            messages.success(request, _("The invitations are ready. You can stop them until they are sent."))
            return redirect("manage_invitations")
    context: dict[str, Any] = {"form": form, "plan": plan, "habit_form": _habit_form()}
    context |= {
        "runs": run_lines(me, RUNS_SHOWN),
        "sms_is_on": sms.is_on(),
        "may_set_habit": me.has_role_everywhere("hr"),
    }
    return render(request, "onboarding/invitations.html", context, status=422 if form.errors else 200)


@require_POST
def set_invitation_habit(request: HttpRequest) -> HttpResponse:
    """Turn inviting by itself on or off."""
    me, form = _keeper(request), HabitForm(request.POST)
    if form.is_valid():
        set_habit(actor=me, hour=form.cleaned_data["habit_hour"] if form.cleaned_data["wanted"] else None)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Write the hour as 07:30."))
    return redirect("manage_invitations")


@require_safe
@never_cache
def invitation_run(request: HttpRequest, public_id: str) -> HttpResponse:
    """What became of one run, by name until the first sign-in: who has been here since is one of a number."""
    me = _keeper(request)
    run = get_object_or_404(InvitationRun.objects.visible_to(me).with_counts(), public_id=public_id)
    left = run.invitations.filter(employee__first_signed_in_at=None).order_by("employee__sort_key", "pk")
    people = left.select_related("employee__primary_employment__unit")
    failed = failed_in([run.pk])
    waiting = people.filter(road="letter", sent_at=None, cancelled_at=None)
    leaderless = without_leader(waiting.values_list("employee_id", flat=True))
    context = {"run": run, "invitations": list(people), "failed": failed, "leaderless": leaderless}
    return render(request, "onboarding/invitation_run.html", context)


@require_POST
def stop_invitations(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop what has not gone yet, and say whom it has reached."""
    me = _keeper(request)
    run = get_object_or_404(InvitationRun.objects.visible_to(me), public_id=public_id)
    taken = take_back(actor=me, run=run)
    text = ngettext("%(count)d was stopped.", "%(count)d were stopped.", taken.stopped) % {"count": taken.stopped}
    if taken.sent:
        text = f"{text} {_told_sent(taken.sent)}"
    messages.success(request, text)
    return redirect("invitation_run", run.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def letters_to_print(request: HttpRequest) -> HttpResponse:
    """The leader's own new people who no message reaches: one letter each. Printing makes the codes."""
    me = _me(request)
    found = Invitation.objects.letters_for(me).waiting().select_related("employee__primary_employment__unit")
    waiting = list(found.order_by("employee__sort_key", "pk")[: LETTERS_AT_ONCE + 1])
    letters: list[Any] = []
    if request.method == "POST":
        letters = _draw_letters(request, me, waiting[:LETTERS_AT_ONCE])
    context = {"waiting": waiting[:LETTERS_AT_ONCE], "more": len(waiting) > LETTERS_AT_ONCE, "letters": letters}
    return render(request, "onboarding/letters_to_print.html", context)


def _is_invited(me: Employee, form: InviteForm) -> bool:
    facts = form.cleaned_data
    try:
        invite(actor=me, who=facts["who"], hour=facts["hour"], count=facts["count"] or 0)
    except RefusedError as refusal:
        add_refusal(form, refusal)
    return not form.errors


def _habit_form() -> HabitForm:
    habit = InvitationHabit.load()
    return HabitForm(initial={"wanted": habit.hour is not None, "habit_hour": habit.hour or USUAL_HOUR})


def _draw_letters(request: HttpRequest, me: Employee, waiting: list[Invitation]) -> list[Any]:
    """Make a code for each and draw the letter; whom `me` may not help in stays in the list."""
    address = request.build_absolute_uri(reverse("first_sign_in"))
    drawn, printed = [], []
    for each in waiting:
        person = each.employee
        try:
            code = give_code(actor=me, employee=person, road=SignInCode.Road.LETTER)
        except (PermissionDenied, RefusedError):
            continue
        made = SignInCode.objects.open().get(employee=person)
        told = {"person": person, "code": shown(code), "made": made, "address": address}
        drawn.append(draw_letter(told | {"qr": draw_qr(f"{address}#{code.upper()}")}))
        printed.append(each)
    mark_printed(invitations=printed)
    return drawn


def _told_sent(people: list[Employee]) -> str:
    names = ", ".join(person.full_name for person in people[:NAMES_SHOWN])
    more = len(people) - NAMES_SHOWN
    if more > 0:
        names = _("%(names)s and %(count)d more") % {"names": names, "count": more}
    return _("It had reached these already, or was on its way: %(names)s.") % {"names": names}


def _keeper(request: HttpRequest) -> Employee:
    keeper = _me(request)
    require(keeper.has_perm("onboarding.invite"))
    return keeper


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
