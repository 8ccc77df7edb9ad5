"""Redis is away for an hour: people sign in, read, write and are told; when it is back nothing is lost or doubled."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from directory.models import Employee
from intranet.bench.load import percentile
from intranet.drills.cases import Case, fill_town
from intranet.drills.mail import MailServer
from intranet.drills.neighbours import Neighbours
from intranet.drills.people import Listener, Program, Visitor, open_pages
from intranet.drills.promises import Say, length_of_outage, require, wait_until
from intranet.drills.victims import Victims
from notifications.models import Pulse

OPEN_PAGES = 20
HEARD_WITHIN = 60.0
# The scheduler asks the worker every half minute, and both have to find their way back first.
WORKS_WITHIN = 180.0
SLOWEST_PAGE = 5.0


def run_redis_outage(*, port: int, supervisor: int, folder: Path, employees: int, say: Say) -> None:
    """Take Redis away, live on, bring it back. Raises DrillFailed with what did not hold."""
    program, victims = Program(fill_town(employees), port), Victims(supervisor)
    neighbours = Neighbours(port)
    others = Employee.objects.active().exclude(pk=neighbours.author.pk).order_by("pk")[: OPEN_PAGES - 1]
    listeners = open_pages([neighbours.author, *others], port)
    with MailServer(settings.EMAIL_PORT, prefix="<announcement.") as mail:
        case = Case(program, victims, mail, folder, share=None)
        case.write()
        neighbours.start()
        victims.take_away_redis()
        away = time.monotonic()
        try:
            _live_without(case, neighbours, listeners, employees, port, say)
            time.sleep(max(0.0, away + length_of_outage(employees) - time.monotonic()))
        finally:
            victims.bring_back_redis()
        say(f"Redis was away for {time.monotonic() - away:.0f} s")
        _live_on(neighbours, listeners, say)
        neighbours.stop()
        _count(case, neighbours, say)


def _live_without(
    case: Case, neighbours: Neighbours, listeners: list[Listener], employees: int, port: int, say: Say
) -> None:
    _all_heard(listeners, "away")
    say(f"{len(listeners)} open pages were told that nothing will come, and ask by themselves")
    before = int(timezone.now().timestamp() * 1000)
    case.over_at = time.monotonic()
    case.publish()
    queued, mailed = case.await_end(length_of_outage(employees) + HEARD_WITHIN)
    say(f"a message to {case.expected} people went out meanwhile: told in {queued:.1f} s, mailed in {mailed:.1f} s")
    asking = Visitor(neighbours.other, port)
    asking.sign_in()
    told = asking.read(f"/notifications/catch-up/?after={before}")
    require('"announcement"' in told, f"a page that asks is not told of it: {told}")
    late = Listener(neighbours.other, port)
    late.start()
    require(late.await_event("hello") is not None, "no event stream opens while Redis is away")


def _live_on(neighbours: Neighbours, listeners: list[Listener], say: Say) -> None:
    back = time.monotonic()
    _all_heard(listeners, "back")
    say(f"open pages heard of it within {time.monotonic() - back:.1f} s")
    listeners[0].heard.pop("notifications", None)
    heard = listeners[0].await_event("notifications", HEARD_WITHIN)
    require(heard is not None, "what happens after that is not heard live")
    began = timezone.now()
    beats = Pulse.objects.filter(process=Pulse.Process.WORKER, beaten_at__gt=began)
    seconds = wait_until(beats.exists, WORKS_WITHIN, "scheduler and worker did not find back")
    say(f"scheduler and worker were at it again {time.monotonic() - back:.0f} s after ({seconds:.0f} s of waiting)")


def _all_heard(listeners: list[Listener], kind: str) -> None:
    until = time.monotonic() + HEARD_WITHIN
    deaf = [one for one in listeners if one.await_event(kind, max(0.1, until - time.monotonic())) is None]
    require(not deaf, f"{len(deaf)} of {len(listeners)} open pages did not hear «{kind}»")


def _count(case: Case, neighbours: Neighbours, say: Say) -> None:
    receipts, distinct, twice = case.count()
    got = set(case.mail.recipients)
    say(f"receipts {receipts}, distinct {distinct}, expected {case.expected}; {twice} find it twice")
    say(f"mails to {len(got)} of {len(case.addressed)}; {case.mail.repeated} came twice")
    require(receipts == distinct == case.expected and not twice, "receipts, distinct and expected differ")
    require(got == case.addressed and not case.mail.repeated, "mails are lost or doubled")
    slowest = max(neighbours.taken)
    say(
        f"{len(neighbours.taken)} rounds of signing in, reading and writing, {neighbours.posts} posts, "
        f"{neighbours.comments} comments; a page took {percentile(neighbours.taken, 0.95):.2f} s at p95, "
        f"{slowest:.2f} s at most; {len(neighbours.errors)} went wrong"
    )
    require(not neighbours.errors, "; ".join(neighbours.errors[:3]))
    require(neighbours.stored() == (neighbours.posts, neighbours.comments, neighbours.comments), "lost or doubled")
    require(percentile(neighbours.taken, 0.95) < SLOWEST_PAGE, "pages wait for Redis")
