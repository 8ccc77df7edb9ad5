"""Which devices a message may go to: those whose session lasts and is still the person's."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from directory.models import Employee
from directory.shared_devices import is_shared
from notifications.channels import vapid
from notifications.models import PushQuestion, PushSubscription

# Who said «not now» is asked again after this, and so often at most.
AGAIN_AFTER = datetime.timedelta(days=30)
ASKED_AT_MOST = 3
# What a push service has not taken for so long is not coming back.
DEAD_AFTER = datetime.timedelta(days=30)


def devices_of(employee: Employee) -> list[PushSubscription]:
    """Return the devices of `employee` that messages go to now, the newest first."""
    here = PushSubscription.objects.visible_to(employee).live().filter(made_for=vapid.public_key())
    proof = employee.get_session_auth_hash()
    return [one for one in here.order_by("-pk") if constant_time_compare(one.session_hash, proof)]


def device_here(request: HttpRequest, employee: Employee) -> PushSubscription | None:
    """Return the device the request comes from; None where it gets no notifications."""
    key = request.session.session_key
    return next((one for one in devices_of(employee) if one.session_key == key), None) if key else None


def may_subscribe(request: HttpRequest) -> bool:
    """Say whether notifications may be shown here: the device is one person's, and they stay signed in."""
    if not vapid.public_key() or getattr(request, "auth", None) or not request.session.session_key:
        return False
    return not is_shared(request) and not request.session.get_expire_at_browser_close()


def push_offer(request: HttpRequest) -> str:
    """Return what a page subscribes with: our key, and a mark of the session; "" where it may not."""
    if not may_subscribe(request):
        return ""
    mark = salted_hmac("notifications.devices", request.session.session_key or "").hexdigest()[:12]
    return f"{vapid.public_key()} {mark}"


def may_be_asked(employee: Employee) -> bool:
    """Say whether it is time to ask `employee`: never before, or a month after the last time; three times at most."""
    asked = PushQuestion.objects.filter(pk=employee.pk).first()
    if asked is None:
        return True
    return asked.times < ASKED_AT_MOST and timezone.now() - asked.declined_at >= AGAIN_AFTER


def forget_dead() -> int:
    """Delete the devices that get nothing any more: signed out, run out, or long out of reach; return how many."""
    lasting = PushSubscription.objects.live().filter(employee__is_active=True)
    unreachable = Q(failing_since__lt=timezone.now() - DEAD_AFTER)
    dead = PushSubscription.objects.filter(~Q(pk__in=lasting.values("pk")) | unreachable)
    return int(dead.delete()[0])
