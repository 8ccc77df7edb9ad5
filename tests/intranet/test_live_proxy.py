"""The door of `make run`: a real ASGI server in front of a real WSGI server."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from intranet.live import patience
from tests.intranet.processes import Program, wait_until


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    upstream = tmp_path_factory.mktemp("web") / "web.sock"
    environment = {"TUNET_WEB_SOCKET": str(upstream), "DEBUG": "1"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    web = [sys.executable, "-m", "gunicorn", "tests.intranet.echo:web", "--no-control-socket", "--threads", "4"]
    live = [sys.executable, "-m", "uvicorn", "tests.intranet.echo:front", "--port", str(port), "--no-proxy-headers"]
    with Program([*web, "--bind", f"unix:{upstream}"], **environment) as one, Program(live, **environment) as two:
        one.wait_for("Booting worker", timeout=90)
        two.wait_for("Uvicorn running", timeout=90)
        yield port


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()


def test_the_request_arrives_as_it_was_sent(door: int) -> None:
    _, body = ask(door, "GET", "/gr%C3%B8nn/a%2Fb?q=1&q=%20", Cookie="a=1", Accept="text/html")
    said = json.loads(body)
    assert (said["method"], said["uri"]) == ("GET", "/gr%C3%B8nn/a%2Fb?q=1&q=%20")
    assert said["headers"]["HTTP_COOKIE"] == "a=1"
    assert said["headers"]["HTTP_HOST"] == f"127.0.0.1:{door}"


def test_who_the_client_is_we_say_ourselves(door: int) -> None:
    lies = {"X_Forwarded_For": "6.6.6.6", "X_Forwarded_Proto": "https", "Forwarded": "for=6.6.6.6", "X_Real_IP": "6"}
    _, body = ask(door, "GET", "/", **lies)
    said = json.loads(body)
    assert said["headers"]["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
    assert said["headers"]["HTTP_X_FORWARDED_PROTO"] == said["scheme"] == "http"
    assert said["headers"]["HTTP_X_FORWARDED_HOST"] == f"127.0.0.1:{door}"
    assert not {"HTTP_FORWARDED", "HTTP_X_REAL_IP"} & set(said["headers"])


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_arrive_whole(door: int, chunked: bool) -> None:
    body = os.urandom(900_000)
    sent = (body[start : start + 70_000] for start in range(0, len(body), 70_000)) if chunked else body
    _, answer = ask(door, "POST", "/", sent)
    said = json.loads(answer)
    assert (said["size"], said["sha"]) == (len(body), hashlib.sha256(body).hexdigest())


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("language", "words"), [("nb", "for mye på en gang"), ("en", "too much at once")])
def test_a_body_that_is_too_large_is_refused_in_words(door: int, chunked: bool, language: str, words: str) -> None:
    body = (b"x" * 50_000 for _ in range(30)) if chunked else b"x" * 1_500_000
    try:
        answer, text = ask(door, "POST", "/", body, Accept_Language=language)
    except (BrokenPipeError, ConnectionResetError):
        # The client noticed the closed door before it read the words; the door must still serve the next one.
        assert ask(door, "GET", "/")[0].status == 200
        return
    assert answer.status == 413
    assert words in text.decode()


def test_who_sends_slowly_keeps_nobody_waiting(door: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", door), timeout=20) for _ in range(40)]
    for connection in slow:
        connection.sendall(head + b"12345")
    began = time.monotonic()
    assert ask(door, "GET", "/")[0].status == 200
    assert time.monotonic() - began < 5
    slow[0].sendall(b"67890")
    assert slow[0].recv(12) == b"HTTP/1.1 200"
    for connection in slow:
        connection.close()


def test_answers_flow_as_they_come(door: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", door, timeout=20)) as connection:
        connection.request("GET", "/slow")
        answer = connection.getresponse()
        began = time.monotonic()
        assert answer.readline() == b"0\n"
        assert time.monotonic() - began < 1.5
        assert answer.read() == b"1\n2\n"
        assert time.monotonic() - began > 1.5


def test_an_answer_without_reading_the_body_comes_through(door: int) -> None:
    answer, text = ask(door, "POST", "/refuses", b"x" * 900_000)
    assert (answer.status, text) == (403, b"no")


def test_repeated_headers_and_empty_answers_are_kept(door: int) -> None:
    assert ask(door, "GET", "/many")[0].headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert ask(door, "GET", "/nothing")[0].status == 304
    answer, text = ask(door, "HEAD", "/")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) > 100
    assert text == b""


def test_half_an_answer_is_not_passed_off_as_whole(door: int) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(door, "GET", "/broken")


def test_when_the_web_part_dies_a_page_says_so_and_it_comes_back(door: int) -> None:
    answer, text = ask(door, "GET", "/dead", Accept_Language="nb")
    assert answer.status == 502
    assert answer.headers["retry-after"] == "5"
    assert 'lang="nb"' in text.decode()
    wait_until(lambda: ask(door, "GET", "/")[0].status == 200)


def test_a_program_gets_problem_details(tmp_path: Path, door: int) -> None:
    answer, text = ask(door, "POST", "/api/v1/posts/", b"x" * 1_500_000, Accept_Language="en")
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(text)["status"] == 413


def test_a_head_that_never_comes_whole_takes_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.1)

    async def late(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.3)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def story() -> list[bytes]:
        config = uvicorn.Config(late, http=patience.PatientProtocol, lifespan="off")
        config.load()
        made = lambda: patience.PatientProtocol(config, ServerState(), {})  # noqa: E731
        server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
        answers = []
        for sent in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-A:", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(sent)
            with suppress(ConnectionResetError):
                answers.append((await asyncio.wait_for(reader.read(12), 5))[:12])
            writer.close()
        server.close()
        return answers

    assert asyncio.run(story())[-1] == b"HTTP/1.1 204"
