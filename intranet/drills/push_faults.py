"""A push service that refuses, asks for patience, fails or is silent, and senders that die: each message comes once."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from core.keys import new_p256_key
from directory.models import Employee
from intranet.bench.streams import sign_in
from intranet.drills.cases import Case, fill_town
from intranet.drills.certificate import HERE, make_certificate
from intranet.drills.mail import MailServer
from intranet.drills.people import Program
from intranet.drills.promises import Say, require, wait_until
from intranet.drills.push_service import Browser, PushService, Reply, push_service
from intranet.drills.victims import Victims
from notifications.channels import vapid
from notifications.channels.push import MOST_SENDERS
from notifications.models import Delivery, PushSubscription

DEVICES_OF_50000 = 10_000
FEWEST_DEVICES = 150
STRUCK_AT = 0.3
# Two processes of the worker and the sweeper send, each with so many calls in hand at most.
IN_HAND = 3 * MOST_SENDERS
ASKED_PATIENCE = 75
# Leases of senders that died, and the second and third try of what a silent service did not take.
PATIENCE, SLOWEST = 420.0, 10.0
SILENT_SECONDS = 30.0


@dataclass(frozen=True, eq=False)
class Behaviour:
    """What the service does about some of the devices: so many in a hundred."""

    name: str
    share: int
    answers: tuple[Reply, ...] = ()
    is_gone: bool = False
    is_silent: bool = False


BEHAVIOURS = (
    Behaviour("takes it", 64),
    Behaviour("404", 6, ((404, {}),), is_gone=True),
    Behaviour("410", 6, ((410, {}),), is_gone=True),
    Behaviour("403, then takes it", 6, ((403, {}),)),
    Behaviour("429 for 75 s, then takes it", 6, ((429, {"Retry-After": str(ASKED_PATIENCE)}),)),
    Behaviour("500, then takes it", 6, ((500, {}),)),
    Behaviour("no answer, then takes it", 6, is_silent=True),
)


def environment_for_push(state: Path) -> dict[str, str]:
    """Return what lets a Tunet call a push service on this machine by https, and no other address inwards."""
    state.mkdir(parents=True, exist_ok=True)
    certificate = state / "service.pem"
    make_certificate(certificate)
    opened = {"OUTBOUND_NETWORKS": f"{HERE}/32", "SSL_CERT_FILE": str(certificate)}
    return opened | {"VAPID_PRIVATE_KEY": new_p256_key()}


def run_push_faults(*, port: int, supervisor: int, folder: Path, employees: int, say: Say) -> None:
    """Publish to everyone while the service does all that, and kill the senders. Raises DrillFailed."""
    program, victims = Program(fill_town(employees), port), Victims(supervisor)
    certificate = folder / "service.pem"
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer(settings.EMAIL_PORT))
        service, silent = (stack.enter_context(push_service(certificate)) for _ in range(2))
        silent.speaks.clear()
        devices = _subscribe(_people(employees), service, silent)
        case = Case(program, victims, mail, folder, share=STRUCK_AT)
        case.write()
        began = time.monotonic()
        case.publish()
        wanted = STRUCK_AT * sum(map(len, devices.values()))
        wait_until(lambda: len(service.calls) >= wanted, PATIENCE, "notifications did not begin to come")
        victims.kill("worker", "sweeper")
        say(f"all that send were killed with -9 after {len(service.calls)} calls, {time.monotonic() - began:.1f} s")
        time.sleep(max(0.0, began + SILENT_SECONDS - time.monotonic()))
        silent.speaks.set()
        seconds = wait_until(_all_done, PATIENCE + wanted / SLOWEST, "not every notification was settled")
        say(f"all settled {seconds:.0f} s after the silent service answered again")
        _count(devices, say)


def _people(employees: int) -> list[Employee]:
    count = max(FEWEST_DEVICES, DEVICES_OF_50000 * employees // 50_000)
    here = Employee.objects.active().only("password", "sessions_ended")
    return list(here.order_by("-pk")[:count])


def _subscribe(people: list[Employee], service: PushService, silent: PushService) -> dict[Behaviour, list[Browser]]:
    """Sign each of them in on one device, and have notifications shown there; return the devices by what they meet."""
    cookies, devices, rows = sign_in(people), {each: list[Browser]() for each in BEHAVIOURS}, []
    for number, (person, cookie) in enumerate(zip(people, cookies, strict=True)):
        meets = _met_by(number % 100)
        browser = (silent if meets.is_silent else service).browser(f"device-{number}")
        browser.answers += meets.answers
        devices[meets].append(browser)
        rows.append(_subscription(person, cookie.partition("=")[2], browser))
    PushSubscription.objects.bulk_create(rows, batch_size=1000)
    return devices


def _met_by(hundredth: int) -> Behaviour:
    for behaviour in BEHAVIOURS:
        hundredth -= behaviour.share
        if hundredth < 0:
            return behaviour
    raise ValueError("the shares are not a hundred")


def _subscription(person: Employee, session: str, browser: Browser) -> PushSubscription:
    keys = browser.subscription["keys"]
    return PushSubscription(
        employee=person,
        session_key=session,
        session_hash=person.get_session_auth_hash(),
        endpoint=browser.endpoint,
        made_for=vapid.public_key(),
        **keys,
    )


def _all_done() -> bool:
    return not Delivery.objects.filter(channel="push", state=Delivery.State.WAITING).exists()


def _count(devices: dict[Behaviour, list[Browser]], say: Say) -> None:
    say(f"{'the service':<30}{'devices':>9}{'calls':>8}{'shown':>8}{'repeated':>10}{'dropped':>9}")
    for behaviour, browsers in devices.items():
        shown = sum(bool(browser.shown) for browser in browsers)
        calls = sum(len(browser.called_at) for browser in browsers)
        kept = PushSubscription.objects.filter(endpoint__in=[browser.endpoint for browser in browsers]).count()
        dropped = len(browsers) - kept
        say(f"{behaviour.name:<30}{len(browsers):>9}{calls:>8}{shown:>8}{_repeated(browsers):>10}{dropped:>9}")
        lives = 0 if behaviour.is_gone else len(browsers)
        require((shown, kept) == (lives, lives), f"{behaviour.name}: {lives} should have been shown it, and be kept")
    everyone = [browser for browsers in devices.values() for browser in browsers]
    require(_repeated(everyone) <= IN_HAND, f"{_repeated(everyone)} were repeated, {IN_HAND} could")
    told = [{(one["mark"], one["tag"]) for one in browser.shown} for browser in everyone if browser.shown]
    require(max(map(len, told)) == 1, "a repeated message does not take its own place")
    require(_soonest(devices) >= ASKED_PATIENCE, "the service was asked again before it wished to be")
    failed = Delivery.objects.filter(channel="push", state=Delivery.State.FAILED).count()
    require(failed == 0, f"{failed} were given up")


def _repeated(browsers: Iterable[Browser]) -> int:
    return sum(max(0, len(browser.shown) - 1) for browser in browsers)


def _soonest(devices: dict[Behaviour, list[Browser]]) -> float:
    """Return after how many seconds the first was asked again of those whose service had asked for patience."""
    patient = [browser for meets, browsers in devices.items() if "429" in meets.name for browser in browsers]
    return min(browser.called_at[1] - browser.called_at[0] for browser in patient)
