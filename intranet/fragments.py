"""What the home page shows beside the feed that belongs to no single app."""

from __future__ import annotations

import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from announcements.models import Announcement
from core.clock import local_today
from core.fragments import fragment
from directory.models import Employee

NEW_DAYS = 7
SHOWN = 3


@fragment("home.side", order=10)
def to_do(request: HttpRequest) -> str:
    """What waits for the reader; nothing when nothing does."""
    assert isinstance(request.user, Employee)
    waiting = Announcement.objects.on_top_for(request.user).filter(asks_confirmation=True)
    announcements = list(waiting.values_list("public_id", flat=True)[:9])
    if not announcements and request.user.photo:
        return ""
    context = {"announcements": announcements, "lacks_photo": not request.user.photo}
    return render_to_string("intranet/to_do.html", context, request)


@fragment("home.side", order=20)
def new_colleagues(request: HttpRequest) -> str:
    """Who has begun in the reader's agency this week."""
    reader = request.user
    assert isinstance(reader, Employee)
    job = reader.primary_employment
    if job is None or job.unit.agency is None:
        return ""
    since = local_today() - datetime.timedelta(days=NEW_DAYS)
    begun = Employee.objects.active().visible_to(reader).filter(protected=False).exclude(pk=reader.pk)
    begun = begun.filter(
        primary_employment__start_date__gte=since, primary_employment__unit__path__startswith=job.unit.agency.path
    )
    people = list(begun.with_job().order_by("-primary_employment__start_date", "sort_key")[:SHOWN])
    if not people:
        return ""
    context = {"people": people, "unit": job.unit.agency}
    return render_to_string("intranet/new_colleagues.html", context, request)
