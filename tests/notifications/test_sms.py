"""Text messages over a gateway that answers as it likes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from directory.models import AuditEvent, Employee
from notifications.actions import notify
from notifications.channels import sms
from notifications.models import Delivery


class FakeGateway(BaseHTTPRequestHandler):
    taken: list[dict[str, Any]]
    answers: list[int]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.answers.pop(0) if self.answers else 200
        self.taken.append(body | {"key": self.headers["Idempotency-Key"], "status": status})
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[FakeGateway]]:
    class Here(FakeGateway):
        taken: list[dict[str, Any]] = []
        answers: list[int] = []

    server = HTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield Here
    server.shutdown()
    server.server_close()


def tell(person: Employee) -> Delivery:
    event = AuditEvent.objects.create(verb="onboarding.code_given", subject=person)
    notify(kind="sign_in_change", recipients=[person.pk], event_key=f"e:{event.pk}", target_id=event.pk)
    return Delivery.objects.get(channel="sms", recipient=person)


@pytest.fixture
def sunniva(amina: Employee) -> Employee:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="912 34 567")
    amina.refresh_from_db()
    return amina


def test_goes_once_under_one_key(sunniva: Employee, gateway: type[FakeGateway]) -> None:
    delivery = tell(sunniva)
    gateway.answers[:] = [503]
    sms.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    Delivery.objects.update(not_before=delivery.created_at)
    sms.send_due()
    sms.send_due()
    assert [one["status"] for one in gateway.taken] == [503, 200]
    assert len({one["key"] for one in gateway.taken}) == 1
    assert gateway.taken[1]["to"] == "+4791234567"
    assert "Tunet" in gateway.taken[1]["text"]


@pytest.mark.parametrize(("answer", "state"), [(400, "failed"), (302, "failed"), (429, "waiting"), (401, "waiting")])
def test_tells_a_refusal_from_a_busy_gateway(
    sunniva: Employee, gateway: type[FakeGateway], answer: int, state: str
) -> None:
    delivery = tell(sunniva)
    gateway.answers[:] = [answer]
    sms.send_due()
    delivery.refresh_from_db()
    assert delivery.state == state
    assert len(gateway.taken) == 1, "nothing follows a redirect"


def test_looks_once_more_before_it_sends(sunniva: Employee, gateway: type[FakeGateway]) -> None:
    delivery = tell(sunniva)
    Employee.objects.filter(pk=sunniva.pk).update(is_active=False)
    sms.send_due()
    delivery.refresh_from_db()
    assert (delivery.state, gateway.taken) == ("skipped", [])


def test_is_off_without_a_gateway(sunniva: Employee) -> None:
    with pytest.raises(Delivery.DoesNotExist):
        tell(sunniva)
    assert sms.send_due() == 0


def test_counts_what_is_paid(settings: Any) -> None:
    assert [sms.parts_of(text) for text in ("Hei på deg", "æ" * 160, "æ" * 161, "€" * 80, "€" * 81)] == [1, 1, 2, 1, 2]
    assert [sms.parts_of(text) for text in ("š" * 70, "š" * 71, "👋" * 36)] == [1, 2, 2]
    settings.SMS_PRICE = Decimal("0.45")
    assert sms.price_of(100, 2) == Decimal(90)
    settings.SMS_PRICE = None
    assert sms.price_of(100) is None


def test_reads_numbers_as_hr_writes_them() -> None:
    written = [
        "912 34 567",
        "+47 91234567",
        "004791234567",
        "+46 70 123 45 67",
        "12345",
        "ring meg",
        "+",
        "912345678901",
    ]
    read = ["+4791234567"] * 3 + ["+46701234567"] + [""] * 4
    assert [sms.international(number) for number in written] == read
