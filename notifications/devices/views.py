"""The person's devices on one page, and the card that asks whether they want notifications on this one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import RefusedError
from directory.shared_devices import is_shared
from notifications.channels import vapid
from notifications.devices.actions import note_asked, remove_device
from notifications.devices.reading import device_here, devices_of, may_be_asked, may_subscribe
from notifications.devices.trying import send_trial
from notifications.models import PushSubscription
from notifications.views import reader_of


@require_safe
@never_cache
def notification_devices(request: HttpRequest) -> HttpResponse:
    """Where the person gets notifications, and how to get them here."""
    context = {
        "devices": devices_of(reader_of(request)) if vapid.public_key() else [],
        "here": request.session.session_key,
        "device_here": device_here(request, reader_of(request)),
        "is_on": bool(vapid.public_key()),
        "is_shared": is_shared(request),
        "may_subscribe": may_subscribe(request),
    }
    return render(request, "notifications/devices.html", context)


@require_POST
def turn_off_device(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show nothing there any more."""
    reader = reader_of(request)
    device = get_object_or_404(PushSubscription.objects.visible_to(reader), public_id=public_id)
    remove_device(actor=reader, subscription=device)
    messages.success(request, _("You get no more notifications there."))
    return redirect("notification_devices")


@require_POST
def try_device(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a trial there."""
    reader = reader_of(request)
    try:
        send_trial(
            actor=reader,
            subscription=get_object_or_404(PushSubscription.objects.visible_to(reader), public_id=public_id),
        )
    except RefusedError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The trial has been sent. It shows in a moment."))
    return redirect("notification_devices")


@require_POST
def ask_for_notifications(request: HttpRequest) -> HttpResponse:
    """The card that asks, or nothing: a page wants it after an act that makes it useful, and shows it once."""
    reader = reader_of(request)
    if not may_subscribe(request) or not may_be_asked(reader):
        return HttpResponse(status=204)
    note_asked(actor=reader)
    return render(request, "notifications/ask.html")
