"""The one door for calls to addresses that people have typed in: never to our own network, never for long.

An address is looked over when it is stored and again when it is used. Each time its name is looked up, every number it
stands for must lie on the open internet, and the call goes to the very number that was looked over: a name that
changes in between leads nowhere else. No redirects, no credentials in the address, a bounded time and size.

An operator whose service desk stands in the own network opens that network in the settings (OUTBOUND_NETWORKS).
"""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import RefusedError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
T = TypeVar("T")

SECONDS = 10.0
MAX_BYTES = 64 * 1024
MAX_ADDRESS = 500
LONGEST_WAIT = 24 * 60 * 60
MOST_TRIED = 2
# IPv4 within IPv6 by a translator: the last four bytes are where it really goes.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
# The open internet of IPv6 is here and nowhere else: not in what translators of one's own, sites or cards use.
_UNICAST = ipaddress.ip_network("2000::/3")
# What Python counts as open in some versions, and is not: kept for protocols, relays and examples.
_NEVER = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
# An IPv6 number ending in these four bytes and an IPv4 number is a tunnel within somebody's own network (ISATAP).
_TUNNELS = (0x00005EFE, 0x02005EFE)


class OutboundError(Exception):
    """A call that did not come through: no such name, no answer in time, a broken answer. Worth trying again."""


@dataclass(frozen=True)
class Answer:
    """What came back, at most `MAX_BYTES` of it."""

    status: int
    body: bytes
    # What the Retry-After header says, or "".
    retry_after: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the other side took it: 2xx."""
        return 200 <= self.status < 300

    @property
    def wait(self) -> datetime.timedelta | None:
        """How long the other side asks to be left alone; None where it does not say, or says it is over."""
        text = self.retry_after.strip()
        if text.isascii() and text.isdigit():
            return datetime.timedelta(seconds=min(int(text[:9]), LONGEST_WAIT))
        try:
            left = parsedate_to_datetime(text) - datetime.datetime.now(datetime.UTC)
        except (ValueError, TypeError, OverflowError):
            return None
        return left if datetime.timedelta() < left else None


@dataclass(frozen=True)
class _Target:
    """An address that was looked over, with the numbers it stands for."""

    scheme: str
    host: str
    port: int
    path: str
    numbers: tuple[Address, ...]


def check_address(url: str, *, field: str = "url") -> str:
    """Return `url` as it may be stored.

    Raises RefusedError at `field` for one that is no https address, that nobody answers to, or that leads inwards.
    """
    try:
        _look_over(url, time.monotonic() + SECONDS)
    except OutboundError as error:
        raise RefusedError(_("We found nobody at that address. Look it over."), field=field) from error
    except RefusedError as refusal:
        raise RefusedError(refusal.message, field=field, code=refusal.code) from refusal
    return url.strip()


def post(url: str, body: bytes, *, headers: Mapping[str, str], seconds: float = SECONDS) -> Answer:
    """Send `body` and return the answer, whatever its status; redirects are not followed.

    Raises RefusedError for an address that may not be called (any more), OutboundError for a call that failed. Takes
    at most about `seconds`, however slowly the other side speaks.
    """
    ends = time.monotonic() + seconds
    target = _look_over(url, ends)
    failure: Exception | None = None
    for number in target.numbers[:MOST_TRIED]:
        try:
            return _Call(target, number, ends).post(body, headers)
        except (OSError, http.client.HTTPException) as error:
            failure = error
    raise OutboundError(f"{type(failure).__name__}: {failure}") from failure


def is_inward(number: Address) -> bool:
    """Say if `number` lies in a network that is not the open internet, however it is wrapped."""
    inner = _unwrapped(number)
    if inner is not None:
        return is_inward(inner)
    if isinstance(number, ipaddress.IPv6Address) and (number not in _UNICAST or _is_tunnel(number)):
        return True
    return number.is_multicast or not number.is_global or any(number in network for network in _NEVER)


# --- Looking an address over ------------------------------------------------------------------------------------
def _look_over(url: str, ends: float) -> _Target:
    parts = _split(url.strip())
    host = _host_of(parts)
    port = _port_of(parts)
    numbers = _resolve(host, port, ends)
    if not all(_may_call(number, parts.scheme) for number in numbers):
        raise _refused(_("The address leads into a network that Tunet does not call."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(parts.scheme, host, port, path, numbers)


def _split(url: str) -> SplitResult:
    if len(url) > MAX_ADDRESS or not url.isascii() or any(ord(c) <= 32 or c in "\\\x7f" for c in url):
        raise _refused(_("Write an address that begins with https://, without spaces or special letters."))
    try:
        parts = urlsplit(url)
        has_login = parts.username is not None or parts.password is not None
    except ValueError as error:
        raise _refused(_("Write an address that begins with https://, without spaces or special letters.")) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.OUTBOUND_HTTP_ON_LOOPBACK):
        raise _refused(_("The address must begin with https://."))
    if has_login or parts.fragment:
        raise _refused(_("The address must not hold a name, a password or a «#»."))
    return parts


def _host_of(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    # A percent sign would name one of our own network cards.
    if not host or "%" in host:
        raise _refused(_("Write an address that begins with https://, without spaces or special letters."))
    return host


def _port_of(parts: SplitResult) -> int:
    try:
        port = {"https": 443, "http": 80}[parts.scheme] if parts.port is None else parts.port
    except ValueError as error:
        raise _refused(_("The number after the colon is no port.")) from error
    # Below 1024 stand mail, names and files: nothing that takes a webhook.
    if port < 1024 and port not in (80, 443):
        raise _refused(_("The number after the colon is no port that takes calls like these."))
    return port


def _resolve(host: str, port: int, ends: float) -> tuple[Address, ...]:
    """Return every number the name stands for; all the ways to write one number end here as that number."""

    def look_up() -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return [str(entry[4][0]) for entry in found]

    try:
        texts = _within(ends, look_up)
        numbers = tuple(dict.fromkeys(ipaddress.ip_address(text.partition("%")[0]) for text in texts))
    except (OSError, ValueError) as error:  # a name too long or empty between dots is a ValueError
        raise OutboundError(f"no such name: {host}") from error
    if not numbers:
        raise OutboundError(f"no such name: {host}")
    return numbers


def _may_call(number: Address, scheme: str) -> bool:
    inner = _unwrapped(number) or number
    if inner.is_loopback and settings.OUTBOUND_HTTP_ON_LOOPBACK:
        return True
    if scheme != "https":
        return False
    opened = any(inner in ipaddress.ip_network(network) for network in settings.OUTBOUND_NETWORKS)
    return opened or not is_inward(number)


def _unwrapped(number: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 number that an IPv6 one stands for; None where it stands for itself."""
    if isinstance(number, ipaddress.IPv4Address):
        return None
    if number.ipv4_mapped or number.sixtofour:
        return number.ipv4_mapped or number.sixtofour
    if number.teredo:
        return number.teredo[1]
    if number in _TRANSLATED or (number in _COMPATIBLE and int(number) > 1):
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return None


