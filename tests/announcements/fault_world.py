"""What tests of faults share: a crowd, a delivery half-way, and the count of everyone afterwards."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from announcements.actions import draft_announcement, publish_announcement
from announcements.models import Announcement, Receipt
from directory.models import Employee, Organisation
from notifications import fan_out as engine
from notifications.models import Delivery, FanOut
from tests.announcements.conftest import content

PEOPLE, CHUNK = 240, 20


def make_crowd() -> list[Employee]:
    """Store 240 people, each with an e-mail address, and return everybody there is."""
    Employee.objects.bulk_create(
        Employee(username=f"p{n}", first_name=f"Person {n}", email=f"p{n}@oslo.example") for n in range(PEOPLE)
    )
    return list(Employee.objects.order_by("pk"))


def one_pair_of_eyes() -> None:
    """Let one person decide: the second pair of eyes has tests of its own."""
    Organisation.objects.update_or_create(pk=1, defaults={"second_pair_of_eyes": False})


def publish(author: Employee) -> FanOut:
    """Send an announcement to everyone; nobody works on it yet."""
    one_pair_of_eyes()
    draft = draft_announcement(actor=author, content=content(author))
    publish_announcement(actor=author, announcement=draft)
    return FanOut.objects.get(job="announcements.deliver")


def work_until(fan_out: FanOut, cursor_of: Employee) -> None:
    """Do chunk after chunk, as a worker does, until `cursor_of` has been told."""
    FanOut.objects.filter(pk=fan_out.pk).update(state="running")
    while FanOut.objects.get(pk=fan_out.pk).cursor < cursor_of.pk:
        engine._do_chunk(fan_out.pk)


def time_passes() -> None:
    """Let leases run out and pauses end."""
    FanOut.objects.update(leased_until=None, not_before=timezone.now() - datetime.timedelta(seconds=1))


def check_everyone_once(crowd: list[Employee]) -> None:
    """Each of the crowd has one receipt and one e-mail, and nobody else has any."""
    expected = {person.pk for person in crowd}
    receipts = list(Receipt.objects.values_list("employee", flat=True))
    assert len(receipts) == len(set(receipts)) == len(expected)
    assert set(receipts) == expected
    mails = list(Delivery.objects.values_list("recipient", flat=True))
    assert len(mails) == len(set(mails))
    assert set(mails) == expected
    assert Announcement.objects.get().state == "published"
    assert FanOut.objects.get(job="announcements.deliver").state == "done"


def process_environment(**more: str) -> dict[str, Any]:
    """The environment of a process of Tunet's that works in this test's own database."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{quote(str(database['HOST']), safe='')}/{database['NAME']}"
    return {
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": "only-for-this-test",
        "DJANGO_SETTINGS_MODULE": "intranet.settings",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "PYTHONPATH": str(settings.BASE_DIR),
    } | more
