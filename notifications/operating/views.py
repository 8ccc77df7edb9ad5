"""The operators' page: what waits to be sent, since when and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import require
from directory.models import Employee
from notifications.models import Delivery
from notifications.operating import words
from notifications.operating.actions import give_up, run_again, try_again
from notifications.operating.reading import Health, Heap, read_health


@require_safe
@never_cache
def manage_deliveries(request: HttpRequest) -> HttpResponse:
    """How every channel fares, what waits and what was given up."""
    _operator(request)
    health = read_health()
    channels = [(one, words.CHANNELS[one.channel], *words.told_state(one)) for one in health.channels]
    context = {
        "health": health,
        "channels": channels,
        "troubled": [(one, name, state) for one, name, state, color in channels if color in ("danger", "warning")],
        "waiting": _listed(health.waiting, health),
        "failed": _listed(health.failed, health),
        "pulses": [(one, words.PROCESSES[one.process], *words.told_pulse(one)) for one in health.pulses],
        "icons": words.ICONS,
    }
    return render(request, "notifications/deliveries.html", context)


def _listed(heaps: list[Heap], health: Health) -> list[dict[str, Any]]:
    channels = {one.channel: one for one in health.channels}
    return [
        {
            "heap": one,
            "channel": words.CHANNELS[one.channel],
            "topic": words.told_topic(one),
            "is_named": words.is_named(one),
            "why": words.told_why(one, channels[one.channel]),
        }
        for one in heaps
    ]


@require_POST
def try_deliveries_again(request: HttpRequest, channel: str, kind: str = "") -> HttpResponse:
    """Have what was tried or given up tried again now."""
    count = try_again(actor=_operator(request), channel=_channel(channel), kind=kind)
    text = ngettext("%(count)d message is tried again now.", "%(count)d messages are tried again now.", count)
    messages.success(request, text % {"count": count})
    return redirect("manage_deliveries")


@require_POST
def give_deliveries_up(request: HttpRequest, channel: str, kind: str) -> HttpResponse:
    """Give up what waits; it can be tried again by one press."""
    count = give_up(actor=_operator(request), channel=_channel(channel), kind=kind)
    text = ngettext("%(count)d message is given up.", "%(count)d messages are given up.", count)
    undo = f"undo:{reverse('try_deliveries_again', args=[channel, kind])}" if count else ""
    messages.success(request, text % {"count": count}, extra_tags=undo)
    return redirect("manage_deliveries")


@require_POST
def run_job_again(request: HttpRequest, job: str) -> HttpResponse:
    """Have work for many that failed taken up again."""
    count = run_again(actor=_operator(request), job=job)
    text = ngettext("%(count)d task is taken up again.", "%(count)d tasks are taken up again.", count)
    messages.success(request, text % {"count": count})
    return redirect("manage_deliveries")


def _operator(request: HttpRequest) -> Employee:
    operator: Employee = request.user  # type: ignore[assignment]
    require(operator.has_perm("notifications.operate"))
    return operator


def _channel(name: str) -> str:
    if name not in Delivery.Channel.values:
        raise Http404
    return name
