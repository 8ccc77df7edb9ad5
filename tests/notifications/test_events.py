"""The event stream, over the real Redis."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.test import Client
from redis import Redis

from directory.actions import refresh_people
from directory.models import Employee
from groups.actions import GroupFacts, change_group, follow_group, unfollow_group
from groups.enrolling import CREATE_WANTED, apply_wanted_memberships
from intranet.live import hub, openings, renewals
from intranet.live.events import MOST_OF_ONE_SESSION, RENEWED_EACH, Events
from intranet.live.hub import QUEUE_LENGTH, Hub, Stream
from intranet.live.readers import Reader as Found
from intranet.live.readers import channels_of, find_readers
from notifications import live

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


def key_of(client: Client) -> str:
    return cookie_of(client).partition("=")[2]


@pytest.fixture
def serving() -> Callable[[Callable[[Events], Coroutine[Any, Any, Any]]], Any]:
    """Run a story beside the application, and close what it opened."""

    def run(story: Callable[[Events], Coroutine[Any, Any, Any]]) -> Any:
        async def whole() -> Any:
            events = Events(settings.REDIS_URL)
            events.start()
            try:
                return await story(events)
            finally:
                events.stop()
                events.threads.submit(connections.close_all).result()
                events.threads.shutdown()

        return asyncio.run(whole())

    return run


async def opened(events: Events, cookie: str) -> tuple[Reader, asyncio.Task[None]]:
    reader = Reader(cookie)
    async with asyncio.timeout(5):
        while not events.hub.hears:
            await asyncio.sleep(0.01)
    task = asyncio.create_task(events(reader.scope, reader.receive, reader.send))
    await reader.until("hello")
    return reader, task


def test_hears_what_is_for_me_and_nothing_else(
    amina: Employee, kari: Employee, make_group: Any, client_of: Any, serving: Any
) -> None:
    mine = make_group("Alna vest", "closed", members=[amina])
    other = make_group("Ledere", "secret", members=[kari])
    cookie = cookie_of(client_of(amina))

    async def story(events: Events) -> Reader:
        reader, task = await opened(events, cookie)
        live._send([f"u:{kari.pk}", f"g:{other.pk}"], json.dumps({"event": "posts", "data": {"group": "not mine"}}))
        live._send([f"g:{mine.pk}"], json.dumps({"event": "posts", "data": {"group": "mine"}}))
        await reader.until("posts")
        reader.gone.set()
        await asyncio.wait_for(task, 5)
        assert not events.hub.streams
        return reader

    reader = serving(story)
    assert reader.events() == [{"type": "hello"}, {"type": "posts", "group": "mine"}]
    # Each message is numbered by its moment, so that the page can say from where it missed something.
    assert b"id: " in reader.sent[-1]["body"]


def test_who_may_not_hear_gets_no_stream(amina: Employee, client_of: Any, serving: Any) -> None:
    ended = client_of(amina)
    Employee.objects.filter(pk=amina.pk).update(sessions_ended=1)

    async def story(events: Events) -> list[int]:
        statuses = []
        for cookie in ("", "sessionid=unknown", "sessionid=\x7f;;=", cookie_of(ended)):
            reader = Reader(cookie)
            await events(reader.scope, reader.receive, reader.send)
            statuses.append(reader.sent[0]["status"])
        return statuses

    assert serving(story) == [401] * 4


def test_leavers_stream_is_closed(amina: Employee, client_of: Any, serving: Any) -> None:
    cookie = cookie_of(client_of(amina))

    async def story(events: Events) -> Reader:
        reader, task = await opened(events, cookie)
        live._send([f"u:{amina.pk}"], json.dumps({"event": "close", "data": {}}))
        await asyncio.wait_for(task, 5)
        return reader

    assert serving(story).events()[-1] == {"type": "close"}


async def told_of(events: Events, reader: Reader, employee: Employee, channels: list[str]) -> list[str]:
    """Tell of something on each of these channels; return those on which the reader heard of it."""
    for channel in channels:
        live._send([channel], json.dumps({"event": "posts", "data": {"on": channel}}))
    live._send([f"u:{employee.pk}"], json.dumps({"event": "end", "data": {}}))
    await reader.until("end")
    async with asyncio.timeout(5):
        while any(stream.is_held for stream in events.hub.streams):
            await asyncio.sleep(0.01)
    await asyncio.sleep(0)
    return [event["on"] for event in reader.events() if event["type"] == "posts"]


def test_what_one_may_hear_no_more_is_heard_no_more(
    amina: Employee, kari: Employee, city: Any, client_of: Any, make_group: Any, serving: Any
) -> None:
    narrowed, left, by_rule, stays = (make_group(name, owner=kari) for name in ("A", "B", "C", "D"))
    job = amina.employments.get()
    for group in (narrowed, left):
        follow_group(actor=amina, group=group)
    for group in (by_rule, stays):
        group.memberships.create(employee=amina, by_hand=group == stays)
    cookie = cookie_of(client_of(amina))

    def lose() -> None:
        change_group(actor=kari, group=narrowed, facts=replace(GroupFacts.of(narrowed), privacy="closed"))
        unfollow_group(actor=amina, group=left)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CREATE_WANTED)
            apply_wanted_memberships(f"m.group_id = {by_rule.pk}")
        amina.employments.update(unit=city.water)
        refresh_people([amina.pk])

    async def story(events: Events) -> list[str]:
        reader, _task = await opened(events, cookie)
        await events._in_thread(lose)
        places = [f"g:{narrowed.pk}", f"g:{left.pk}", f"g:{by_rule.pk}", f"l:{job.unit_id}", f"g:{stays.pk}"]
        return await told_of(events, reader, amina, places)

    assert serving(story) == [f"g:{stays.pk}"]


def test_what_was_lost_while_redis_was_away_is_heard_no_more(
    amina: Employee, client_of: Any, make_group: Any, serving: Any
) -> None:
    cookie, redis = cookie_of(client_of(amina)), Redis.from_url(settings.REDIS_URL)
    lost, stays = (make_group(name, "secret", members=[amina]) for name in ("A", "B"))

    async def story(events: Events) -> list[str]:
        reader, _task = await opened(events, cookie)
        await events._in_thread(lost.memberships.all().delete)
        redis.client_kill_filter(_type="pubsub")
        await reader.until("back")
        return await told_of(events, reader, amina, [f"g:{lost.pk}", f"g:{stays.pk}"])

    assert serving(story) == [f"g:{stays.pk}"]


def test_now_and_then_each_stream_is_asked_for_anew(
    amina: Employee, client_of: Any, make_group: Any, serving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, group = cookie_of(client_of(amina)), make_group("Alna vest", "closed")

    async def story(events: Events) -> None:
        _reader, _task = await opened(events, cookie)
        await events._in_thread(lambda: group.memberships.create(employee=amina))
        look_up, tries = events._renewals._look_up, []

        async def first_in_vain(ids: Any) -> Any:
            tries.append(ids)
            if len(tries) == 1:
                raise OSError("away")
            return await look_up(ids)

        events._renewals._look_up = first_in_vain
        for _ in range(RENEWED_EACH):
            events._renew_some()
        async with asyncio.timeout(5):
            while not events.hub._listeners.get(f"g:{group.pk}"):
                await asyncio.sleep(0.01)
        assert tries == [{amina.pk}] * 2

    monkeypatch.setattr(renewals, "PAUSE_SECONDS", 0.01)
    serving(story)


def test_what_is_held_back_for_too_long_ends_the_stream(amina: Employee) -> None:
    stream = Stream(amina.pk, "key")
    stream.hold()
    stream.tell("u:1", b"mine")
    for _ in range(QUEUE_LENGTH):
        stream.tell("g:1", b"theirs")
    assert not stream.ended
    stream.tell("g:1", b"theirs")
    assert stream.ended


def test_of_too_many_streams_of_one_session_the_oldest_makes_room(
    amina: Employee, client_of: Any, serving: Any
) -> None:
    cookie, other = cookie_of(client_of(amina)), cookie_of(client_of(amina))

    async def story(events: Events) -> list[bool]:
        _reader, elsewhere = await opened(events, other)
        tasks = [(await opened(events, cookie))[1] for _ in range(MOST_OF_ONE_SESSION + 1)]
        await asyncio.wait(tasks[:1], timeout=5)
        return [task.done() for task in (elsewhere, *tasks)]

    assert serving(story) == [False, True] + [False] * MOST_OF_ONE_SESSION


def test_many_readers_cost_as_few_statements_as_one(
    amina: Employee,
    kari: Employee,
    thanh: Employee,
    client_of: Any,
    make_group: Any,
    django_assert_num_queries: Any,
) -> None:
    group = make_group("Alna vest", "closed", members=[amina, kari])
    keys = [key_of(client_of(person)) for person in (amina, kari, thanh)]
    with django_assert_num_queries(5):
        found = find_readers([*keys, "unknown"])
    assert [found[key].employee_id for key in keys] == [amina.pk, kari.pk, thanh.pk]
    assert [f"g:{group.pk}" in found[key].channels for key in keys] == [True, True, False]
    unit = amina.employments.get().unit_id
    assert {"all", f"u:{amina.pk}", f"l:{unit}"} <= channels_of([amina.pk])[amina.pk]


def test_whose_session_has_ended_hears_nothing_more_even_if_nobody_told(
    amina: Employee, kari: Employee, thanh: Employee, client_of: Any, serving: Any
) -> None:
    cookies = [cookie_of(client_of(person)) for person in (amina, kari, thanh, amina)]
    redis = Redis.from_url(settings.REDIS_URL)

    def end() -> None:
        Session.objects.filter(pk=cookies[3].partition("=")[2]).delete()
        Employee.objects.filter(pk=kari.pk).update(sessions_ended=1)
        Employee.objects.filter(pk=thanh.pk).update(is_active=False)

    async def story(events: Events) -> list[bool]:
        tasks = [(await opened(events, cookie))[1] for cookie in cookies]
        await events._in_thread(end)
        redis.client_kill_filter(_type="pubsub")
        await asyncio.wait(tasks[1:], timeout=5)
        return [task.done() for task in tasks]

    assert serving(story) == [False, True, True, True]


def test_a_full_house_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openings, "MOST_WAITING", 3)

    async def story() -> None:
        doors = asyncio.Event()

        async def look_up(keys: Any) -> dict[str, Found]:
            await doors.wait()
            return {key: Found(1, frozenset()) for key in keys if key != "stranger"}

        house = openings.Openings(look_up)
        first = asyncio.create_task(house.admit("first"))
        await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(house.admit(key)) for key in ("second", "third", "stranger")]
        await asyncio.sleep(0.01)
        with pytest.raises(openings.CrowdedError) as full:
            await house.admit("late")
        assert openings.RETURN_AFTER[0] <= full.value.seconds <= openings.RETURN_AFTER[1]
        doors.set()
        admitted = await asyncio.gather(first, *waiting)
        assert [reader is not None for reader in admitted] == [True, True, True, False]

    asyncio.run(story())


def test_a_database_that_does_not_answer_is_a_full_house_too(amina: Employee) -> None:
    async def broken(keys: Any) -> dict[str, Found]:
        raise OSError("away")

    with pytest.raises(openings.CrowdedError):
        asyncio.run(openings.Openings(broken).admit("key"))


def test_a_slow_reader_is_dropped_and_its_connection_broken(amina: Employee, client_of: Any, serving: Any) -> None:
    cookie = cookie_of(client_of(amina))

    class Stuck(Reader):
        """Takes the greeting and nothing more: its end of the connection is full."""

        aborted = False

        async def send(self, message: Any) -> None:
            await super().send(message)
            if b"posts" in message.get("body", b""):
                await asyncio.Event().wait()

        @property
        def transport(self) -> Any:
            return self

        def abort(self) -> None:
            self.aborted = True

    async def story(events: Events) -> bool:
        reader = Stuck(cookie)
        task = asyncio.create_task(events(reader.scope, reader.receive, reader.send))
        await reader.until("hello")
        for _ in range(QUEUE_LENGTH + 2):
            events.hub.hand_on("all", b'{"event": "posts", "data": {}}')
            await asyncio.sleep(0)
        await asyncio.wait_for(task, 5)
        assert not events.hub.streams
        return reader.aborted

    assert serving(story)


def test_who_takes_nothing_between_two_signs_of_life_is_dropped(amina: Employee) -> None:
    stream, dropped = Stream(amina.pk, "key"), []
    stream.on_drop = lambda: dropped.append(True)
    stream.beat(b": still here\n\n")
    assert not dropped
    stream.beat(b": still here\n\n")
    assert dropped
    assert asyncio.run(stream.take()) == b""


def test_without_redis_the_pages_are_told_to_ask_by_themselves(amina: Employee, client_of: Any, serving: Any) -> None:
    cookie = cookie_of(client_of(amina))
    redis = Redis.from_url(settings.REDIS_URL)

    async def story(events: Events) -> list[dict[str, Any]]:
        reader, _task = await opened(events, cookie)
        redis.client_kill_filter(_type="pubsub")
        await reader.until("away")
        await reader.until("back")
        return reader.events()

    heard = serving(story)
    assert [event["type"] for event in heard] == ["hello", "away", "back"]
    assert heard[-1]["spread"] <= 1


def test_a_stream_that_opens_without_redis_says_so() -> None:
    assert json.loads(Hub("unix:///nowhere").greeting().partition(b"data: ")[2]) == {"type": "hello", "away": True}


def test_a_redis_that_stands_still_is_away(amina: Employee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "QUIET_SECONDS", 0.05)

    async def story(port: int) -> bytes:
        listening, stream = Hub(f"redis://127.0.0.1:{port}/0"), Stream(amina.pk, "key")
        listening.hears = True
        listening.listen(stream, ["all"])
        listening.start()
        told = await asyncio.wait_for(stream.take(), 5)
        listening.stop()
        return told

    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = asyncio.run(story(silent.getsockname()[1]))
    assert b'{"type": "away"}' in told
