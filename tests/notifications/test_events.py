"""The event stream, over the real Redis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from redis import Redis

from directory.models import Employee
from intranet.live import events
from intranet.live.hub import Hub, Stream
from notifications import live
from notifications.inbox import count_unread

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """A browser's side of one stream."""

    def __init__(self, cookie: str) -> None:
        self.scope = {"type": "http", "method": "GET", "path": "/events/", "headers": [(b"cookie", cookie.encode())]}
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.written = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(dict(message))
        self.written.set()

    def events(self) -> list[dict[str, Any]]:
        body = b"".join(message.get("body", b"") for message in self.sent).decode()
        return [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: ")]

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(5):
            while not (found := [event for event in self.events() if event["type"] == kind]):
                self.written.clear()
                await self.written.wait()
        return found[0]


def cookie_of(client: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.fixture
def fresh_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    threads = ThreadPoolExecutor(1)
    monkeypatch.setattr(events, "_threads", threads)
    monkeypatch.setattr(events, "hub", Hub(settings.REDIS_URL))
    monkeypatch.setattr(events, "_turn", asyncio.Semaphore(4))
    monkeypatch.setattr(events, "_background", set())
    yield
    threads.submit(connections.close_all).result()
    threads.shutdown()


async def opened(cookie: str) -> tuple[Reader, asyncio.Task[None]]:
    reader = Reader(cookie)
    task = asyncio.create_task(events.application(reader.scope, reader.receive, reader.send))
    await reader.until("hello")
    redis = Redis.from_url(settings.REDIS_URL)
    async with asyncio.timeout(5):
        while not redis.pubsub_numpat():
            await asyncio.sleep(0.01)
    return reader, task


async def closed(reader: Reader, task: asyncio.Task[None]) -> None:
    reader.gone.set()
    await asyncio.wait_for(task, 5)
    for work in [*events._background, events.hub._task]:
        if work:
            work.cancel()


def test_hears_what_is_for_me_and_nothing_else(
    amina: Employee, kari: Employee, make_group: Any, client_of: Any, fresh_hub: None
) -> None:
    mine = make_group("Alna vest", "closed", members=[amina])
    other = make_group("Ledere", "secret", members=[kari])
    cookie = cookie_of(client_of(amina))

    async def run() -> list[dict[str, Any]]:
        reader, task = await opened(cookie)
        live._send([f"u:{kari.pk}", f"g:{other.pk}"], json.dumps({"event": "posts", "data": {"group": "not mine"}}))
        live._send([f"g:{mine.pk}"], json.dumps({"event": "posts", "data": {"group": "mine"}}))
        await reader.until("posts")
        await closed(reader, task)
        return reader.events()

    heard = asyncio.run(run())
    assert heard[0] == {"type": "hello"}
    assert {"type": "posts", "group": "mine"} in heard
    assert not [event for event in heard if event.get("group") == "not mine"]


def test_no_session_no_stream(amina: Employee, client_of: Any, fresh_hub: None) -> None:
    for cookie in ("", "sessionid=unknown", "sessionid=\x7f;;="):
        reader = Reader(cookie)
        asyncio.run(events.application(reader.scope, reader.receive, reader.send))
        assert reader.sent[0]["status"] == 401


def test_leavers_stream_is_closed(amina: Employee, client_of: Any, fresh_hub: None) -> None:
    cookie = cookie_of(client_of(amina))

    async def run() -> Reader:
        reader, task = await opened(cookie)
        live._send([f"u:{amina.pk}"], json.dumps({"event": "close", "data": {}}))
        await asyncio.wait_for(task, 5)
        await closed(reader, task)
        return reader

    assert asyncio.run(run()).events()[-1] == {"type": "close"}


def test_recheck_finds_ended_sessions_and_leavers(amina: Employee, kari: Employee, client_of: Any) -> None:
    keys = {person.pk: cookie_of(client_of(person)).partition("=")[2] for person in (amina, kari)}
    pairs = [(key, pk) for pk, key in keys.items()]
    assert events._alive(pairs) == set(pairs)
    Employee.objects.filter(pk=amina.pk).update(is_active=False)
    assert events._alive(pairs) == {(keys[kari.pk], kari.pk)}
    Session.objects.all().delete()
    assert events._alive(pairs) == set()


def test_slow_reader_is_dropped_not_waited_for(amina: Employee) -> None:
    async def run() -> int:
        hub = Hub("unix:///nowhere")
        stream = Stream(amina.pk, "key")
        hub.listen(stream, ["all"])
        for _ in range(200):
            hub.hand_on("all", b'{"event": "posts", "data": {}}')
        return stream.queue.qsize()

    assert asyncio.run(run()) <= 64
    assert count_unread(amina) == 0
