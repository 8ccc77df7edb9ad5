"""What announcements are measured by: the freeze, the request that starts it, the page, and the figures.

For `manage.py bench`, in a database of its own that holds the demo organisation.
"""

from __future__ import annotations

import datetime
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from announcements.actions import Content, Wording, draft_announcement, publish_announcement
from announcements.fan_outs import deliver
from announcements.figures import read_unit_figures
from announcements.models import Announcement, Receipt
from conversations.models import Thread
from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee, RoleGrant
from groups.models import Audience, AudienceTerm
from notifications.fan_out import run_fan_out
from notifications.models import FanOut

TEXTS = {"nb": Wording("Ekstremvær fra torsdag kveld", "Sjekk vakten din før klokka 15 i dag.\n\n" * 20)}
FLOOR = "/bench/floor/"
REQUESTS = 20
OTHERS_LIVE = 5000

# The same rows, written by hand, with nothing of the product around them.
RAW_RECEIPTS = """
INSERT INTO announcements_receipt (announcement_id, employee_id, unit_id, joined_later, language)
SELECT %s, employee.id, job.unit_id, false, ''
FROM directory_employee employee LEFT JOIN directory_employment job ON job.id = employee.primary_employment_id
WHERE employee.is_active AND employee.kind = 'person'
"""
RAW_FIGURES = """
SELECT unit.agency_id, count(*), count(receipt.seen_at), count(receipt.acknowledged_at)
FROM announcements_receipt receipt
JOIN directory_employee employee ON employee.id = receipt.employee_id AND employee.is_active
LEFT JOIN directory_orgunit unit ON unit.id = receipt.unit_id
WHERE receipt.announcement_id = %s GROUP BY unit.agency_id
"""


@dataclass
class Stage:
    """A writer with a browser, a draft to everyone, and the readers still to come."""

    writer: Employee
    draft: Announcement
    client: Client
    readers: itertools.cycle[int] = field(default_factory=lambda: itertools.cycle([0]))
    others: list[int] = field(default_factory=list)


def prepare(scale: float) -> Stage:
    """Let someone write to everyone; the people are there already."""
    writer = Employee.objects.active().order_by("pk").first()
    RoleGrant.objects.create(employee=writer, role="central_communications")
    writer = Employee.objects.with_job().get(pk=writer.pk)
    return Stage(writer, new_draft(writer), browser_of(writer))


def browser_of(employee: Employee) -> Client:
    """Return a signed-in client that knocks at the handler in this process."""
    client = Client(headers={"host": "localhost"})
    client.force_login(employee, backend="directory.authentication.EmployeeBackend")
    return client


def new_draft(writer: Employee) -> Announcement:
    """Return a draft to everyone."""
    content = Content(texts=TEXTS, terms=[AudienceTerm(kind="everyone")], asks_confirmation=True)
    return draft_announcement(actor=writer, content=content)


def reset(stage: Stage) -> None:
    """Empty the ledger and write the next draft."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE announcements_receipt")
    FanOut.objects.filter(job="announcements.deliver").delete()
    stage.draft = new_draft(stage.writer)


def press_the_button(stage: Stage) -> FanOut:
    """Publish, and return what a worker is to do."""
    publish_announcement(actor=stage.writer, announcement=stage.draft)
    return FanOut.objects.get(job="announcements.deliver", key=str(stage.draft.pk))


def store_receipts(stage: Stage) -> None:
    """From the button to the last receipt, through the product's own code."""
    fan_out = press_the_button(stage)
    with transaction.atomic():
        deliver(fan_out)


def tell_everyone(stage: Stage) -> None:
    """From the button to the last receipt and every channel queued."""
    run_fan_out(press_the_button(stage).pk)


def store_raw(stage: Stage) -> float:
    """The same rows by one statement, in the same table; in seconds."""
    beside = new_draft(stage.writer)
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW_RECEIPTS, [beside.pk])
    return time.perf_counter() - began


def seconds_of(request: Callable[[], HttpResponse]) -> float:
    """Return the seconds one request takes, the mean of twenty. Raises AssertionError when one is refused."""
    began = time.perf_counter()
    for _ in range(REQUESTS):
        assert request().status_code < 400  # type: ignore[attr-defined, unused-ignore]
    return (time.perf_counter() - began) / REQUESTS


