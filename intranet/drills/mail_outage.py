"""The mail server is away for an hour in the middle of a message to everyone: nothing is lost, hardly any doubled."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from intranet.drills.cases import Case, fill_town
from intranet.drills.mail import MailServer
from intranet.drills.people import Program
from intranet.drills.promises import Say, length_of_outage, require, wait_until
from intranet.drills.town import part_of
from intranet.drills.victims import PARTS, Victims
from notifications.models import ChannelState, Delivery

STRUCK_AT = 0.2
# One process of the worker and the sweeper send: each may have one message in hand.
SENDERS = 2
# What is sent in a second at the very least, on a busy machine.
SLOWEST = 10.0
BACK_WITHIN = 90.0


def run_mail_outage(*, port: int, supervisor: int, folder: Path, employees: int, say: Say) -> None:
    """Publish to everyone, take the mail server away and bring it back. Raises DrillFailed with what did not hold."""
    writer = fill_town(employees, with_email=employees)
    with MailServer(settings.EMAIL_PORT, prefix="<announcement.") as mail:
        case = Case(Program(writer, port), Victims(supervisor), mail, folder, share=STRUCK_AT)
        case.write()
        began = time.monotonic()
        case.publish()
        patience = len(case.addressed) / SLOWEST + BACK_WITHIN
        wait_until(lambda: mail.count >= STRUCK_AT * len(case.addressed), patience, "mails did not begin to come")
        say(f"{mail.count} of {len(case.addressed)} mails in {time.monotonic() - began:.0f} s{_memory(supervisor)}")
        _take_away(mail, case, port, employees, say)
        _bring_back(mail, case, patience, say)
        say(f"at the end{_memory(supervisor)}")
        _count(mail, case, say)


def _take_away(mail: MailServer, case: Case, port: int, employees: int, say: Say) -> None:
    mail.go_away()
    seconds = length_of_outage(employees)
    say(f"the mail server is away for {seconds:.0f} s, with {len(case.addressed) - mail.count} mails to come")
    time.sleep(seconds / 2)
    require(_page_answers(port), "pages do not answer while the mail server is away")
    state = ChannelState.objects.get(pk="email")
    require(state.failing_since is not None, "nobody noticed that the mail server is away")
    time.sleep(seconds / 2)
    tried = Delivery.objects.filter(channel="email").aggregate(most=Max("attempts"))["most"]
    counted = Delivery.objects.filter(channel="email", attempts__gt=0).count()
    require(counted <= SENDERS, f"{counted} messages were counted as tried while nobody was there")
    state.refresh_from_db()
    say(f"asked for it {state.failures} times; {counted} messages counted as tried, at most {tried} times")


def _bring_back(mail: MailServer, case: Case, patience: float, say: Say) -> None:
    before, back = mail.count, time.monotonic()
    mail.come_back()
    wait_until(lambda: mail.count > before, BACK_WITHIN, "nothing was sent when the mail server was back")
    say(f"the first mail came {time.monotonic() - back:.0f} s after it was back")
    wait_until(lambda: not case.messages_waiting(), patience, "not everything was sent")
    seconds = time.monotonic() - back
    say(f"the rest, {mail.count - before}, within {seconds:.0f} s: {(mail.count - before) / seconds:.0f} a second")


def _count(mail: MailServer, case: Case, say: Say) -> None:
    got = set(mail.recipients)
    say(f"{len(got)} of {len(case.addressed)} people got it; {mail.repeated} mails came twice")
    require(got == case.addressed, f"{len(case.addressed - got)} people got no mail")
    require(mail.repeated <= SENDERS, f"{mail.repeated} mails came twice, {SENDERS} could")
    failed = Delivery.objects.filter(channel="email", state="failed").count()
    require(failed == 0, f"{failed} were given up")


def _page_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/accounts/login/")
    answered = connection.getresponse().status == 200
    connection.close()
    return answered


def _memory(supervisor: int) -> str:
    """Say how much memory the parts that send hold."""
    held = {name: sum(_resident(pid) for pid in part_of(supervisor, PARTS[name])) for name in ("worker", "sweeper")}
    return "".join(f"; {name} holds {megabytes:.0f} MB" for name, megabytes in held.items())


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:")), 0.0)
