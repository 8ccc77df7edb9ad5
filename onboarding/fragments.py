"""What onboarding shows on other pages."""

from __future__ import annotations

import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.clock import local_today
from core.fragments import fragment
from directory.models import Employee
from groups.models import Group
from onboarding.arrivals import card  # noqa: F401 - fills its place on the home page
from onboarding.models import Correction, Welcome
from onboarding.portraits.asking import photo_question
from onboarding.querysets.welcome import DAYS_SHOWN
from onboarding.welcome.page import find_welcome, is_due, list_steps

CORRECTIONS_SHOWN = 10
INTRODUCED_SHOWN = 5


@fragment("home.top", order=5)
def welcome_card(request: HttpRequest) -> str:
    """The way to the welcome page, before all else: for thirty days, until everything is done or the card is hidden."""
    employee = request.user
    if not isinstance(employee, Employee) or not _may_be_new(employee):
        return ""
    welcome = find_welcome(employee)
    if welcome is None or not is_due(employee, welcome):
        return ""
    steps = list_steps(employee, welcome)
    done = sum(step.done for step in steps)
    if done == len(steps):
        return ""
    context = {"steps": steps, "done": done, "percent": done * 100 // len(steps), "is_return": welcome.is_return}
    return render_to_string("onboarding/welcome_card.html", context, request)


@fragment("group.posts", order=5)
def new_colleagues(request: HttpRequest, *, group: Group) -> str:
    """The quiet line about those who have just begun, above the posts of their group."""
    found = Welcome.objects.introduced_in(group).select_related("employee__primary_employment__unit")
    told = list(found[:INTRODUCED_SHOWN])
    return render_to_string("onboarding/new_colleagues.html", {"told": told}, request) if told else ""


def _may_be_new(employee: Employee) -> bool:
    """Whether to ask the database at all: most have held their job for long, and that is known already."""
    job = employee.primary_employment
    return job is not None and job.start_date >= local_today() - datetime.timedelta(days=DAYS_SHOWN)


@fragment("home.top", order=10)
def photo_place(request: HttpRequest) -> str:
    """Where «Is this you?» stands on the home page, which asks for it afterwards: nobody waits for it."""
    employee = request.user
    lacks = isinstance(employee, Employee) and not employee.photo and not employee.protected
    return render_to_string("onboarding/photo_place.html") if lacks else ""


@fragment("person.main", order=1)
def photo_question_on_own_page(request: HttpRequest, *, person: Employee) -> str:
    """The same question on one's own page."""
    return photo_question(request, back=request.path) if person.pk == request.user.pk else ""


@fragment("person.main", order=90)
def sign_in_help_card(request: HttpRequest, *, person: Employee) -> str:
    """To leaders and superusers: the way to help one of their own people in."""
    viewer = request.user
    if not isinstance(viewer, Employee) or viewer.pk == person.pk:
        return ""
    helped = person.is_active and viewer.has_perm("directory.end_sessions", person)
    if not helped and not (
        person.first_signed_in_at is None and viewer.has_perm("onboarding.give_sign_in_codes", person)
    ):
        return ""
    return render_to_string("onboarding/sign_in_help_card.html", {"person": person}, request)


@fragment("me_visible.main")
def said_about_me(request: HttpRequest) -> str:
    """What colleagues said was wrong about the person, without who said it."""
    said = Correction.objects.filter(employee=request.user.pk).newest_first()[:CORRECTIONS_SHOWN]
    return render_to_string("onboarding/said_about_me.html", {"said": list(said)}, request)


@fragment("person.side", order=75)
def change_person(request: HttpRequest, *, person: Employee) -> str:
    """The way to change what HR knows, for those who bring people in. What an identity system owns is changed there."""
    viewer = request.user
    if not isinstance(viewer, Employee) or not viewer.has_perm("directory.import_people") or not person.employee_number:
        return ""
    if not person.employments.unended().exclude(source="scim").exists():
        return ""
    return render_to_string("onboarding/person_form_link.html", {"person": person}, request)