def open_floor(stage: Stage) -> float:
    return seconds_of(lambda: stage.client.get(FLOOR))  # type: ignore[arg-type, return-value]


def send_request(stage: Stage) -> float:
    """The publishing request itself; in seconds."""
    address = reverse("publish_announcement", args=[stage.draft.public_id])
    began = time.perf_counter()
    answer = stage.client.post(address)
    assert answer.status_code == 302
    return time.perf_counter() - began


def prepare_sent(scale: float) -> Stage:
    """Sent to everyone, seen by every second."""
    stage = prepare(scale)
    tell_everyone(stage)
    now = timezone.now()
    some = list(stage.draft.receipts.values_list("employee_id", flat=True)[::2])
    stage.draft.receipts.filter(employee__in=some).update(seen_at=now, delivered_at=now)
    stage.readers = itertools.cycle(stage.draft.receipts.unseen().values_list("employee_id", flat=True)[:2000])
    return stage


def open_page(stage: Stage) -> float:
    return seconds_of(lambda: stage.client.get(stage.draft.get_absolute_url()))  # type: ignore[arg-type, return-value]


def prepare_reader(scale: float) -> Stage:
    """A reader who keeps nothing."""
    stage = prepare_sent(scale)
    reader = Employee.objects.active().exclude(role_grants__isnull=False).order_by("pk").first()
    stage.client = browser_of(reader)
    return stage


def confirm(stage: Stage) -> float:
    """Twenty people confirm, each in the own session; in seconds for one."""
    address = reverse("acknowledge_announcement", args=[stage.draft.public_id])
    clients = [browser_of(Employee.objects.get(pk=next(stage.readers))) for _ in range(REQUESTS)]
    began = time.perf_counter()
    for client in clients:
        assert client.post(address, {"revision": 1, "language": "nb"}).status_code == 302
    return (time.perf_counter() - began) / REQUESTS


def read_units(stage: Stage) -> None:
    read_unit_figures(stage.draft)


def read_units_raw(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW_FIGURES, [stage.draft.pk])
        cursor.fetchall()


def prepare_many_live(scale: float) -> Stage:
    """Three announcements to the reader, and thousands that are live for others."""
    stage = prepare_reader(scale)
    stage.others = [one.pk for one in _others(stage.writer)]
    return stage


def _others(writer: Employee) -> list[Announcement]:
    threads = Thread.objects.bulk_create(Thread(owner_kind="announcement") for _ in range(OTHERS_LIVE))
    audiences = Audience.objects.bulk_create(Audience() for _ in range(OTHERS_LIVE))
    sent = Announcement.objects.bulk_create(
        Announcement(author=writer, thread=thread, audience=audience, state="withdrawn", published_at=timezone.now())
        for thread, audience in zip(threads, audiences, strict=True)
    )
    Receipt.objects.bulk_create(Receipt(announcement=one, employee=writer) for one in sent)
    return sent


def home_with_many_live(stage: Stage) -> float:
    return _home(stage, "published")


def home_with_few_live(stage: Stage) -> float:
    return _home(stage, "withdrawn")


def _home(stage: Stage, state: str) -> float:
    until = timezone.now() + datetime.timedelta(days=1)
    Announcement.objects.filter(pk__in=stage.others).update(state=state, on_top_until=until)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE announcements_announcement")
    return seconds_of(lambda: stage.client.get("/"))  # type: ignore[arg-type, return-value]


for name, made, ours, base, goal, again in (
    ("receipts_stored", prepare, store_receipts, store_raw, 1.5, True),
    ("channels_queued", prepare, tell_everyone, store_raw, 2.0, True),
    ("publishing_request", prepare, send_request, open_floor, 3.0, True),
    # At least two thirds of the floor's requests a second.
    ("page", prepare_reader, open_page, open_floor, 1.5, False),
    ("confirming", prepare_reader, confirm, open_floor, 3.0, False),
    ("figures_per_agency", prepare_sent, read_units, read_units_raw, 2.0, False),
    ("home_5000_live", prepare_many_live, home_with_many_live, home_with_few_live, 1.2, False),
):
    add_benchmark(
        Benchmark(f"announcements.{name}", made, ours, base, goal, **({"reset": reset} if again else {}))  # type: ignore[arg-type]
    )
