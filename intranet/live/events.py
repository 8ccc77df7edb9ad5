"""The event stream at `/events/`: server-sent events with ids and counters, never content.

A stream asks the database once, when it opens: who is this, and which groups. After that it only waits. The process as
a whole asks every half minute which of its streams still have a living session, in one statement.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils import timezone

from directory.models import Employee, Employment
from groups.models import Group
from intranet.live.hub import Hub, Stream

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 25
RECHECK_SECONDS = 30
# How many openings wait for the database at once, and how long one waits for its turn before it is told to come back.
OPENINGS_AT_ONCE = 8
PATIENCE_SECONDS = 5

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

hub = Hub(settings.REDIS_URL)
_threads = ThreadPoolExecutor(OPENINGS_AT_ONCE, thread_name_prefix="events")
_turn = asyncio.Semaphore(OPENINGS_AT_ONCE)
_background: set[asyncio.Task[Any]] = set()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one stream until the reader goes, the session ends or the process stops."""
    if scope["method"] != "GET":
        await _refuse(send, 405)
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with _turn:
                opened = await _in_thread(_open, _session_key(scope))
    except TimeoutError:
        await _refuse(send, 503, (b"retry-after", str(random.randint(2, 10)).encode()))
        return
    if opened is None:
        await _refuse(send, 401)
        return
    stream, channels = opened
    await _serve(stream, channels, receive, send)


async def _serve(stream: Stream, channels: list[str], receive: Receive, send: Send) -> None:
    _start_background()
    hub.listen(stream, channels)
    gone = asyncio.create_task(_until_gone(receive, stream))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        retry = random.randint(2000, 8000)
        await _write(send, f'retry: {retry}\ndata: {{"type": "hello"}}\n\n'.encode())
        while (message := await _next(stream)) is not None:
            await _write(send, message)
        await _write(send, b'data: {"type": "close"}\n\n')
        await send({"type": "http.response.body", "body": b""})
    except OSError:
        pass
    finally:
        gone.cancel()
        hub.forget(stream)


async def _next(stream: Stream) -> bytes | None:
    try:
        return await asyncio.wait_for(stream.queue.get(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return b": still here\n\n"


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]})
    await send({"type": "http.response.body", "body": b""})


def _session_key(scope: Scope) -> str:
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        morsel = SimpleCookie(header.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def _in_thread(function: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_threads, _with_connection, function, args)


def _with_connection(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()


def _open(session_key: str) -> tuple[Stream, list[str]] | None:
    """Return a stream for the session's person and what it may hear, or None without a living session."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    employee = get_user(request)
    if not isinstance(employee, Employee):
        return None
    return Stream(employee.pk, session_key), _channels_of(employee.pk)


def _channels_of(employee_id: int) -> list[str]:
    employee = Employee(pk=employee_id)
    groups = set(employee.memberships.standing().values_list("group_id", flat=True))
    followed = Group.objects.standing().filter(privacy=Group.Privacy.OPEN, follows__employee=employee)
    groups |= set(followed.values_list("pk", flat=True))
    line = Employment.objects.current().filter(employee=employee).unit_ids_upwards()
    return ["all", f"u:{employee_id}", *(f"g:{pk}" for pk in groups), *(f"l:{pk}" for pk in line)]


def _start_background() -> None:
    hub.start()
    hub.on_membership = lambda streams: _keep(_listen_anew(streams))
    if not _background:
        _keep(_recheck_for_ever())


def _keep(coroutine: Any) -> None:
    task = asyncio.create_task(coroutine)
    _background.add(task)
    task.add_done_callback(_background.discard)


async def _listen_anew(streams: list[Stream]) -> None:
    for stream in streams:
        channels = await _in_thread(_channels_of, stream.employee_id)
        if stream.channels:
            hub.listen(stream, channels)


async def _recheck_for_ever() -> None:
    while True:
        await asyncio.sleep(RECHECK_SECONDS)
        try:
            alive = await _in_thread(_alive, [(s.session_key, s.employee_id) for s in hub.streams])
        except Exception:
            logger.exception("could not look whether the open sessions still live")
            continue
        for stream in list(hub.streams):
            if (stream.session_key, stream.employee_id) not in alive:
                stream.end()


def _alive(pairs: list[tuple[str, int]]) -> set[tuple[str, int]]:
    sessions = Session.objects.filter(pk__in={key for key, _ in pairs}, expire_date__gt=timezone.now())
    keys = set(sessions.values_list("pk", flat=True))
    people = set(Employee.objects.active().filter(pk__in={pk for _, pk in pairs}).values_list("pk", flat=True))
    return {(key, pk) for key, pk in pairs if key in keys and pk in people}
