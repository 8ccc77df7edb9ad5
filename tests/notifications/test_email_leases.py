"""Several send at once, slowly or not at all: each message goes once, and what one leaves another takes up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from directory.models import Employee
from notifications.channels import email
from notifications.kinds import kinds
from notifications.models import Delivery
from notifications.sweeping import purge_old
from tests.notifications.mail_sink import Calls, wait_for_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_waiting(kari: Employee, liv: Employee, amina: Employee) -> Iterator[list[Employee]]:
    people = [kari, liv, amina]
    kinds.add(Calls.key, Calls())
    for person in people:
        wait_for_mail(person)
    yield people
    kinds._items.pop(Calls.key)


class SlowServer(BaseEmailBackend):
    """Takes so long over the first message that all leases run out and another worker passes by."""

    first = True
    meanwhile: Callable[[], object]

    def send_messages(self, messages: object) -> int:
        if SlowServer.first:
            SlowServer.first = False
            Delivery.objects.filter(recipient__email__isnull=False).update(leased_until=None)
            SlowServer.meanwhile()
        mail.outbox.extend(messages)  # type: ignore[arg-type]
        return 1


def test_what_a_slow_sender_lost_is_not_sent_again(
    three_waiting: list[Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the message in hand may go twice; those still to come are the other worker's."""
    monkeypatch.setattr(SlowServer, "meanwhile", lambda: email.send_due(), raising=False)
    monkeypatch.setattr(SlowServer, "first", True)
    monkeypatch.setattr(email, "get_connection", lambda: SlowServer())
    email.send_due()
    sent = [message.to[0] for message in mail.outbox]
    assert sorted(set(sent)) == sorted(person.email or "" for person in three_waiting)
    assert len(sent) == len(three_waiting) + 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_what_could_not_go_for_days_is_given_up_but_not_what_an_account_needs(three_waiting: list[Employee]) -> None:
    waiting = Delivery.objects.order_by("pk")
    days = timezone.now() - datetime.timedelta(days=4)
    for delivery, priority, moment in zip(waiting, (2, 1, 2), (days, days, timezone.now()), strict=True):
        Delivery.objects.filter(pk=delivery.pk).update(priority=priority, not_before=moment)
    purge_old()
    assert list(waiting.values_list("state", flat=True)) == ["skipped", "waiting", "waiting"]
