"""Announcements under every fault, at 5, 50 and 95 percent of the delivery, over the real processes."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from intranet.drills.cases import Case, fill_town
from intranet.drills.faults import FAULTS, Fault
from intranet.drills.mail import MailServer
from intranet.drills.people import Program
from intranet.drills.promises import DrillFailed, Say, require
from intranet.drills.victims import Victims

HEAD = (
    f"{'fault':<46}{'at':>5}{'told':>8}{'receipts':>10}{'distinct':>10}{'expected':>10}{'inbox twice':>13}"
    f"{'e-mails':>9}{'twice':>7}{'queued':>9}{'mailed':>9}"
)


def run_announcements(*, port: int, supervisor: int, folder: Path, employees: int, only: str, say: Say) -> None:
    """Run every fault whose name begins with `only`. Raises DrillFailed with all that did not hold."""
    writer = fill_town(employees)
    program, victims, failures = Program(writer, port), Victims(supervisor), []
    _explain(say)
    with MailServer(settings.EMAIL_PORT, prefix="<announcement.") as mail:
        for fault, share in _chosen(only):
            victims.await_calm(*fault.parts)
            failure = _run(fault, Case(program, victims, mail, folder, share), say)
            failures += [failure] if failure else []
    if failures:
        raise DrillFailed("\n".join(failures))


def _explain(say: Say) -> None:
    say(
        "Each line is one announcement to everyone, struck when «at» of the people had been reached; «told» are those "
        "whose chunk was stored by then.\n«twice» counts e-mails the server took once more than it should, at most one "
        "for each sender cut off with one in hand; «queued» and «mailed» are seconds from the end of the fault until "
        "every receipt and channel was stored and the last e-mail had gone. The second pair of eyes is switched off."
    )
    say(HEAD)


def _chosen(only: str) -> list[tuple[type[Fault], float | None]]:
    """Every fault at its first place, then at its second: so the same part is not struck too often."""
    faults = [fault for fault in FAULTS if fault.name.startswith(only)]
    longest = max((len(fault.places) for fault in faults), default=0)
    return [(fault, fault.places[n]) for n in range(longest) for fault in faults if n < len(fault.places)]


def _run(kind: type[Fault], case: Case, say: Say) -> str:
    """Run one case, print its line, and return what did not hold, or ''."""
    fault, at = kind(), "-" if case.share is None else f"{case.share:.0%}"
    try:
        case.write()
        fault.run(case)
        queued, mailed = fault.await_end(case)
        say(f"{fault.name:<46}{at:>5}{case.told:>8}{_counted(fault, case)}{queued:>7.1f} s{mailed:>7.1f} s")
    except DrillFailed as error:
        say(f"{fault.name:<46}{at:>5}  FAILED: {error}")
        return f"{fault.name} at {at}: {error}"
    finally:
        fault.end(case)
    return ""


def _counted(fault: Fault, case: Case) -> str:
    """Return the figures of the line. Raises DrillFailed when one is not as it must be."""
    time.sleep(0.3)  # for a message that was taken and not yet counted
    receipts, distinct, twice = case.count()
    mail, must = case.mail, fault.mailed(case)
    got = set(mail.recipients)
    case.announcement.refresh_from_db()
    require(
        receipts == distinct == case.expected, f"{receipts} receipts, {distinct} distinct, {case.expected} expected"
    )
    require(twice == 0, f"{twice} people find it twice in the inbox")
    require(got == must, f"{len(must - got)} did not get the e-mail, {len(got - must)} should not have got it")
    require(mail.repeated <= fault.in_hand, f"{mail.repeated} e-mails went twice")
    require(case.announcement.state == fault.state, f"the announcement is {case.announcement.state}")
    return f"{receipts:>10}{distinct:>10}{case.expected:>10}{twice:>13}{len(mail.taken):>9}{mail.repeated:>7}"
