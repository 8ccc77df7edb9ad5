from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError
from core.fragments import render_slot
from core.name_choice import NameChoiceField
from core.policies import allowed
from directory.forms import add_refusal
from directory.models import Employee
from directory.named import options_of_people
from groups.models import Group, Membership
from onboarding.models import Welcome
from onboarding.welcome.actions import GREETING_LENGTH, hide_welcome, tick, write_greeting
from onboarding.welcome.introducing import decline_introduction
from onboarding.welcome.page import build_page, default_greeting, find_welcome, nearest_first


class GreetingForm(forms.Form):
    """The leader's words."""

    greeting = forms.CharField(
        label=gettext_lazy("Your greeting"),
        help_text=gettext_lazy("Where to meet, at what time, and who shows the way. Empty means our default."),
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": ""}),
        max_length=GREETING_LENGTH,
        required=False,
        strip=False,
    )
    buddy = NameChoiceField(
        label=gettext_lazy("Buddy"),
        help_text=gettext_lazy("Shows the new colleague around the first week."),
        required=False,
    )

    def __init__(self, data: Any, *, met: Welcome, colleagues: list[Employee]) -> None:
        chosen = met.buddy.public_id if met.buddy in colleagues and met.buddy else ""
        greeting = met.greeting or default_greeting(met.employee, met.is_return)
        super().__init__(data, initial={"greeting": greeting, "buddy": chosen})
        self.fields["buddy"].offer(options_of_people(colleagues))  # type: ignore[attr-defined]


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """The first weeks on one page."""
    page = build_page(_me(request))
    history = render_slot("welcome.history", request, employee=_me(request))
    return render(request, "onboarding/welcome.html", {"page": page, "history": history})


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """What HR has filled in, to be checked."""
    if request.method == "POST":
        return _ticked(request, "details")
    job = _me(request).primary_employment
    return render(request, "onboarding/welcome_details.html", {"job": job})


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """What one is told about from the start."""
    if request.method == "POST":
        return _ticked(request, "notifications")
    return render(request, "onboarding/welcome_notifications.html")


@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """Lead to the composer with a suggested text, in the group of one's own unit."""
    writable = allowed(Group.objects.live(), _me(request), "groups.write")
    mine = Membership.objects.filter(employee=_me(request), group__in=writable).select_related("group__unit")
    nearest = min(mine, key=nearest_first, default=None)
    if nearest is None:
        messages.info(request, _("We are setting up your groups. It usually takes a day."))
        return redirect("welcome")
    welcome = find_welcome(_me(request))
    if welcome and welcome.is_return:
        text = _("Hi! I am back. I look forward to seeing you again.")
    else:
        text = _("Hi! My name is %(name)s and I am new here. I look forward to meeting you.") % {
            "name": _me(request).given_name
        }
    group = nearest.group
    try:
        return redirect(f"{reverse('new_post')}?{urlencode({'group': group.public_id, 'text': text})}")
    except NoReverseMatch:
        return redirect(group)


@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Take the card off the home page, or bring it back."""
    hidden = "show" not in request.POST and "show" not in request.GET
    hide_welcome(employee=_me(request), hidden=hidden)
    if hidden:
        undo = f"{reverse('hide_welcome')}?show=1"
        messages.success(request, _("The welcome card is hidden."), extra_tags=f"undo:{undo}")
    return redirect("home")


@require_POST
def line(request: HttpRequest) -> HttpResponse:
    """Have no line about oneself in the own group, or have it after all."""
    wanted = "show" in request.POST or "show" in request.GET
    decline_introduction(employee=_me(request), declined=not wanted)
    if not wanted:
        undo = f"{reverse('welcome_line')}?show=1"
        messages.success(request, _("Your group is not told that you are new."), extra_tags=f"undo:{undo}")
    return redirect("welcome")


@require_http_methods(["GET", "HEAD", "POST"])
def greet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The leader's form: a greeting and a buddy for a new colleague."""
    found = allowed(Welcome.objects.select_related("employee", "buddy"), _me(request), "onboarding.greet")
    met: Welcome = get_object_or_404(found, employee__public_id=public_id.replace("\x00", ""))
    form = GreetingForm(request.POST or None, met=met, colleagues=_colleagues(_me(request), met))
    if request.method == "POST" and form.is_valid():
        try:
            write_greeting(actor=_me(request), welcome=met, **form.cleaned_data)
        except RefusedError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s will see your greeting.") % {"name": met.employee.given_name})
            return redirect("home")
    context = {"form": form, "met": met}
    return render(request, "onboarding/welcome_greet.html", context, status=422 if form.errors else 200)


def _colleagues(leader: Employee, met: Welcome) -> list[Employee]:
    """Those whom the leader leads, without the new one: among them is the buddy."""
    led = leader.led_employments().values("employee_id")
    people = Employee.objects.active().filter(pk__in=led, protected=False).exclude(pk=met.employee_id)
    return list(people.with_job().by_name()[:300])


def _ticked(request: HttpRequest, step: str) -> HttpResponse:
    tick(employee=_me(request), step=step)
    return redirect("welcome")


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
