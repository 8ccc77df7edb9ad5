"""Between the code and the choice: what this browser may do, and for how long. Nobody is signed in meanwhile."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from directory import shared_devices
from directory.models import Employee
from onboarding.models import SignInCode, Welcome
from onboarding.sign_in_codes.actions import still_choosing

PLACE = "first_sign_in"


def let_in(request: HttpRequest, code: SignInCode, *, shared: bool) -> None:
    """Let this browser choose for whom the code was. Whoever was signed in here is signed out.

    The session gets a new key: who put the old one into this browser gets in nowhere with it.
    """
    logout(request)
    request.session.cycle_key()
    request.session[PLACE] = {
        "code": code.public_id,
        "state": code.employee.get_session_auth_hash(),
        "shared": shared,
    }


def at_the_door(request: HttpRequest) -> tuple[Employee, bool] | None:
    """Return who may choose in this browser, and whether others use it; None when it took too long.

    Ends as well when the person leaves, when somebody ends their sessions, and when a newer code is made.
    """
    place: dict[str, Any] = request.session.get(PLACE) or {}
    code = still_choosing(str(place.get("code", "")))
    if code is None or place["state"] != code.employee.get_session_auth_hash():
        return None
    return code.employee, bool(place["shared"])


def step_in(request: HttpRequest, employee: Employee, *, shared: bool) -> HttpResponse:
    """Sign in whoever has chosen, and lead to the welcome page or home. The choice cannot be made twice."""
    request.session.pop(PLACE, None)
    onward = "welcome" if Welcome.objects.filter(employee=employee, hidden_at=None).exists() else "home"
    record_authentication(request, employee, method="code")
    response: HttpResponse = perform_login(request, Login(user=employee, redirect_url=reverse(onward)))
    shared_devices.begin(request, shared=shared)
    return response
