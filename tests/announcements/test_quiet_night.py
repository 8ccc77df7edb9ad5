"""Quiet at night, critical passes: from the announcement to the mail server, through a night."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from announcements.actions import draft_announcement
from core.errors import RefusedError
from directory.models import Employee, RoleGrant
from notifications.channels import email
from notifications.models import UnitQuietHours
from tests.announcements.conftest import Announce, ClientOf, body, content
from tests.conftest import City
from tests.notifications.mail_sink import Sink, free_port, listening

OSLO = ZoneInfo("Europe/Oslo")
# The night on which the clocks go back.
EVENING = datetime.datetime(2026, 10, 24, 22, 30, tzinfo=OSLO)
BEFORE_SIX = datetime.datetime(2026, 10, 25, 5, 59, tzinfo=OSLO)
SIX = datetime.datetime(2026, 10, 25, 6, 0, 1, tzinfo=OSLO)


@pytest.fixture
def to_west(city: City) -> dict[str, Any]:
    return {"include": [{"kind": "unit", "id": city.west.public_id}]}


@pytest.mark.django_db
def test_quiet_at_night_critical_passes(
    amina: Employee, kari: Employee, announce: Announce, to_west: Any, settings: Any, client_of: ClientOf
) -> None:
    settings.QUIET_HOURS = "20-06"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    sink = Sink()

    def arrived() -> list[str]:
        email.send_due()
        mine = [message.get_body(("plain",)) for message in sink.taken if message["To"] == amina.email]
        sink.taken.clear()
        return [plain.get_content() for plain in mine if plain]

    with listening(sink, settings.EMAIL_PORT):
        with time_machine.travel(EVENING):
            announce(kari, to_west)
            assert arrived() == []
            urgent = announce(kari, to_west, urgent_reason="Vannet er stengt fra kl. 23.")
            (mail,) = arrived()
            assert "Haster: Vannet er stengt fra kl. 23." in mail
            assert "Vannet er stengt fra kl. 23." in body(client_of(amina), urgent.get_absolute_url())
            RoleGrant.objects.create(employee=kari, role="preparedness")
            announce(Employee.objects.get(pk=kari.pk), to_west, level="critical")
            assert len(arrived()) == 1
        with time_machine.travel(BEFORE_SIX):
            assert arrived() == []
        with time_machine.travel(SIX):
            assert len(arrived()) == 1
            assert arrived() == []


def test_only_to_the_own_unit_and_counted_there(
    amina: Employee, kari: Employee, liv: Employee, announce: Announce, to_west: Any, city: City, client_of: ClientOf
) -> None:
    announce(kari, to_west, urgent_reason="Vannet er stengt.")
    with pytest.raises(RefusedError):
        draft_announcement(actor=liv, content=content(liv, to_west, urgent_reason="Jeg vil ha svar nå."))
    address = f"/manage/units/{city.west.public_id}/quiet-hours/"
    shown = body(client_of(kari), address)
    assert "<span>Alna vest</span><strong" in shown
    client = client_of(kari)
    assert client.post(address, {"quiet": "own", "quiet_from": "06:00"}).status_code == 422
    client.post(address, {"quiet": "own", "quiet_from": "06:00", "quiet_to": "20:00"})
    assert UnitQuietHours.objects.get().starts == datetime.time(6)
