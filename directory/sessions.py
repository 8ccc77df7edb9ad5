"""Where a person is signed in, as they are shown it themselves: the device in words, and since when."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory.models import Employee

# What stands in the name a browser gives itself, the most telling first.
_DEVICES = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android.*Mobile", "Android"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
_BROWSERS = (("Edg", "Edge"), ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"))


@dataclass(frozen=True)
class Device:
    """One place where the person is signed in."""

    id: str
    name: str
    address: str
    since: datetime.datetime
    is_here: bool


def device_name(user_agent: str) -> str:
    """Return «Chrome, Android», or as much of it as the browser tells."""
    found = [_first(_BROWSERS, user_agent), _first(_DEVICES, user_agent)]
    return ", ".join(word for word in found if word) or _("Unknown device")


def devices_of(request: HttpRequest, employee: Employee) -> list[Device]:
    """Return where `employee` is signed in, this device first and then the latest; what has ended is forgotten."""
    kept = UserSession.objects.purge_and_list(employee)
    shown = [_device(each, request) for each in kept]
    return sorted(shown, key=lambda one: (not one.is_here, -one.since.timestamp()))


def end_device(employee: Employee, device_id: str) -> bool:
    """Sign `employee` out on one device; say whether there was one."""
    ended = [each for each in UserSession.objects.filter(user=employee) if _id_of(each) == device_id]
    for each in ended:
        each.end()
    return bool(ended)


def stay_here(request: HttpRequest, employee: Employee) -> None:
    """Keep this session of `employee`, all of whose sessions were just ended."""
    UserSession.objects.filter(user=employee).delete()
    update_session_auth_hash(request, employee)
    UserSession.objects.create_from_request(request)


def forget_ended() -> int:
    """Forget the sessions that are over; return how many."""
    lasting = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return int(UserSession.objects.exclude(session_key__in=lasting).delete()[0])


def _device(session: Any, request: HttpRequest) -> Device:
    here = session.session_key == request.session.session_key
    return Device(_id_of(session), device_name(session.user_agent), session.ip, session.created_at, here)


def _id_of(session: Any) -> str:
    return salted_hmac("directory.device", session.session_key).hexdigest()[:12]


def _first(words: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for pattern, word in words if re.search(pattern, user_agent)), "")
