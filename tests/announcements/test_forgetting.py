"""Who saw and who confirmed is forgotten in time, and the totals stay. With a moved clock."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from announcements.actions import acknowledge, mark_delivered, mark_seen, withdraw_announcement
from announcements.actions.forgetting import forget_readings
from announcements.figures import read_figures
from announcements.final_counts import suppressed_counts
from announcements.models import Announcement, FigureSnapshot, FormerConfirmation, OtherFollowUp
from announcements.unit_figures import read_unit_figures
from core.errors import RefusedError
from directory.models import Employee
from notifications.inbox import count_unread
from notifications.sweeping import purge_old
from tests.announcements.conftest import Announce, ClientOf, body
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def crowd(make_employee: MakeEmployee, city: City) -> list[Employee]:
    return [make_employee(f"Person {n}", unit=city.water if n % 3 else city.west) for n in range(60)]


def told_of_people(sent: Announcement) -> bool:
    """Whether the ledger still says of anybody how far it came."""
    kept = sent.receipts.exclude(delivered_at=None, seen_at=None, acknowledged_at=None, revision=None, language="")
    return kept.exists()


def forget_after(sent: Announcement, days: float) -> int:
    assert sent.on_top_until
    with time_machine.travel(sent.on_top_until + days * DAY, tick=False):
        return forget_readings()


def test_seen_times_become_totals_fourteen_days_after_the_top(
    announce: Announce, liv: Employee, crowd: list[Employee]
) -> None:
    sent = announce(liv)
    for person in crowd[:45]:
        mark_seen(employee=person, announcement=sent)
    assert forget_after(sent, 13.9) == 0
    assert told_of_people(sent)
    before = read_figures(sent)
    assert forget_after(sent, 14.1) == 1
    sent.refresh_from_db()
    assert not told_of_people(sent)
    assert sent.receipts.count() == 61, "everybody may still read it"
    after = read_figures(sent)
    assert after.as_of
    assert (after.audience, after.active, after.seen) == (before.audience, before.active, before.seen) == (61, 61, 45)
    assert forget_after(sent, 14.2) == 0, "once is enough"
    assert read_figures(sent).seen == 45


@pytest.mark.parametrize("days", [30, 90, 365])
def test_confirmations_are_kept_as_long_as_the_author_chose(
    announce: Announce, liv: Employee, crowd: list[Employee], days: int
) -> None:
    sent = announce(liv, asks_confirmation=True)
    Announcement.objects.filter(pk=sent.pk).update(keeps_confirmations_days=days)
    for person in crowd[:50]:
        acknowledge(employee=person, announcement=sent)
    facts: dict[str, Any] = {"announcement": sent, "employee": crowd[0]}
    OtherFollowUp.objects.create(**facts)
    FormerConfirmation.objects.create(**facts, acknowledged_at=timezone.now(), revision=1, language="nb")
    assert forget_after(sent, days - 0.1) == 0
    assert forget_after(sent, days + 0.1) == 1
    sent.refresh_from_db()
    assert not told_of_people(sent)
    assert not OtherFollowUp.objects.exists()
    assert not FormerConfirmation.objects.exists()
    assert read_figures(sent).acknowledged == 50
    with pytest.raises(RefusedError):
        acknowledge(employee=crowd[55], announcement=sent)


def test_nothing_is_noted_or_shown_as_unread_afterwards(
    announce: Announce, liv: Employee, amina: Employee, crowd: list[Employee], client_of: ClientOf
) -> None:
    sent = announce(liv)
    mark_seen(employee=amina, announcement=sent)
    assert sent.on_top_until
    with time_machine.travel(sent.on_top_until + 15 * DAY, tick=False):
        purge_old()
        sent.refresh_from_db()
        assert sent.figures_final_at
        assert count_unread(amina) == 0
        reader = client_of(amina)
        assert "nrow--new" not in body(reader, reverse("announcements"))
        assert "nrow--new" not in body(reader, "/notifications/")
        assert "data-seen" not in body(reader, sent.get_absolute_url())
        reader.post(reverse("see_announcement", args=[sent.public_id]), {"beacon": "1"})
        assert not mark_delivered(employee=amina, announcements=[sent])
        assert not told_of_people(sent)


def test_keepers_are_told_and_readers_find_no_button(
    announce: Announce, liv: Employee, amina: Employee, crowd: list[Employee], client_of: ClientOf
) -> None:
    sent = announce(liv, asks_confirmation=True)
    forget_after(sent, 91)
    told = "Hvem som bekreftet er slettet. Tallene er tatt vare på."
    assert told in body(client_of(liv), sent.get_absolute_url())
    page = body(client_of(amina), sent.get_absolute_url())
    assert told not in page
    assert "Jeg har lest dette" not in page


def test_a_withdrawn_one_left_the_top_when_it_was_withdrawn(
    announce: Announce, liv: Employee, crowd: list[Employee]
) -> None:
    sent = announce(liv, days_on_top=7)
    withdraw_announcement(actor=liv, announcement=sent)
    with time_machine.travel(timezone.now() + 14.5 * DAY, tick=False):
        assert forget_readings() == 1


def test_an_update_took_its_place(announce: Announce, liv: Employee, crowd: list[Employee]) -> None:
    former, newer = announce(liv, days_on_top=7), announce(liv, days_on_top=7)
    Announcement.objects.filter(pk=former.pk).update(superseded_by=newer)
    with time_machine.travel(timezone.now() + 14.5 * DAY, tick=False):
        assert forget_readings() == 1
    former.refresh_from_db()
    newer.refresh_from_db()
    assert former.figures_final_at
    assert newer.figures_final_at is None


def test_what_comes_in_at_the_very_moment_is_removed_by_the_next_round(
    announce: Announce, liv: Employee, amina: Employee, crowd: list[Employee]
) -> None:
    sent = announce(liv)
    assert sent.on_top_until
    with time_machine.travel(sent.on_top_until + 15 * DAY, tick=False):
        forget_readings()
        mark_seen(employee=amina, announcement=sent)
        assert told_of_people(sent)
        forget_readings()
    assert not told_of_people(sent)


def test_units_that_are_never_shown_are_not_stored(
    announce: Announce, liv: Employee, crowd: list[Employee], city: City, make_employee: MakeEmployee
) -> None:
    for n in range(4):
        make_employee(f"Liten {n}", unit=city.east)
    sent = announce(liv)
    for person in Employee.objects.all():
        mark_seen(employee=person, announcement=sent)
    before = [(one.unit, one.share, one.active) for one in read_unit_figures(sent, city.home_care)]
    kept = {row["unit_id"]: row for row in suppressed_counts(sent.receipts.counts_by_unit())}
    assert kept[city.east.pk]["seen"] == 0
    assert kept[city.east.pk]["active"] == 4
    forget_after(sent, 15)
    sent.refresh_from_db()
    stored = FigureSnapshot.objects.get(announcement=sent).counts
    assert sum(row["seen"] for row in stored) == 65
    assert before == [(one.unit, one.share, one.active) for one in read_unit_figures(sent, city.home_care)]


def test_of_a_small_audience_nothing_about_use_is_kept(
    announce: Announce, liv: Employee, kari: Employee, amina: Employee, client: Client
) -> None:
    sent = announce(liv)
    mark_seen(employee=amina, announcement=sent)
    forget_after(sent, 15)
    assert sum(row["seen"] for row in FigureSnapshot.objects.get(announcement=sent).counts) == 0
