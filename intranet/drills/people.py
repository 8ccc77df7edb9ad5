"""The people of a drill: a program that calls the API, and readers who hold an event stream open."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterable
from http.cookiejar import CookieJar
from importlib import import_module
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from directory.actions import create_api_token
from directory.models import Employee
from intranet.demo.writing import PASSWORD
from intranet.drills.promises import require


class Program:
    """Calls the API in someone's name."""

    def __init__(self, employee: Employee, port: int) -> None:
        self.port = port
        _, key = create_api_token(actor=employee, employee=employee, name="drill")
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any, float]:
        """Return status, answer and seconds of one call."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        connection.request(method, f"/api/v1/{path}", json.dumps(body) if body is not None else None, self.headers)
        response = connection.getresponse()
        raw = response.read()
        seconds = time.perf_counter() - began
        connection.close()
        return response.status, json.loads(raw) if raw else None, seconds


class Listener(threading.Thread):
    """Someone with the page open: holds the event stream and remembers when each kind of event came."""

    def __init__(self, employee: Employee, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.cookie = cookie_of(employee)
        self.heard: dict[str, float] = {}

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", "/events/", headers={"Cookie": self.cookie})
        response = connection.getresponse()
        while line := response.readline():
            if line.startswith(b"data: "):
                self.heard.setdefault(json.loads(line[6:])["type"], time.monotonic())

    def await_event(self, kind: str, seconds: float = 30) -> float | None:
        """Return when the first event of this kind came, or None when none came in time."""
        deadline = time.monotonic() + seconds
        while kind not in self.heard and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.heard.get(kind)


def open_pages(people: Iterable[Employee], port: int) -> list[Listener]:
    """Let each of them have a page open. Raises DrillFailed where a stream does not open."""
    listeners = [Listener(person, port) for person in people]
    for listener in listeners:
        listener.start()
    for listener in listeners:
        require(listener.await_event("hello") is not None, "an event stream did not open")
    return listeners


class Visitor:
    """Someone with a browser: gets a password, signs in with it by the form, and keeps the cookies."""

    def __init__(self, employee: Employee, port: int) -> None:
        self.employee = employee
        employee.set_password(PASSWORD)
        employee.save(update_fields=["password"])
        self.home = f"http://127.0.0.1:{port}"
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies))

    def sign_in(self) -> None:
        """Sign in anew, as one who has forgotten all cookies. Raises OSError or HTTPException when it does not work."""
        self._cookies.clear()
        self.read("/accounts/login/")
        token = next(cookie.value or "" for cookie in self._cookies if cookie.name == settings.CSRF_COOKIE_NAME)
        fields = {"login": self.employee.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
        self.read("/accounts/login/", urlencode(fields).encode())
        if settings.SESSION_COOKIE_NAME not in {cookie.name for cookie in self._cookies}:
            raise OSError("the form was answered, and nobody is signed in")

    def read(self, path: str, body: bytes | None = None) -> str:
        """Fetch a page, redirects included. Raises OSError for any answer but a good one."""
        request = Request(self.home + path, body, {"Referer": self.home})  # noqa: S310 - always our own port
        with self._opener.open(request, timeout=30) as answer:
            text: str = answer.read().decode()
        return text


def cookie_of(employee: Employee) -> str:
    """Sign the person in and return the cookie that a browser would send from then on."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(employee.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = employee.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
