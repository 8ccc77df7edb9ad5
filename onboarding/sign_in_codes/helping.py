"""What a leader or superuser does for whoever cannot get in: a code, a letter, or ending every session."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import RefusedError
from core.policies import annotate_allowed
from core.qr import draw_qr
from directory.actions.sign_ins import end_sessions
from directory.models import Employee
from onboarding.models import SignInCode
from onboarding.sign_in_codes.actions import give_code, withdraw_codes
from onboarding.sign_in_codes.codes import LASTS, asks_mobile, shown
from onboarding.sign_in_codes.letters import draw_letter

ROADS = {"hand": SignInCode.Road.HAND, "letter": SignInCode.Road.LETTER}


@require_safe
@never_cache
def sign_in_help(request: HttpRequest, public_id: str) -> HttpResponse:
    """What can be done for one of the own people."""
    person = _helped(request, public_id)
    open_code = SignInCode.objects.open().filter(employee=person).select_related("issued_by").first()
    hours = int(LASTS[SignInCode.Road.HAND].total_seconds() // 3600)
    context = {"person": person, "open_code": open_code, "hours": hours, "asks_mobile": asks_mobile(person)}
    return render(request, "onboarding/sign_in_help.html", context)


@require_POST
@never_cache
def give_sign_in_code(request: HttpRequest, public_id: str, road: str) -> HttpResponse:
    """Make a code and show it, this once: on the screen, or as a letter to print."""
    person = _helped(request, public_id)
    if road not in ROADS:
        raise Http404
    try:
        code = give_code(actor=_me(request), employee=person, road=ROADS[road])
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("sign_in_help", person.public_id)
    made = SignInCode.objects.open().get(employee=person)
    address = request.build_absolute_uri(reverse("first_sign_in"))
    told = {"person": person, "code": shown(code), "made": made, "address": address}
    told["qr"] = draw_qr(f"{address}#{code.upper()}")
    if road == "letter":
        told["letter"] = draw_letter(told)
    name = "sign_in_letter" if road == "letter" else "sign_in_code"
    return render(request, f"onboarding/{name}.html", told)


@require_POST
def withdraw_sign_in_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make the code worthless that was given."""
    person = _helped(request, public_id)
    withdraw_codes(actor=_me(request), employee=person)
    messages.success(request, _("The code no longer works."))
    return redirect("sign_in_help", person.public_id)


@require_POST
def end_their_sessions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign the person out everywhere: a telephone was lost, or left signed in on a shared machine."""
    person = _helped(request, public_id)
    end_sessions(actor=_me(request), employee=person)
    name = person.given_name
    messages.success(request, _("%(name)s is signed out on all devices, and has been told.") % {"name": name})
    return redirect("sign_in_help", person.public_id)


def _helped(request: HttpRequest, public_id: str) -> Employee:
    """Return one of the viewer's own people, with what may be done; nobody else is there."""
    verbs = {"may_get_code": "onboarding.give_sign_in_codes", "may_be_signed_out": "directory.end_sessions"}
    people = annotate_allowed(Employee.objects.people().with_job(), _me(request), **verbs)
    person: Any = people.filter(public_id=public_id).first()
    if person is None or not (person.may_get_code or person.may_be_signed_out):
        raise Http404
    helped: Employee = person
    return helped


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
