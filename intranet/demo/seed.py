"""Makes the demo organisation: Oslo's shape, believable people, and one day written by hand.

The same number of employees, seed and date give the same organisation.
"""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directory.models import Employee, HouseRules, Organisation
from groups.models import Group, Membership
from intranet.demo import house_rules
from intranet.demo.announcing import write_announcements
from intranet.demo.answering import write_answers
from intranet.demo.arriving import write_arrivals
from intranet.demo.asking import write_polls, write_waiting
from intranet.demo.calendar import Calendar
from intranet.demo.copying import analyse
from intranet.demo.everyday import write_everyday_posts
from intranet.demo.grouping import Groups, settle_memberships
from intranet.demo.people import Crowd
from intranet.demo.pictures import attach_pictures, make_photos
from intranet.demo.posting import Scribe
from intranet.demo.reading import see_posts, write_to_line
from intranet.demo.sources import read, read_all
from intranet.demo.telling import write_notifications
from intranet.demo.units import plan_units, write_units
from intranet.demo.welcoming import write_local_help, write_welcomes
from intranet.demo.writing import write_people
from onboarding.reconcile import reconcile_enrolments

Say = Callable[[str], None]


class AlreadySeeded(Exception):
    """The database holds people already: the demo is only made in an empty one."""


@transaction.atomic
def seed(*, employees: int, seed_number: int, now: datetime.datetime, say: Say, photos: bool = True) -> None:
    """Make the demo organisation with `employees` people who work there. Raises AlreadySeeded.

    Small numbers give a few more: the cast and the leaders of their units are always there (about 480 people).
    Without `photos` nobody has a portrait, which saves most of the time.

    All or nothing: what is interrupted leaves an empty database.
    """
    if Employee.objects.exists():
        raise AlreadySeeded
    chance = random.Random(seed_number)
    calendar = Calendar(now, ZoneInfo(settings.TIME_ZONE))
    with _timed("people", say):
        crowd = make_people(employees, calendar, chance, photos=photos)
    with _timed("groups and rules", say):
        groups = Groups(crowd, chance)
        reconcile_enrolments()
        settle_memberships(now - datetime.timedelta(hours=20))
        analyse(Group, Membership)
    with _timed("posts", say):
        threads = _make_posts(crowd, groups, calendar, chance, employees)
    with _timed("announcements", say):
        write_answers(write_announcements(crowd, calendar, chance), crowd, calendar)
    write_welcomes(crowd, calendar)
    write_local_help()
    write_arrivals(crowd, calendar)
    write_to_line(crowd, calendar, chance)
    see_posts(calendar, chance)
    with _timed("notifications", say):
        write_notifications(crowd, calendar, threads)


def make_people(employees: int, calendar: Calendar, chance: random.Random, *, photos: bool) -> Crowd:
    """Make the organisation, its units and everyone who works there, with nothing written by them."""
    Organisation.objects.create(
        pk=1,
        name="Oslo kommune",
        product_name="Tunet",
        support_phone="21 80 21 80",
        insight_purpose="Vite om viktige meldinger når fram, slik at lederne ringer dem som trenger det.",
        dpia_reference="DPIA 2026/0412",
        discussed_with_stewards_date=calendar.today - datetime.timedelta(days=60),
    )
    HouseRules.objects.create(version=3, **house_rules.TEXTS)
    units = plan_units(employees, _needed_units())
    write_units(units, chance)
    crowd = Crowd(units, employees, calendar.today, chance)
    write_people(crowd, chance, make_photos(crowd, chance) if photos else lambda person: "", calendar)
    return crowd


def _needed_units() -> set[str]:
    """Return the codes of units that what was written by hand speaks of, however small the organisation."""
    groups = read("groups")["groups"]
    described = [member.get("code") or member.get("unit") for group in groups for member in group["members"]]
    codes = {person["unit"] for person in read("cast")["people"]} | {group["unit"] for group in groups}
    return {code for code in codes.union(described) if code}


def _make_posts(
    crowd: Crowd, groups: Groups, calendar: Calendar, chance: random.Random, employees: int
) -> dict[str, int]:
    """Store the posts; return the threads of those written by hand, by their keys."""
    scribe = Scribe(crowd, calendar, chance)
    scribe.load_readers()
    written = read_all("posts")
    for entry in written:
        scribe.add_post(entry, groups.by_key[entry["group"]])
    handled = {entry["group"] for entry in written}
    silent = [group for key, group in groups.by_key.items() if key not in handled and not group.archived_at]
    by_hand = {group.pk for group in groups.by_key.values()}
    silent += [group for group in groups.of_unit.values() if group.pk not in by_hand]
    write_everyday_posts(scribe, silent, chance, at_most=200 + employees // 8)
    threads = scribe.write()
    attach_pictures(threads, written, crowd)
    write_polls(scribe, threads, written)
    write_waiting(crowd, groups.by_key, calendar)
    return threads


@contextmanager
def _timed(what: str, say: Say) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.1f} s")


def moment_of(today: datetime.date | None) -> datetime.datetime:
    """Return the moment the demo shows: now, or half past nine on the day given."""
    if today is None:
        return timezone.now()
    return datetime.datetime.combine(today, datetime.time(9, 30), tzinfo=ZoneInfo(settings.TIME_ZONE))
