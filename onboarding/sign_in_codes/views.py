"""The way in with a code: the code and two facts, then a passkey or a password. No session before that."""

from __future__ import annotations

import logging

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from core.errors import RefusedError
from directory import passkeys
from directory.actions.sign_ins import add_passkey, choose_password
from directory.forms import add_refusal
from directory.models import Employee
from directory.sessions import device_name
from onboarding.sign_in_codes.actions import take_code
from onboarding.sign_in_codes.door import at_the_door, let_in, step_in
from onboarding.sign_in_codes.forms import CodeForm

logger = logging.getLogger(__name__)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the code and the two facts."""
    form = CodeForm(request.POST if request.method == "POST" else None, cookies=request.COOKIES)
    if request.method == "POST" and form.is_valid():
        if not _may_try(request, dry_run=True):
            refused: HttpResponse = ratelimit.respond_429(request)
            return refused
        facts = {name: form.cleaned_data[name] for name in ("code", "number", "fact")}
        try:
            code = take_code(**facts)
        except RefusedError as refusal:
            _may_try(request)
            add_refusal(form, refusal)
        else:
            let_in(request, code, shared=form.cleaned_data["shared"])
            return redirect("choose_sign_in")
    return render(request, "onboarding/first_sign_in.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def choose_sign_in(request: HttpRequest) -> HttpResponse:
    """Let whoever came with a code choose a passkey or a password, and sign them in."""
    found = at_the_door(request)
    if found is None:
        messages.error(request, _("It took too long. Ask for a new code, and start again."))
        return redirect("first_sign_in")
    employee, shared = found
    error = ""
    if request.method == "POST":
        try:
            _choose(request, employee, shared=shared)
        except RefusedError as refusal:
            error = str(refusal.message)
        else:
            return step_in(request, employee, shared=shared)
    options = "" if shared else passkeys.creation_options(employee)
    context = {"employee": employee, "shared": shared, "options": options, "error": error}
    return render(request, "onboarding/choose_sign_in.html", context, status=422 if error else 200)


def _choose(request: HttpRequest, employee: Employee, *, shared: bool) -> None:
    """Keep what was chosen. A passkey on a device that others use would let them in, too."""
    if request.POST.get("credential") and not shared:
        name = device_name(request.headers.get("User-Agent", ""))
        add_passkey(employee=employee, credential=request.POST["credential"], name=name, begins_anew=True)
    else:
        choose_password(employee=employee, password=request.POST.get("password", ""))


def _may_try(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """Count a wrong answer from this address, or say whether it has given too many.

    Each code counts its own in the database; without Redis that is enough.
    """
    try:
        return bool(ratelimit.consume(request, action="first_sign_in", dry_run=dry_run))
    except (RedisError, OSError):
        logger.exception("tries from an address could not be counted")
        return True
