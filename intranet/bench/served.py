"""What only a running Tunet can tell: pages a second from its real processes, and waiting while they send.

A Tunet of its own is started under `var/bench/town` with web, live, worker, scheduler, sweeper and servers. Its second
pair of eyes is switched off, so that one person can publish to everyone.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from announcements.actions import publish_announcement
from announcements.benchmarks.stage import Stage, new_draft, prepare
from announcements.models import Announcement
from directory.models import Employee
from intranet.bench.crowd import fill_up
from intranet.bench.load import Pages, at_port, at_socket, percentile
from intranet.bench.running import ROUNDS, Result
from intranet.drills.mail import MailServer
from intranet.drills.people import cookie_of
from intranet.drills.town import MANAGE, environment, free_port, running_town
from intranet.runner.state import State
from notifications.models import FanOut

Say = Callable[[str], Any]
EMPLOYEES, FEWEST = 50_000, 600
PAGE, FEED = "announcements.page", "announcements.feed_p95_during_fan_out"
REQUESTS, CLIENTS = 240, 4
READERS, PAUSE, WINDOW = 4, 0.2, 6.0
FINISHED_WITHIN = 120.0


def run(only: str, scale: float, say: Say) -> list[Result]:
    """Start a Tunet, measure in it what `only` asks for, end it. Raises RuntimeError when that fails."""
    if not any(name.startswith(only) for name in (PAGE, FEED)):
        return []
    state, port, mail_port = Path(settings.STATE_DIR) / "bench" / "town", free_port(), free_port()
    environ = environment(state, port, FEWEST) | {"DJANGO_SETTINGS_MODULE": "intranet.bench.settings"}
    environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mail_port), "LOG_LEVEL": "WARNING"}
    shutil.rmtree(state, ignore_errors=True)
    say("starting a Tunet of its own …")
    with MailServer(mail_port), running_town(environ, state / "up.log"):
        inside = [*MANAGE, "bench", "--inside", str(port), "--scale", str(scale), "--only", only]
        done = subprocess.run(inside, env=environ, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"measuring in a running Tunet failed; its log is {state / 'up.log'}")
    return [Result(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def measure(only: str, scale: float, port: int, say: Say) -> list[dict[str, Any]]:
    """Measure in the Tunet at `port`, from a process beside it; return the results as they are written."""
    fill_up(round(EMPLOYEES * scale), with_email=round(EMPLOYEES * scale))
    stage = prepare(scale)
    sent = send(stage)
    empty_queues()
    results = []
    if PAGE.startswith(only):
        say(f"{PAGE} …")
        results.append(pages_per_second(sent))
    if FEED.startswith(only):
        say(f"{FEED} …")
        results.append(waiting_for_feed(stage, port))
    return [result.as_json() for result in results]


def send(stage: Stage) -> Announcement:
    """Publish to everyone and wait until every channel is queued. Raises RuntimeError."""
    draft = publish_announcement(actor=stage.writer, announcement=new_draft(stage.writer))
    deadline = time.monotonic() + FINISHED_WITHIN
    work = FanOut.objects.filter(job="announcements.deliver", key=str(draft.pk))
    while work.exclude(state=FanOut.State.DONE).exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the fan-out did not finish")
        time.sleep(0.02)
    return draft


def readers(count: int) -> list[str]:
    """Return the cookies of so many signed-in people who keep nothing."""
    people = Employee.objects.active().filter(role_grants__isnull=True, first_name="Person")
    return [cookie_of(person) for person in people.order_by("-pk")[:count]]


def pages_per_second(sent: Announcement) -> Result:
    """The announcement's page beside the floor, each opened by so many people at the web part's own socket.

    Each opening of the announcement is that reader's first, which stores that it was delivered.
    """
    knock, cookies = at_socket(State(Path(settings.STATE_DIR)).web_socket), readers(REQUESTS * (ROUNDS + 1))
    page, floor = Pages(knock, sent.get_absolute_url(), cookies), Pages(knock, "/bench/floor/", cookies)
    rounds = [(page.per_second(REQUESTS, CLIENTS), floor.per_second(REQUESTS, CLIENTS)) for _ in range(ROUNDS + 1)]
    says = (
        f"{CLIENTS} clients without pause at gunicorn's socket, {REQUESTS} requests a round; "
        f"first opening by each of {len(cookies)} readers, beside the floor page of the same server."
    )
    return result(PAGE, rounds[1:], goal=2 / 3, unit="/s", at_least=True, says=says)


def waiting_for_feed(stage: Stage, port: int) -> Result:
    """The home page's 95th percentile while one fan-out follows the other, beside the same at rest."""
    feed = Pages(at_port(port), "/", readers(READERS * 10))
    rounds, sent, mails = [], 0, Employee.objects.active().filter(email__isnull=False).count()
    for _ in range(ROUNDS + 1):
        at_rest = _waiting(feed, lambda: time.sleep(WINDOW))
        before = Announcement.objects.filter(state="withdrawn").count()
        during = _waiting(feed, lambda: _send_again_and_again(stage))
        sent += Announcement.objects.filter(state="withdrawn").count() - before
        empty_queues()
        rounds.append((during, at_rest))
    says = (
        f"{READERS} readers with {PAUSE} s between pages at the front door, windows of {WINDOW:.0f} s; meanwhile "
        f"{sent} fan-outs in all to {Employee.objects.active().count()} people, {mails} of them with an e-mail "
        "address, whose messages were sent at the same time; beside the same readers at rest."
    )
    return result(FEED, rounds[1:], goal=2.0, unit="s", at_least=False, says=says)


def _waiting(feed: Pages, meanwhile: Callable[[], None]) -> float:
    feed.taken.clear()
    with feed.reading(READERS, PAUSE):
        meanwhile()
    return percentile(feed.taken, 0.95)


def _send_again_and_again(stage: Stage) -> None:
    """Send one announcement after the other; each is off the home page before the next, so that pages stay alike."""
    over = time.monotonic() + WINDOW
    while time.monotonic() < over:
        sent = send(stage)
        Announcement.objects.filter(pk=sent.pk).update(state="withdrawn")


def empty_queues() -> None:
    """Drop the e-mails not sent yet, so that what is measured next has the machine to itself."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_delivery")
    time.sleep(1)


def result(
    name: str, rounds: Iterable[tuple[float, float]], *, goal: float, unit: str, at_least: bool, says: str
) -> Result:
    """Return the row of the table: medians of ours and the base."""
    ours, base = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = ours / base
    ok = ratio >= goal if at_least else ratio <= goal
    return Result(name, ours, base, ratio, goal, ok, unit, says, at_least=at_least)
