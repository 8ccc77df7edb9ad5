"""The main job at full size: a file from HR, rules, a newcomer on a phone, an announcement to everyone, with faults."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from redis import Redis

from announcements.models import Announcement, Receipt
from directory.models import Employee
from groups.models import Membership
from intranet.drills.people import Listener, Program, open_pages
from intranet.drills.phone import read_as_newcomer
from intranet.drills.promises import Say, require
from intranet.drills.town import workers_of
from notifications.models import FanOut, Notification
from onboarding.models import Enrolment

NEW_HIRES = 300
FINISHED_WITHIN = 120.0


def run_main_job(*, port: int, supervisor: int, folder: Path, say: Say) -> None:
    """Run the whole story against the Tunet at `port`. Raises DrillFailed at the first promise broken."""
    before = Employee.objects.active().count()
    newcomers = _bring_in(folder, before, say)
    _check_groups(newcomers, say)
    say(f"newcomer on a phone: {read_as_newcomer(newcomers[0], port, folder)}")
    announcement, listeners, program = _announce(port, say)
    _break_half_way(announcement, supervisor, say)
    _check_ledger(announcement, before + len(newcomers), say)
    _check_live(listeners, say)
    _follow_up(announcement, program, newcomers, say)


@contextmanager
def _timed(what: str, say: Say) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.1f} s")


# --- people in ------------------------------------------------------------------------------------------------
def _bring_in(folder: Path, before: int, say: Say) -> list[Employee]:
    file = folder / "hr.csv"
    known = set(Employee.objects.values_list("pk", flat=True))
    with _timed(f"write the HR file of {before} and {NEW_HIRES} new", say):
        call_command("make_hr_file", new=NEW_HIRES, out=file, stderr=io.StringIO())
    with _timed("check the file", say):
        _import(file)
    with _timed("check and apply the file", say):
        _import(file, apply=True)
    newcomers = list(Employee.objects.active().exclude(pk__in=known).order_by("pk"))
    require(len(newcomers) == NEW_HIRES, f"{len(newcomers)} of {NEW_HIRES} new hires are there")
    require(Employee.objects.active().count() == before + NEW_HIRES, "somebody else came or left")
    rows = _row_versions()
    with _timed("the same file again", say):
        _import(file, apply=True)
    require(_row_versions() == rows, "the same file again wrote to people")
    say("the same file again wrote to no row of people")
    return newcomers


def _import(file: Path, **options: Any) -> None:
    call_command("import_employees", file, stdout=io.StringIO(), stderr=io.StringIO(), **options)


def _row_versions() -> set[tuple[int, str]]:
    """Every person's row with the transaction that wrote it last."""
    return set(Employee.objects.extra(select={"version": "xmin::text"}).values_list("pk", "version"))


def _check_groups(newcomers: list[Employee], say: Say) -> None:
    enrolled = Enrolment.objects.in_force().filter(employee__in=newcomers).values("employee").annotate(n=Count("pk"))
    members = Membership.objects.filter(employee__in=newcomers)
    require(len(enrolled) == len(newcomers), f"rules reached {len(enrolled)} of {len(newcomers)} new hires")
    require(not members.filter(reason={}).exists(), "a membership made by a rule has no reason")
    say(f"{len(newcomers)} new hires are in {members.count()} memberships, each with its reason")


