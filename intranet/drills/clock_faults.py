"""The clock two hours ahead and set right, and the nights clocks are changed: nothing waits, goes early or twice."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.clock import local_today
from directory.models import Employee
from directory.tasks import apply_day_change
from intranet.drills.cases import Case, fill_town
from intranet.drills.mail import MailServer
from intranet.drills.neighbours import find_neighbours
from intranet.drills.people import Program, Visitor
from intranet.drills.promises import Say, require, wait_until
from intranet.drills.victims import Victims
from notifications.models import Delivery, FanOut, NotificationSettings, Pulse

FOLDER = Path(__file__).parent / "clock"
AHEAD = datetime.timedelta(hours=2)
# One process of the worker and the sweeper send: each may die with one message in hand.
SENDERS = 2
# Until every process has looked at the clock, and has ended what it began under the one before.
SEEN_WITHIN = 1.0
# The sweeper looks once a minute whose digest is due; the scheduler asks the worker twice a minute.
DIGEST_WITHIN, WORKS_WITHIN = 75.0, 180.0
QUIET, A_ROUND = "20-06", 6.0
DAY = datetime.timedelta(days=1)


def environment_for_clock(state: Path) -> dict[str, str]:
    """Return what makes a Tunet go by the clock of this drill, with quiet nights."""
    return {"PYTHONPATH": str(FOLDER), "DRILL_CLOCK": str(state / "clock"), "QUIET_HOURS": QUIET}


def run_clock_faults(*, port: int, supervisor: int, folder: Path, employees: int, say: Say) -> None:
    """Set the clock of the town, this process among it, ahead and back. Raises DrillFailed with what did not hold."""
    writer, victims = fill_town(employees), Victims(supervisor)
    nights = list(_nights_of_change(local_today() + DAY))
    with MailServer(settings.EMAIL_PORT, prefix="<announcement.") as mail:
        noon = _at(_next_weekday(local_today()), 12)
        for killed in (False, True):
            victims.await_calm("worker", "sweeper")
            show(noon + AHEAD)
            apply_day_change()
            case = Case(Program(writer, port), victims, mail, folder, share=0.5)
            _ahead_and_back(case, noon, killed=killed, say=say)
            _read(Visitor(writer, port), noon, say)
            _await_beats(case, noon, say)
            noon += datetime.timedelta(minutes=30)
        for night in nights:
            show(_at(night, 0) + datetime.timedelta(minutes=30))
            apply_day_change()
            _night(Case(Program(writer, port), victims, mail, folder, share=None), night, port, say)


def show(moment: datetime.datetime) -> None:
    """Let the clock of the town show `moment`, and wait until everybody has seen it."""
    file = Path(os.environ["DRILL_CLOCK"])
    fresh, ahead = file.with_suffix(".new"), float(file.read_text()) if file.exists() else 0.0
    # This process goes by it too.
    fresh.write_text(str(ahead + moment.timestamp() - time.time()))
    fresh.rename(file)
    time.sleep(SEEN_WITHIN)


def _ahead_and_back(case: Case, noon: datetime.datetime, *, killed: bool, say: Say) -> None:
    """Publish under a clock two hours ahead, and set it right when half have been told."""
    case.write()
    case.close_gate()
    try:
        case.publish()
        case.await_gate()
        if killed:
            case.victims.kill("worker", "sweeper")
        show(noon)
    finally:
        case.gate.open()
        case.over_at = time.monotonic()
    queued, mailed = case.await_end()
    how = "worker and sweeper killed with -9 before" if killed else "under all that run"
    say(f"two hours ahead, and set right {how}: told {queued:.1f} s and mailed {mailed:.1f} s after that")
    _count(case, SENDERS if killed else 0, say)


def _read(reader: Visitor, noon: datetime.datetime, say: Say) -> None:
    """See that a page that was open meanwhile is fetched anew."""
    number = int((noon + AHEAD).timestamp() * 1000)
    reader.sign_in()
    told = reader.read(f"/notifications/catch-up/?after={number}")
    require('"reload"' in told, f"a page that heard an event two hours from now is told {told}")


def _await_beats(case: Case, noon: datetime.datetime, say: Say) -> None:
    """See that the scheduler asks the worker on, beyond what was under way when the clock was set right."""
    later, worker = noon + datetime.timedelta(minutes=1), Pulse.objects.filter(process=Pulse.Process.WORKER)

    def beats() -> bool:
        return worker.filter(beaten_at__range=(later, timezone.now())).exists()

    wait_until(beats, WORKS_WITHIN, "scheduler and worker wait for the hour that was wrong", since=case.over_at)
    say(f"scheduler and worker were at it {time.monotonic() - case.over_at:.0f} s after it was set right")


def _night(case: Case, night: datetime.date, port: int, say: Say) -> None:
    """Write by night: the message waits for six o'clock, the digest of two o'clock comes once, whatever is shown."""
    author, other, place = find_neighbours()
    NotificationSettings.objects.update_or_create(employee=author, defaults={"digest": "daily", "digest_hour": 2})
    _comment(author, other, place, port)
    case.write()
    case.publish()
    wait_until(lambda: case.fan_out().state == FanOut.State.DONE, WORKS_WITHIN, "the message was not told")
    before = _digests(author)
    is_spring = _at(night, 4) - _at(night, 1) < datetime.timedelta(hours=3)
    # Two o'clock is left out in spring, and comes twice in autumn: by hours since midnight.
    first, again = (2.1, 2.6) if is_spring else (2.5, 3.5)
    _show_hours(night, 1.9)
    time.sleep(A_ROUND)
    require(_digests(author) == before, "a digest came before its hour")
    _show_hours(night, first)
    seconds = wait_until(lambda: _digests(author) == before + 1, DIGEST_WITHIN, "the digest did not come")
    say(f"{night}, {timezone.localtime():%H:%M %Z}: the digest of two o'clock came after {seconds:.0f} s")
    _show_hours(night, again)
    time.sleep(DIGEST_WITHIN)
    require(_digests(author) == before + 1, "the digest came again")
    say(f"{night}, {timezone.localtime():%H:%M %Z}: no other came within {DIGEST_WITHIN:.0f} s")
    show(_at(night, 5) + datetime.timedelta(minutes=58))
    time.sleep(A_ROUND)
    require(not case.mail.taken, f"{case.mail.count} mails came before six o'clock")
    show(_at(night, 6) + datetime.timedelta(minutes=1))
    seconds = wait_until(lambda: not case.messages_waiting(), WORKS_WITHIN, "what waited for the morning did not go")
    say(f"{night}: nobody was mailed before six by the clock on the wall, everybody within {seconds:.0f} s of it")
    _count(case, 0, say)


def _show_hours(night: datetime.date, hours: float) -> None:
    show(_at(night, 0) + datetime.timedelta(hours=hours))


def _comment(author: Employee, other: Employee, place: str, port: int) -> None:
    status, post, _ = Program(author, port).call("POST", "posts/", {"group": place, "text": "Er noen våkne?"})
    require(status == 201, f"a post was answered {status}: {post}")
    status, answer, _ = Program(other, port).call("POST", f"posts/{post['id']}/comments/", {"text": "Ja, vi er her."})
    require(status == 201, f"a comment was answered {status}: {answer}")


def _digests(author: Employee) -> int:
    return Delivery.objects.filter(recipient=author, kind="digest", state=Delivery.State.SENT).count()


def _count(case: Case, in_hand: int, say: Say) -> None:
    time.sleep(0.5)  # for a message that was taken and not yet counted
    receipts, distinct, twice = case.count()
    got, repeated = set(case.mail.recipients), case.mail.repeated
    say(f"  receipts {receipts} of {case.expected}; mails to {len(got)} of {len(case.addressed)}, {repeated} twice")
    require(receipts == distinct == case.expected and not twice, "receipts, distinct and expected differ")
    require(got == case.addressed, f"{len(case.addressed - got)} got no mail, {len(got - case.addressed)} too many did")
    require(repeated <= in_hand, f"{repeated} mails went twice")


def _nights_of_change(day: datetime.date) -> Iterator[datetime.date]:
    """Yield the next two days that do not last as long as others."""
    found = 0
    while found < 2:
        if _at(day + DAY, 0) - _at(day, 0) != DAY:
            found += 1
            yield day
        day += DAY


def _next_weekday(day: datetime.date) -> datetime.date:
    day += DAY
    return day if day.weekday() < 5 else _next_weekday(day)


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    """Return the moment, in UTC, when the clock on the wall shows that hour of the day."""
    wall = datetime.datetime.combine(day, datetime.time(hour), timezone.get_default_timezone())
    return wall.astimezone(datetime.UTC)