def _is_tunnel(number: ipaddress.IPv6Address) -> bool:
    return int(number) >> 32 & 0xFFFFFFFF in _TUNNELS


def _refused(words: str) -> RefusedError:
    return RefusedError(words, field="url", code="address_refused")


def _within(ends: float, work: Callable[[], T]) -> T:
    """Do `work`, or give up when the time is over. Names are looked up by the system, which cannot be hurried."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0.0, ends - time.monotonic()))
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError("it took too long to look up the name")
    return done[0]


# --- The call ---------------------------------------------------------------------------------------------------
class _Call(http.client.HTTPConnection):
    """One call to a number that was looked over, under the name it was found by."""

    def __init__(self, target: _Target, number: Address, ends: float) -> None:
        super().__init__(target.host, target.port, timeout=max(0.1, ends - time.monotonic()))
        self._target, self._number, self._ends = target, number, ends
        self.default_port = {"https": 443, "http": 80}[target.scheme]  # is not told in the Host header

    def connect(self) -> None:
        """Connect to the number; with https the certificate must be the name's."""
        plain = socket.create_connection((str(self._number), self._target.port), self.timeout)
        self.sock = plain
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send and read. A timer cuts the line when the time is over, also for who sends a byte now and then."""
        timer = threading.Timer(max(0.1, self._ends - time.monotonic()), self._cut)
        timer.daemon = True
        timer.start()
        try:
            self.request("POST", self._target.path, body, {**headers, "Accept-Encoding": "identity"})
            answer = self.getresponse()
            return Answer(answer.status, answer.read(MAX_BYTES), answer.getheader("Retry-After", ""))
        finally:
            timer.cancel()
            self.close()

    def _cut(self) -> None:
        line = self.sock
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
