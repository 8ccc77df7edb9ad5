"""What may happen while an announcement goes out. Each fault says what is done, and what may differ afterwards."""

from __future__ import annotations

import datetime
import threading
import time
from typing import ClassVar

from announcements.models import Announcement
from core.clock import local_today
from directory.models import Employee, Employment
from directory.people import refresh_people
from directory.querysets import EmployeeQuerySet
from intranet.drills.cases import Case
from intranet.drills.doubling import Doubling
from intranet.drills.promises import require
from intranet.drills.victims import patiently, redis
from notifications.models import FanOut

LEAVERS_OF_50000 = 1_000
FEWEST_LEAVERS = 20


class Fault:
    """Something done to a delivery that is held at its place. The names are those that the drill prints."""

    name: ClassVar[str]
    # The parts that are ended, so that the supervisor is given time between.
    parts: ClassVar[tuple[str, ...]] = ()
    # How many e-mails may go twice: one for each sender that is cut off with a message in hand.
    in_hand: ClassVar[int] = 0
    places: ClassVar[tuple[float | None, ...]] = (0.05, 0.5, 0.95)
    state: ClassVar[str] = Announcement.State.PUBLISHED

    def run(self, case: Case) -> None:
        """Publish, let the delivery come as far as it should, strike."""
        case.close_gate()
        try:
            case.publish()
            case.await_gate()
            self.strike(case)
        finally:
            case.gate.open()
            case.over_at = time.monotonic()

    def strike(self, case: Case) -> None:
        """Do it."""

    def await_end(self, case: Case) -> tuple[float, float]:
        """Return the seconds until everything was queued, and until the last e-mail had gone."""
        return case.await_end()

    def end(self, case: Case) -> None:
        """Put back what the next case needs, whatever came of this one."""

    def mailed(self, case: Case) -> set[str]:
        """Return the addresses that must have got the e-mail."""
        return case.addressed


class WorkerKilled(Fault):
    """The chunk in hand is lost with its transaction; the sweeper goes on when the lease has run out."""

    name = "worker killed with -9"
    parts = ("worker",)
    in_hand = 1

    def strike(self, case: Case) -> None:
        case.victims.kill("worker")


class SendersKilled(Fault):
    """All that send e-mail die while one message has been taken by the server and its sender is not yet told."""

    name = "worker and sweeper killed with -9, mailing"
    parts = ("worker", "sweeper")
    in_hand = 3

    def run(self, case: Case) -> None:
        case.mail.hold_at(max(1, round((case.share or 0) * len(case.addressed))))
        try:
            case.publish()
            require(case.mail.await_held(60), "the message to be held did not come")
            case.told = case.fan_out().done_count
            case.victims.kill("worker", "sweeper")
        finally:
            case.mail.release()
            case.over_at = time.monotonic()


class RedisRestarted(Fault):
    """It comes back empty: what was queued and what was being done is forgotten there."""

    name = "Redis restarted empty"
    parts = ("valkey",)

    def strike(self, case: Case) -> None:
        case.victims.kill("valkey")


class RedisFlushed(Fault):
    """The same without anybody noticing."""

    name = "Redis flushed"

    def strike(self, case: Case) -> None:
        redis().flushall()


class PostgresRestarted(Fault):
    """Every session ends, and the worker cannot even store that it failed."""

    name = "PostgreSQL restarted"
    parts = ("postgres",)
    in_hand = 2

    def strike(self, case: Case) -> None:
        case.victims.restart_postgres()


class WebKilled(Fault):
    """The web part dies when the announcement is stored and no worker has been told.

    Redis is made to stand still first, so that the request hangs exactly there: committed, waiting to hand its task
    over. When the row can be seen from outside, the web part is killed, and Redis too before it moves again: else it
    might find the task among what it was sent while it stood still. What is left is the row; only the sweeper can
    find it. It comes before the first receipt, so there are no places to choose from.
    """

    name = "web killed between commit and enqueue"
    parts = ("web", "valkey")
    places = (None,)

    def run(self, case: Case) -> None:
        case.victims.stop_still("valkey")
        request = threading.Thread(target=self._publish, args=[case], daemon=True)
        request.start()
        try:
            self._await_commit(case)
            waiting = request.is_alive()
        finally:
            case.victims.kill("web", "valkey")
            case.over_at = time.monotonic()
        request.join(60)
        require(waiting, "the request had been answered before the web part was killed")

    def _publish(self, case: Case) -> None:
        try:
            case.call("publish")
        except (OSError, ValueError):
            return  # as it should be: nobody is there to answer

    def _await_commit(self, case: Case) -> None:
        mine = FanOut.objects.filter(job="announcements.deliver", key=str(case.announcement.pk))
        deadline = time.monotonic() + 30
        while not patiently(mine.exists):
            require(time.monotonic() < deadline, "the announcement was never stored")
            time.sleep(0.001)


