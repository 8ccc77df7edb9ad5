"""The demo's announcements: a storm on its way to everyone, and the quieter ones before it."""

from __future__ import annotations

import datetime
import json
import random
from typing import Any

from django.db import connection

from announcements.actions.ledger import insert_receipts
from announcements.models import Announcement, AnnouncementText
from conversations.models import Thread
from directory.models import Employee, Employment, JobFamily
from groups.audiences import compile_audience
from groups.models import Audience, AudienceTerm
from intranet.demo.calendar import Calendar
from intranet.demo.people import Crowd
from intranet.demo.pictures import attach
from intranet.demo.posting import Scribe
from intranet.demo.sources import read

# How far it came: by the agency of the receipt's unit, in per cent, from a number that is always the same per person.
_SPREAD = """
WITH share AS (
    SELECT r.employee_id, abs(hashtext(r.employee_id::text || %(key)s)) %% 1000 / 10.0 AS dice,
           COALESCE((%(by_agency)s::jsonb ->> a.code)::int, %(otherwise)s) AS seen,
           LEAST(%(confirmed)s::float / NULLIF(%(whole)s, 0), 1) AS confirming
    FROM announcements_receipt r
    LEFT JOIN directory_orgunit u ON u.id = r.unit_id LEFT JOIN directory_orgunit a ON a.id = u.agency_id
    WHERE r.announcement_id = %(announcement)s
)
UPDATE announcements_receipt r
SET delivered_at = CASE WHEN dice < seen THEN at.moment END,
    seen_at = CASE WHEN dice < seen THEN at.moment END,
    acknowledged_at = CASE WHEN dice < seen * confirming THEN at.moment + interval '40 seconds' END,
    revision = CASE WHEN dice < seen * confirming THEN 1 END,
    language = CASE WHEN dice < seen * confirming THEN 'nb' ELSE '' END
FROM share, LATERAL (
    SELECT %(published)s::timestamptz + (%(now)s::timestamptz - %(published)s::timestamptz)
           * LEAST(power(dice / 100, 2) * 0.9 + 0.01, 0.95) AS moment
) at
WHERE r.announcement_id = %(announcement)s AND r.employee_id = share.employee_id
"""


def write_announcements(crowd: Crowd, calendar: Calendar, chance: random.Random) -> dict[str, Announcement]:
    """Store every announcement with its receipts, comments and picture, and return them by key."""
    entries = read("announcements")["announcements"]
    scribe = Scribe(crowd, calendar, chance)
    for entry in entries:
        at = calendar.moment(entry["when"])
        thread = scribe.add_thread("announcement", at)
        scribe.add_comments(thread, entry.get("comments", []), None, at)
    scribe.write()
    threads = zip(entries, scribe.thread_ids, strict=True)
    return {entry["key"]: _write(entry, thread, crowd, calendar) for entry, thread in threads}


def _write(entry: dict[str, Any], thread: int, crowd: Crowd, calendar: Calendar) -> Announcement:
    at = calendar.moment(entry["when"])
    announcement = Announcement.objects.create(
        author_id=crowd.by_key[entry["author"]].pk,
        audience=_audience(entry["audience"], crowd),
        thread_id=thread,
        state=Announcement.State.PUBLISHED,
        level=entry["level"],
        asks_confirmation=entry["asks_confirmation"],
        days_on_top=entry["days_on_top"],
        keeps_confirmations_days=entry["keeps_confirmations_days"],
        created_at=at - datetime.timedelta(hours=1),
        publish_requested_at=at,
        published_at=at,
        on_top_until=at + datetime.timedelta(days=entry["days_on_top"]),
    )
    for language, text in entry["texts"].items():
        words = {part: calendar.fill(text[part], language, at) for part in ("title", "body")}
        AnnouncementText.objects.create(announcement=announcement, language=language, created_at=at, **words)
    if "picture" in entry:
        author = Employee.objects.get(pk=announcement.author_id)
        attach(Thread.objects.get(pk=thread), author, entry["picture"])
    _send(announcement, entry, crowd, calendar)
    return announcement


def _audience(described: dict[str, Any], crowd: Crowd) -> Audience:
    audience = Audience.objects.create()
    for term in described["include"]:
        unit = crowd.units.get(term["code"]) if term["kind"] == "unit" else None
        family = JobFamily.objects.filter(name=term["name"]).first() if term["kind"] == "job_family" else None
        if term["kind"] == "everyone" or unit or family:
            AudienceTerm.objects.create(
                audience=audience, kind=term["kind"], unit_id=unit.pk if unit else None, job_family=family
            )
    return audience


def _send(announcement: Announcement, entry: dict[str, Any], crowd: Crowd, calendar: Calendar) -> None:
    assert announcement.published_at
    fresh = calendar.now - announcement.published_at < datetime.timedelta(days=1)
    then = calendar.today if fresh else announcement.published_at.astimezone(calendar.zone).date()
    people = compile_audience(announcement.audience).filter(primary_employment__start_date__lte=then)
    insert_receipts(announcement, people)
    reach = entry["reach"]
    values = {
        "announcement": announcement.pk,
        "key": entry["key"],
        "by_agency": json.dumps(reach.get("by_agency", {})),
        "otherwise": reach["otherwise"],
        "confirmed": reach["confirmed"],
        "whole": reach["seen"],
        "published": announcement.published_at,
        "now": calendar.now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, values)
    _confirm(announcement, [crowd.by_key[key].pk for key in entry.get("confirmed", [])])
    if "leader_gap" in entry:
        _leave_gap(announcement, entry["leader_gap"], crowd, calendar)


def _confirm(announcement: Announcement, employees: list[int]) -> None:
    assert announcement.published_at
    seen = announcement.published_at + datetime.timedelta(minutes=19)
    announcement.receipts.filter(employee__in=employees, acknowledged_at=None).update(
        delivered_at=seen, seen_at=seen, acknowledged_at=seen, revision=1, language="nb"
    )


def _leave_gap(announcement: Announcement, gap: dict[str, Any], crowd: Crowd, calendar: Calendar) -> None:
    """Let exactly the named ones of the leader's own people be left."""
    leader = crowd.by_key[gap["leader"]]
    own = set(Employment.objects.current().filter(manager=leader.pk).values_list("employee_id", flat=True))
    away = {crowd.by_key[key].pk for key in gap.get("on_leave", [])}
    left = {crowd.by_key[key].pk for key in gap["not_confirmed"]}
    seen = {crowd.by_key[key].pk for key in gap["seen_but_not_confirmed"]}
    Employment.objects.filter(employee__in=away).update(leave_until_date=calendar.today + datetime.timedelta(days=90))
    _confirm(announcement, sorted(own - left - away))
    nothing: dict[str, Any] = {"acknowledged_at": None, "revision": None, "language": ""}
    announcement.receipts.filter(employee__in=left & seen).update(seen_at=calendar.now, **nothing)
    announcement.receipts.filter(employee__in=(left | away) - seen).update(delivered_at=None, seen_at=None, **nothing)
