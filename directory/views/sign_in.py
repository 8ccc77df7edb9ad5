"""How one signs in: passkeys, password, and where one is signed in now."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import RefusedError
from directory import passkeys, proving, sessions, shared_devices
from directory.actions.sign_ins import add_passkey, end_sessions, remove_passkey
from directory.models import Employee
from directory.views.safely import safe_address

View = Callable[..., HttpResponse]


def proven(view: View) -> View:
    """Ask for password or passkey first, unless the person has given one a short while ago."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if proving.is_fresh(request, _me(request)):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("my_sign_in")
        return redirect(f"{reverse('prove_it')}?{urlencode({'next': back})}")

    return asked


@require_safe
@never_cache
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """Everything about how one signs in, on one page."""
    kept = [(passkeys.id_of(each), each.wrap().name, each.created_at) for each in passkeys.passkeys_of(_me(request))]
    context = {
        "passkeys": kept,
        "devices": sessions.devices_of(request, _me(request)),
        "has_password": _me(request).has_usable_password(),
        "shared": shared_devices.is_shared(request),
    }
    return render(request, "directory/sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def prove_it(request: HttpRequest) -> HttpResponse:
    """«Is it still you?», and on to where the person wanted to go."""
    me, error = _me(request), ""
    onward = safe_address(request, request.POST.get("next") or request.GET.get("next")) or reverse("my_sign_in")
    if request.method == "POST":
        shown = {"password": request.POST.get("password", ""), "credential": request.POST.get("credential", "")}
        if not proving.may_try(request, me):
            error = _("That was many tries. Wait five minutes and try again.")
        elif proving.proves(request, me, **shown):
            return redirect(onward)
        else:
            error = _("It did not fit. Try again.")
    options = passkeys.proof_options(me) if passkeys.passkeys_of(me).exists() else ""
    context = {"next": onward, "error": error, "options": options, "has_password": me.has_usable_password()}
    return render(request, "directory/prove_it.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@proven
def new_passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this device. Not on one that others use: the passkey would be theirs, too."""
    if shared_devices.is_shared(request):
        messages.error(request, _("Several people use this device. Make the passkey on your own telephone."))
        return redirect("my_sign_in")
    error = ""
    if request.method == "POST":
        name = sessions.device_name(request.headers.get("User-Agent", ""))
        try:
            add_passkey(employee=_me(request), credential=request.POST.get("credential", ""), name=name)
        except RefusedError as refusal:
            error = str(refusal.message)
        else:
            messages.success(request, _("You can sign in with this device from now on."))
            return redirect("my_sign_in")
    context = {"options": passkeys.creation_options(_me(request)), "error": error}
    return render(request, "directory/new_passkey.html", context, status=422 if error else 200)


@require_POST
@proven
def drop_passkey(request: HttpRequest, key: str) -> HttpResponse:
    """Remove one of the own passkeys."""
    try:
        remove_passkey(employee=_me(request), public_id=key)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The passkey no longer works. You can remove it from the device, too."))
    return redirect("my_sign_in")


@require_POST
def sign_out_there(request: HttpRequest, key: str) -> HttpResponse:
    """Sign out on one other device."""
    if not sessions.end_device(_me(request), key):
        raise Http404
    messages.success(request, _("You are signed out there."))
    return redirect("my_sign_in")


@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    end_sessions(actor=_me(request), employee=_me(request))
    sessions.stay_here(request, _me(request))
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("my_sign_in")


@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """A page on a shared device tells that somebody is still typing; asking it is enough."""
    return HttpResponse(status=204)


def _me(request: HttpRequest) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user
