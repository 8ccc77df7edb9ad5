"""Calls to addresses people have typed in: where they may not go, and how long they may take."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from core.errors import RefusedError
from core.outbound import MAX_BYTES, OutboundError, check_address, post

INWARD = [
    *("127.0.0.1", "127.1", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "255.255.255.255"),
    *("224.0.0.1", "3232235777", "0xa.1", "localhost", "localhost."),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[0:0:0:0:0:ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]"),
    *("[64:ff9b:1::7f00:1]", "[64:ff9b:1:7f00:0:100::]", "[::ffff:0:127.0.0.1]", "[::ffff:0:8.8.8.8]", "[fec0::1]"),
    *("[0:0:0:0:0:5efe:7f00:1]", "[2606:2800::200:5efe:a00:1]", "[fe80::5efe:8.8.8.8]", "[5f00::1]", "[3fff::1]"),
    *("192.0.0.8", "192.0.0.9", "192.0.0.170", "192.88.99.1", "[100::1]", "[4000::1]"),
    *("[2001:0:7f00:1::]", "[2001:db8::1]", "[2002:a00:1::1]"),
]
UNREADABLE = [
    *("http://93.184.215.14/", "ftp://93.184.215.14/", "//93.184.215.14/"),
    *("93.184.215.14", "", "https://", "https:///x"),
    *("https://kari:hemmelig@93.184.215.14/", "https://93.184.215.14@127.0.0.1/", "https://93.184.215.14/#127.0.0.1"),
    *("https://93.184.215.14:25/", "https://93.184.215.14:99999/", "https://93.184.215.14:x/"),
    *("https://93.184.215.14:0/", "https://93.184.215.14:00/"),
    *("https://[::1/", "https://[fe80::1%25eth0]/"),
    *("https://93.184.215.14/ x", "https://93.184.215.14\\@127.0.0.1/", "https://①②⑦.0.0.1/", "https://127。0。0。1/"),
    *("https://93.184.215.14/\r\nHost: x", "https://93.184.215.14/\x00", "https://%31%32%37.0.0.1/"),
    f"https://93.184.215.14/{'x' * 500}",
    *("javascript:alert(1)", "file:///etc/passwd", "https://a..b/", f"https://{'x' * 64}.example/"),
]  # fmt: skip


@pytest.mark.parametrize("host", INWARD)
def test_no_way_to_write_it_leads_inwards(host: str) -> None:
    with pytest.raises(RefusedError):
        check_address(f"https://{host}/hook")
    with pytest.raises(RefusedError):
        post(f"https://{host}/hook", b"{}", headers={})


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_is_no_https_address_is_refused_with_words(url: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_address(url, field="address")
    assert refused.value.field == "address"
    assert len(str(refused.value.message)) > 10


def test_open_numbers_and_opened_networks_may_be_called(settings: Any) -> None:
    assert check_address(" https://93.184.215.14:8443/hook?a=1 ") == "https://93.184.215.14:8443/hook?a=1"
    assert check_address("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/")
    settings.OUTBOUND_NETWORKS = ["10.20.0.0/16"]
    assert check_address("https://10.20.1.1/")
    for still in ("https://10.21.1.1/", "https://127.0.0.1/"):
        with pytest.raises(RefusedError):
            check_address(still)


def answers_with(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """Let names stand for these numbers, one list a time; return the names asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **facts: Any) -> list[Any]:
        asked.append(host)
        numbers = turns[min(len(asked), len(turns)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_with_one_inward_number_among_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers_with(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(RefusedError):
        check_address("https://desk.example/")


def test_the_number_that_was_looked_over_is_the_one_called(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers_with(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    called: list[Any] = []

    def create_connection(address: Any, timeout: float) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(OutboundError):
        post("https://desk.example/", b"{}", headers={})
    assert (asked, called) == (["desk.example"], [("93.184.215.14", 443)])
    with pytest.raises(RefusedError):
        post("https://desk.example/", b"{}", headers={})


class Desk(BaseHTTPRequestHandler):
    """A service desk of every habit."""

    seen: list[tuple[str, bytes, dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, body, dict(self.headers)))
        if self.path == "/slow":
            return self._drip()
        self.send_response({"/moved": 302, "/broken": 500}.get(self.path, 200))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        try:
            self.wfile.write(b"x" * (10 * MAX_BYTES if self.path == "/large" else 2))
        except OSError:
            pass
        return None

    def _drip(self) -> None:
        try:
            for _ in range(100):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def desk(settings: Any) -> Iterator[str]:
    """The address of a service desk on loopback."""
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    server = HTTPServer(("127.0.0.1", 0), Desk)
    Desk.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_call_is_bounded_in_time_and_size_and_follows_nothing(desk: str) -> None:
    answer = post(f"{desk}/hook?a=1", b'{"a": 1}', headers={"Content-Type": "application/json"})
    assert (answer.is_ok, answer.body) == (True, b"xx")
    path, body, headers = Desk.seen[0]
    assert (path, body, headers["Content-Type"]) == ("/hook?a=1", b'{"a": 1}', "application/json")
    assert post(f"{desk}/moved", b"", headers={}).status == 302
    assert not post(f"{desk}/broken", b"", headers={}).is_ok
    assert len(post(f"{desk}/large", b"", headers={}).body) == MAX_BYTES
    assert [path for path, _, _ in Desk.seen].count("/elsewhere") == 0
    began = time.monotonic()
    with pytest.raises(OutboundError):
        post(f"{desk}/slow", b"", headers={}, seconds=0.4)
    assert time.monotonic() - began < 2


def test_loopback_without_the_tests_setting_is_shut(desk: str, settings: Any) -> None:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = False
    with pytest.raises(RefusedError):
        post(f"{desk}/hook", b"", headers={})
    assert Desk.seen == []


def test_a_certificate_for_another_name_is_not_trusted(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers TLS there at all: what is certain is that nothing was told before."""
    with pytest.raises(OutboundError):
        post(desk.replace("http:", "https:"), b"hemmelig", headers={}, seconds=2)
    assert Desk.seen == []
