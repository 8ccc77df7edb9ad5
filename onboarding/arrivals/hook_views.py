"""The hook of a desk on the desk's page: the address, the secret (shown once), and what became of the calls."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import RefusedError
from onboarding.arrivals.hooks import remove_hook, rotate_secret, save_hook, secret_of, try_again
from onboarding.arrivals.list_views import draw_desk, find_desk, keeper_of


@require_POST
@never_cache
def hook(request: HttpRequest, public_id: str) -> HttpResponse:
    """Store the address, make a new secret, try again what was given up, or remove the hook: by the button pressed."""
    keeper, desk = keeper_of(request), find_desk(request, public_id)
    existing = getattr(desk, "hook", None)
    if existing is None or "save" in request.POST:
        try:
            saved = save_hook(actor=keeper, desk=desk, url=request.POST.get("url", "").replace("\x00", ""))
        except RefusedError as refusal:
            return draw_desk(request, desk, url=request.POST.get("url", ""), hook_error=str(refusal.message))
        if existing is None:
            return draw_desk(request, find_desk(request, public_id), secret=secret_of(saved))
        messages.success(request, _("The address is saved."))
    elif "rotate" in request.POST:
        rotate_secret(actor=keeper, hook=existing)
        return draw_desk(request, desk, secret=secret_of(existing))
    elif "remove" in request.POST:
        remove_hook(actor=keeper, hook=existing)
        messages.success(request, _("The desk's own system is told nothing more."))
    else:
        try_again(actor=keeper, hook=existing)
        messages.success(request, _("We try again now."))
    return redirect("change_arrival_desk", public_id)
