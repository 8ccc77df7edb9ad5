"""Who opens a stream and what may be heard on it: asked of the database for many at once, in five statements."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from directory.models import Employee, Employment
from groups.models import Group, Membership


@dataclass(frozen=True)
class Reader:
    """Whose session it is, and the channels that person may hear."""

    employee_id: int
    channels: frozenset[str]


def find_readers(session_keys: Collection[str]) -> dict[str, Reader]:
    """Return the readers behind these sessions; ended, unknown and forged ones, and those of leavers, are left out."""
    signed_in = people_behind(session_keys)
    channels = channels_of(set(signed_in.values()))
    return {key: Reader(pk, channels[pk]) for key, pk in signed_in.items()}


def people_behind(session_keys: Collection[str]) -> dict[str, int]:
    """Return whose living sessions these are, in two statements; the other sessions are left out."""
    sessions = Session.objects.filter(pk__in=set(session_keys) - {""}, expire_date__gt=timezone.now())
    facts = {session.pk: session.get_decoded() for session in sessions}
    ids = {int(found[SESSION_KEY]) for found in facts.values() if SESSION_KEY in found}
    people = Employee.objects.active().only("password", "sessions_ended").in_bulk(ids)
    return {key: int(found[SESSION_KEY]) for key, found in facts.items() if _signed_in(found, people)}


def _signed_in(facts: dict[str, Any], people: dict[int, Employee]) -> bool:
    """As Django asks of each request: a backend in use, and a session made with the password of today."""
    person = people.get(int(facts.get(SESSION_KEY, 0)))
    if person is None or facts.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(facts.get(HASH_SESSION_KEY, ""), one) for one in hashes)


def channels_of(employee_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what each of these people may hear: see `notifications.live`."""
    found: dict[int, set[str]] = {pk: {"all", f"u:{pk}"} for pk in employee_ids}
    members = Membership.objects.standing().filter(employee__in=employee_ids)
    followed = Group.objects.standing().filter(privacy=Group.Privacy.OPEN, follows__employee__in=employee_ids)
    jobs = Employment.objects.current().filter(employee__in=employee_ids)
    _add(found, "g", members.order_by().values_list("employee_id", "group_id"))
    _add(found, "g", followed.order_by().values_list("follows__employee_id", "pk"))
    _add(found, "l", jobs.people_with_units_upwards())
    return {pk: frozenset(channels) for pk, channels in found.items()}


def _add(found: dict[int, set[str]], letter: str, pairs: Iterable[tuple[int, int]]) -> None:
    for employee_id, pk in pairs:
        # Thousands hear the same channel: its name is kept once.
        if employee_id in found:
            found[employee_id].add(sys.intern(f"{letter}:{pk}"))
