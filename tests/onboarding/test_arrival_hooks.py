"""A desk's own system: told of tasks, signed, until it says yes; and what it tells back, signed, once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Employee
from notifications.models import Notification
from onboarding.arrivals.calling import MAX_ATTEMPTS, send_due_calls
from onboarding.arrivals.hooks import rotate_secret, save_hook, secret_of, secrets_of, sign
from onboarding.models import Arrival, ArrivalDesk, ArrivalTask, DeskHook, HookCall
from tests.onboarding.arriving import ClientOf, arrival, desk, hassan, led, steps

__all__ = ["arrival", "desk", "hassan", "led", "steps"]


class ServiceDesk(BaseHTTPRequestHandler):
    """Keeps what it is told, and answers with `status`."""

    told: list[tuple[dict[str, str], bytes]] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    ServiceDesk.told, ServiceDesk.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), ServiceDesk)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(address: str, desk: ArrivalDesk, hege: Employee) -> DeskHook:
    return save_hook(actor=hege, desk=desk, url=address)


def tell_back(hook: DeskHook, secret: str = "", *, at: int = 0, timestamp: str = "", **message: Any) -> Any:
    return send_back(hook, json.dumps(message).encode(), secret, at=at, timestamp=timestamp)


def send_back(hook: DeskHook, body: bytes, secret: str = "", *, at: int = 0, timestamp: str = "") -> Any:
    timestamp = timestamp or str(int(timezone.now().timestamp()) + at)
    headers = {"Tunet-Timestamp": timestamp, "Tunet-Signature": sign(secret or secret_of(hook), timestamp, body)}
    address = f"/api/v1/hooks/desks/{hook.public_id}/"
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_told_signed_and_once(hook: DeskHook, arrival: Arrival) -> None:
    assert (send_due_calls(), send_due_calls()) == (1, 0)
    ((headers, body),) = ServiceDesk.told
    assert headers["Tunet-Signature"] == sign(secret_of(hook), headers["Tunet-Timestamp"], body)
    told = json.loads(body)
    assert (told["event"], told["task"]["title"], told["arrival"]["name"]) == (
        "task.created",
        "PC og bruker",
        "Sunniva Berg",
    )
    assert told["answer_to"].endswith(f"/api/v1/hooks/desks/{hook.public_id}/")
    assert HookCall.objects.get().state == "sent"


def test_tried_again_with_growing_pauses_then_given_up(
    hook: DeskHook, arrival: Arrival, hege: Employee, client_of: ClientOf
) -> None:
    ServiceDesk.status = 503
    pauses = []
    for _ in range(MAX_ATTEMPTS):
        HookCall.objects.update(not_before=timezone.now())
        send_due_calls()
        pauses.append(round((HookCall.objects.get().not_before - timezone.now()).total_seconds()))
    assert pauses == sorted(pauses)
    call = HookCall.objects.get()
    assert (call.state, call.last_error, len(ServiceDesk.told)) == ("failed", "HTTP 503", MAX_ATTEMPTS)
    assert Notification.objects.get(kind="desk_silent").recipient == hege
    page = f"/manage/arrivals/desks/{hook.desk.public_id}/"
    assert "HTTP 503" in client_of(hege).get(f"{page}change/").content.decode()
    ServiceDesk.status = 204
    client_of(hege).post(f"{page}hook/", {"again": "1"})
    send_due_calls()
    assert HookCall.objects.get().state == "sent"


def test_an_address_that_leads_inwards_is_neither_stored_nor_called(
    hook: DeskHook, arrival: Arrival, hege: Employee, settings: Any, client_of: ClientOf
) -> None:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = False
    send_due_calls()
    assert ServiceDesk.told == []
    assert HookCall.objects.get().state == "waiting"
    page = f"/manage/arrivals/desks/{hook.desk.public_id}/hook/"
    answer = client_of(hege).post(page, {"save": "1", "url": "https://169.254.169.254/latest/"})
    assert (answer.status_code, "169.254.169.254" in answer.content.decode()) == (422, True)
    assert DeskHook.objects.get().url == hook.url


def test_the_secret_is_shown_once_and_overlaps_when_renewed(
    desk: ArrivalDesk, address: str, hege: Employee, client_of: ClientOf
) -> None:
    browser, page = client_of(hege), f"/manage/arrivals/desks/{desk.public_id}/"
    shown = browser.post(f"{page}hook/", {"save": "1", "url": address}).content.decode()
    hook = DeskHook.objects.get()
    assert secret_of(hook) in shown
    assert secret_of(hook) not in browser.get(f"{page}change/").content.decode()
    former = secret_of(hook)
    rotate_secret(actor=hege, hook=hook)
    assert secrets_of(hook) == [secret_of(hook), former]
    hook.former_until = timezone.now()
    assert secrets_of(hook) == [secret_of(hook)]
    browser.post(f"{page}hook/", {"remove": "1"})
    assert not DeskHook.objects.exists()


def test_what_it_tells_back_is_taken_once(hook: DeskHook, arrival: Arrival, led: Employee, client_of: ClientOf) -> None:
    task = arrival.tasks.get(desk__isnull=False)
    timestamp = str(int(timezone.now().timestamp()))
    message = {"task": task.public_id, "state": "done", "comment": "Ligger i resepsjonen."}
    assert tell_back(hook, timestamp=timestamp, **message).json() == {"result": "taken"}
    task.refresh_from_db()
    assert (task.state, HookCall.objects.filter(event="task.changed").count()) == ("done", 0)
    assert "Ligger i resepsjonen." in client_of(led).get(f"/arrivals/tasks/{task.public_id}/").content.decode()
    ArrivalTask.objects.update(state="in_work")
    assert tell_back(hook, timestamp=timestamp, **message).json() == {"result": "taken_before"}
    assert ArrivalTask.objects.get(pk=task.pk).state == "in_work"


def test_what_is_not_signed_or_not_its_own_changes_nothing(hook: DeskHook, arrival: Arrival) -> None:
    task = arrival.tasks.get(desk__isnull=False)
    other = arrival.tasks.get(responsible="leader")
    told = {"task": task.public_id, "state": "done"}
    assert tell_back(hook, "another secret", **told).status_code == 401
    assert tell_back(hook, at=-400, **told).status_code == 401
    assert tell_back(hook, at=400, **told).status_code == 401
    assert tell_back(hook, timestamp="½", **told).status_code == 401
    assert tell_back(hook, task=other.public_id, state="done").status_code == 404
    assert tell_back(hook, task=task.public_id, state="lost").status_code == 400
    for comment in ("17054026641", "\u202etxt", "a\x07b", "x\ud800"):
        assert tell_back(hook, task=task.public_id, state="done", comment=comment).status_code == 400, comment
    for body in (b"[" * 50_000, b'{"task":' * 8_000, b"1" * 5_000, b"\xff", b"[]", b"null"):
        assert send_back(hook, body).status_code == 400, body[:9]
    Arrival.objects.update(cancelled_at=timezone.now())
    assert tell_back(hook, **told).status_code == 409
    assert not ArrivalTask.objects.exclude(state="waiting").exists()