# --- everyone at once --------------------------------------------------------------------------------------------
def _announce(port: int, say: Say) -> tuple[Announcement, list[Listener], Program]:
    central = Employee.objects.active().filter(role_grants__role="central_communications").order_by("pk")
    program, second = (Program(person, port) for person in central[:2])
    listeners = open_pages(Employee.objects.active().order_by("pk")[:3], port)
    text = {"nb": {"title": "Byen stenger i kveld", "body": "Les hva som gjelder for deg."}}
    draft = {
        "texts": text,
        "audience": {"include": [{"kind": "everyone"}], "exclude": []},
        "asks_confirmation": True,
        "days_on_top": 3,
    }
    status, answer, _ = program.call("POST", "announcements/", draft)
    require(status == 201, f"the draft was answered {status}: {answer}")
    status, published, seconds = program.call("POST", f"announcements/{answer['id']}/publish/", {})
    require(status == 202, f"publishing was answered {status}: {published}")
    require(published["state"] == "awaiting_approval", f"nobody looks it over: {published}")
    say(f"publish request answered {status} in {seconds * 1000:.0f} ms (through the front door)")
    status, approved, seconds = second.call("POST", f"announcements/{answer['id']}/approve/", {})
    require(status == 202, f"approving was answered {status}: {approved}")
    say(f"another of central communications approved it, answered in {seconds * 1000:.0f} ms")
    return Announcement.objects.get(public_id=answer["id"]), listeners, program


def _break_half_way(announcement: Announcement, supervisor: int, say: Say) -> None:
    """Kill the worker with -9 and empty Redis when about half the people have been gone through."""
    middle = Employee.objects.order_by("pk")[Employee.objects.count() // 2].pk
    fan_out = FanOut.objects.get(job="announcements.deliver", key=str(announcement.pk))
    deadline = time.monotonic() + FINISHED_WITHIN
    while fan_out.cursor < middle and fan_out.state != FanOut.State.DONE and time.monotonic() < deadline:
        fan_out.refresh_from_db()
    killed = workers_of(supervisor)
    for pid in killed:
        _kill(pid)
    Redis.from_url(settings.REDIS_URL).flushall()
    broken = time.monotonic()
    fan_out.refresh_from_db()
    say(f"killed {len(killed)} worker processes and emptied Redis with {fan_out.done_count} told ({fan_out.state})")
    while fan_out.state != FanOut.State.DONE and time.monotonic() < broken + FINISHED_WITHIN:
        time.sleep(0.1)
        fan_out.refresh_from_db()
    require(fan_out.state == FanOut.State.DONE, f"not finished {FINISHED_WITHIN:.0f} s after the fault")
    say(f"finished by itself {time.monotonic() - broken:.1f} s after the fault")


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _check_ledger(announcement: Announcement, expected: int, say: Say) -> None:
    receipts = Receipt.objects.filter(announcement=announcement)
    counted = receipts.count()
    distinct = receipts.values("employee_id").distinct().count()
    say(f"receipts {counted}, distinct {distinct}, expected {expected}")
    require(counted == distinct == expected, "receipts, distinct and expected differ")


def _check_live(listeners: list[Listener], say: Say) -> None:
    heard = [listener for listener in listeners if listener.await_event("announcement") is not None]
    say(f"{len(heard)} of {len(listeners)} open pages were told live")
    require(len(heard) == len(listeners), "an open page was not told")


def _follow_up(announcement: Announcement, program: Program, newcomers: list[Employee], say: Say) -> None:
    address = f"announcements/{announcement.public_id}"
    for person in newcomers[:20]:
        status, _, _ = Program(person, program.port).call("POST", f"{address}/acknowledge/", {})
        require(status in (200, 204), f"confirming was answered {status}")
    _, figures, _ = program.call("GET", f"{address}/progress/")
    say(f"figures: {figures}")
    require(
        figures["acknowledged"] == 20 and figures["active"] == figures["seen"] + figures["unseen"], "figures differ"
    )
    status, _, _ = program.call("POST", f"{address}/remind/", {"to": "unseen"})
    require(status in (200, 201, 202), f"the reminder was answered {status}")
    with _timed("the rest were reminded", say):
        _await_reminded(announcement, figures["unseen"])


def _await_reminded(announcement: Announcement, unseen: int) -> None:
    told = Notification.objects.filter(kind__contains="reminder", target_id=announcement.pk)
    deadline = time.monotonic() + FINISHED_WITHIN
    while told.count() < unseen and time.monotonic() < deadline:
        time.sleep(0.5)
    require(told.count() == unseen, f"{told.count()} of {unseen} were reminded")