class EverythingTwice(Fault):
    """Every task is delivered twice, and there are two schedulers and two sweepers, from the first moment on."""

    name = "every task twice, two schedulers and sweepers"

    def run(self, case: Case) -> None:
        case.victims.start_second_ones(case.folder)
        with Doubling(redis()) as doubling:
            super().run(case)
            self.seconds = case.await_end()
        require(bool(doubling.doubled), "no task was delivered twice")

    def await_end(self, case: Case) -> tuple[float, float]:
        return self.seconds

    def end(self, case: Case) -> None:
        case.victims.end_second_ones()


class PeopleLeave(Fault):
    """Told and untold people leave: the account of the freeze stays whole, and they get nothing more."""

    name = "people deactivated half-way"

    def strike(self, case: Case) -> None:
        crowd = Employee.objects.active().filter(username__startswith="crowd-").order_by("pk")
        count = max(FEWEST_LEAVERS, LEAVERS_OF_50000 * case.expected // 50_000)
        # From all over, one in ten of them with an e-mail that may be on its way.
        ids = spread(crowd.filter(email__isnull=False), count // 10)
        ids += spread(crowd.filter(email__isnull=True), count - len(ids))
        self.leavers = Employee.objects.filter(pk__in=ids)
        self._end_jobs(local_today() - datetime.timedelta(days=1))
        self.told_before = self._mailed(case)

    def mailed(self, case: Case) -> set[str]:
        stayed = case.addressed - set(self.leavers.values_list("email", flat=True))
        late = self._mailed(case) - self.told_before
        require(len(late) <= 3, f"{len(late)} people got the e-mail after they had left")
        figures = case.announcement.receipts.totals()
        require(figures["left"] == self.leavers.count(), f"{figures['left']} of {self.leavers.count()} count as left")
        return stayed | self._mailed(case)

    def _mailed(self, case: Case) -> set[str]:
        return set(case.mail.recipients) & set(self.leavers.values_list("email", flat=True))

    def end(self, case: Case) -> None:
        self._end_jobs(None)

    def _end_jobs(self, day: datetime.date | None) -> None:
        """End their jobs as HR does, or let them hold again: who works here follows from that."""
        ids = list(self.leavers.values_list("pk", flat=True))
        Employment.objects.filter(employee__in=ids).update(end_date=day)
        refresh_people(ids)


class Withdrawn(Fault):
    """It is taken back: nobody is told of it any more, and who it had gone to can still be answered for."""

    name = "withdrawn half-way"
    state = Announcement.State.WITHDRAWN

    def strike(self, case: Case) -> None:
        """Ask for it while a chunk is being told, and let the request wait for that chunk's end."""
        self.answers: list[int] = []
        self.request = threading.Thread(target=lambda: self.answers.append(case.call("withdraw")[0]))
        self.request.start()
        time.sleep(1)

    def run(self, case: Case) -> None:
        super().run(case)
        self.request.join(60)
        require(self.answers == [200], f"withdrawing was answered {self.answers}")
        self.told_before = set(case.mail.recipients)

    def mailed(self, case: Case) -> set[str]:
        late = set(case.mail.recipients) - self.told_before
        require(len(late) <= 3, f"{len(late)} people got the e-mail after it had been withdrawn")
        return set(case.mail.recipients)


def spread(people: EmployeeQuerySet, count: int) -> list[int]:
    """Return the ids of `count` of the people, evenly spread."""
    ids = list(people.values_list("pk", flat=True))
    return ids[:: max(1, len(ids) // count)][:count]


FAULTS: tuple[type[Fault], ...] = (
    WorkerKilled,
    SendersKilled,
    RedisRestarted,
    RedisFlushed,
    PostgresRestarted,
    WebKilled,
    EverythingTwice,
    PeopleLeave,
    Withdrawn,
)
