"""E-mail in great numbers: does the memory of who sends stay as it is, and is the configured pace kept?"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.models import JSONField, Value
from django.utils import timezone

from announcements.actions.ledger import insert_receipts
from announcements.benchmarks.stage import new_draft
from announcements.benchmarks.stage import prepare as prepare_stage
from announcements.models import Announcement
from core.benchmarks import Benchmark, add_benchmark
from core.database import insert_select
from directory.models import Employee
from intranet.bench.crowd import fill_up
from intranet.bench.running import ROUNDS
from intranet.drills.town import free_port
from notifications.channels import email
from notifications.models import ChannelState, Delivery

QUEUED = 50_000
# In a process of its own: what it holds is not ours.
SINK = """
import logging, sys, time
from aiosmtpd.controller import Controller
logging.disable(logging.CRITICAL)
class Taking:
    async def handle_DATA(self, server, session, envelope):
        return "250 Taken"
Controller(Taking(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
sys.stdin.read()
"""
PER_MINUTE, SECONDS, SENDERS = 600, 10.0, 2


@dataclass
class Post:
    """A queue of messages, the server that takes them, and what was held while the first part of them went."""

    sink: subprocess.Popen[str]
    queued: int
    first_peak: float = 0.0


def prepare(scale: float) -> Post:
    """Queue a message to as many people as there are, all of whom have an address, and let a server listen."""
    port = free_port()
    sink = subprocess.Popen([sys.executable, "-c", SINK, str(port)], stdin=-1, stdout=-1, text=True)
    assert sink.stdout
    sink.stdout.readline()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    fill_up(round(QUEUED * scale), with_email=round(QUEUED * scale))
    draft = new_draft(prepare_stage(scale).writer)
    Announcement.objects.filter(pk=draft.pk).update(state="published", published_at=timezone.now())
    people = Employee.objects.active().filter(email__isnull=False)
    insert_receipts(draft, people)
    return Post(sink, _queue(draft))


def _queue(announcement: Announcement) -> int:
    now = timezone.now()
    values = {
        "channel": "email",
        "kind": "announcement",
        "event_key": f"announcement:{announcement.pk}",
        "target_id": announcement.pk,
        "state": "waiting",
        "attempts": 0,
        "last_error": "",
        "not_before": now,
        "created_at": now,
    }
    Delivery.objects.all().delete()
    people = Employee.objects.active().filter(email__isnull=False).order_by()
    rows = people.values_list("pk", Value({}, output_field=JSONField()), *(Value(value) for value in values.values()))
    return insert_select(Delivery._meta.db_table, ["recipient_id", "facts", *values], rows)


def peak_of_next_part(post: Post) -> float:
    """Send the next sixth of the queue as fast as it goes; return the most memory held meanwhile, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    wanted, sent = post.queued // (ROUNDS + 1), 0
    while sent < wanted and (taken := email.send_due(min(100, wanted - sent))):
        sent += taken
    if sent < wanted:
        raise RuntimeError(f"{sent} of {wanted} were sent: {ChannelState.objects.first()}")
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    post.first_peak = post.first_peak or peak
    return peak


def sent_in_a_minute(post: Post) -> float:
    """Let two senders go at once, faster than they may; return how many messages a minute went."""
    settings.MESSAGES_PER_MINUTE = {"email": PER_MINUTE}
    ChannelState.objects.update_or_create(pk="email", defaults={"paced_until": timezone.now()})
    before = Delivery.objects.filter(state="sent").count()
    began = time.monotonic()
    over = began + SECONDS

    def send() -> None:
        while time.monotonic() < over:
            email.send_due()
            time.sleep(0.1)
        connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    settings.MESSAGES_PER_MINUTE = {}
    # What was taken up before the end is sent after it.
    rate = (Delivery.objects.filter(state="sent").count() - before) * 60 / (time.monotonic() - began)
    if rate > PER_MINUTE * 1.05:
        raise RuntimeError(f"{rate:.0f} messages a minute went where {PER_MINUTE} may")
    return rate


add_benchmark(
    Benchmark(
        "mail.memory",
        prepare,
        peak_of_next_part,
        lambda post: post.first_peak,
        goal=1.05,
        unit="MB",
        says=(
            "The most memory the sending process holds over each sixth of 50,000 queued messages, beside the first "
            "sixth: each looked over, written in both forms, sent to a mail server on the loopback, and settled."
        ),
    )
)
add_benchmark(
    Benchmark(
        "mail.pace",
        prepare,
        sent_in_a_minute,
        lambda post: float(PER_MINUTE),
        goal=0.95,
        unit="/min",
        at_least=True,
        says=f"Messages a minute by {SENDERS} senders at once where {PER_MINUTE} are allowed, over {SECONDS:.0f} s.",
    )
)
