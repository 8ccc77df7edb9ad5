"""The demo organisation holds the stories it is there to show."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from announcements.models import Announcement, Receipt
from directory.models import Employee, Employment
from feed.models import Post
from groups.models import Group, Membership
from intranet.demo.seed import seed
from notifications.inbox import load_inbox
from notifications.models import Delivery

EMPLOYEES = 600


def people() -> set[tuple[str, str, str, str]]:
    rows = Employee.objects.values_list("employee_number", "first_name", "last_name", "public_id")
    return {(number or "", first, last, public_id) for number, first, last, public_id in rows}


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_people(settings: object) -> None:
    """And the stories are there, in one go: making the town takes a few seconds."""
    now = timezone.now()
    seed(employees=EMPLOYEES, seed_number=7, now=now, say=lambda text: None, photos=False)
    first = people()
    assert Employee.objects.active().count() == EMPLOYEES
    _check_storm(now)
    _check_people()
    _check_inbox()
    _empty()
    seed(employees=EMPLOYEES, seed_number=7, now=now, say=lambda text: None, photos=False)
    assert people() == first


def _check_storm(now: datetime.datetime) -> None:
    storm = Announcement.objects.order_by("-published_at")[0]
    figures = storm.receipts.totals()
    assert figures["audience"] == EMPLOYEES
    assert 0.5 < figures["seen"] / figures["active"] < 0.85
    kari = Employee.objects.get(first_name="Kari", last_name="Nordby")
    own = Employment.objects.current().filter(manager=kari, leave_until_date=None).values("employee")
    left = Receipt.objects.filter(announcement=storm, employee__in=own, acknowledged_at=None)
    assert left.count() == 6


def _check_people() -> None:
    sunniva = Employee.objects.get(first_name="Sunniva", last_name="Dahl")
    reasons = set(Membership.objects.filter(employee=sunniva).values_list("reason__kind", flat=True))
    assert {"unit", "job_family", "started_within"} <= reasons
    month_ago = timezone.now() - datetime.timedelta(days=30)
    group = Group.objects.get(name="Hjemmetjenesten Alna vest")
    assert Post.objects.filter(placements__group=group, created_at__lt=month_ago).count() >= 10
    assert Post.objects.count() >= 300
    assert Employee.objects.filter(protected=True).exists()
    assert Employee.objects.people().filter(is_active=False, posts__isnull=False).exists(), "a leaver's old post"
    assert Employee.objects.active().filter(email=None).exists()
    assert not Post.objects.filter(text__contains="{week").exists()


def _check_inbox() -> None:
    lines = load_inbox(Employee.objects.get(email="amina.hassan@oslo.example")).lines
    icons = {line.icon for line in lines}
    assert {"Megaphone", "Chat", "HandHeart", "ThumbUp"} <= icons, "answers, thanks and reactions too"
    assert any("Ritu Sharma" in line.html and "5" in line.html for line in lines), "several in one line"
    assert {line.unread for line in lines} == {True, False}
    assert not Delivery.objects.exists()


def _empty() -> None:
    call_command("flush", interactive=False, verbosity=0)
