"""Reminding the rest, adding those who begin, leaving out those who have left."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from announcements.actions import (
    add_newcomers,
    mark_seen,
    next_reminder_at,
    remind,
)
from announcements.models import Announcement
from core.errors import RefusedError
from directory.models import Employee
from directory.signals import employees_changed
from notifications.models import Delivery, FanOut, Notification
from tests.announcements.conftest import Announce, deliver_all
from tests.conftest import MakeEmployee

pytestmark = pytest.mark.django_db


class TestFollowingUp:
    def test_remind_those_who_have_not_seen_once_a_day(
        self, announce: Announce, liv: Employee, amina: Employee, thanh: Employee, kari: Employee
    ) -> None:
        sent = announce(liv)
        mark_seen(employee=amina, announcement=sent)
        reminder = remind(actor=liv, announcement=sent, to="unseen")
        deliver_all()
        told = Notification.objects.filter(kind="announcement_reminder")
        assert set(told.values_list("recipient", flat=True)) == {liv.pk, thanh.pk, kari.pk}
        assert reminder.count == 3
        with pytest.raises(RefusedError):
            remind(actor=liv, announcement=sent, to="unseen")
        assert next_reminder_at(sent) == reminder.sent_at + datetime.timedelta(hours=24)
        mark_seen(employee=thanh, announcement=sent)
        assert told.get(recipient=thanh).read_at, "seeing it answers the reminder"

    def test_reminding_twice_in_a_row_by_the_worker_tells_once(
        self, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv)
        remind(actor=liv, announcement=sent, to="unseen")
        deliver_all()
        FanOut.objects.filter(job="announcements.remind").update(state="waiting", cursor=0)
        deliver_all()
        assert Notification.objects.count() == 3

    def test_confirmation_is_reminded_of_only_where_it_was_asked_for(self, announce: Announce, liv: Employee) -> None:
        with pytest.raises(RefusedError):
            remind(actor=liv, announcement=announce(liv), to="unacknowledged")

    def test_those_hired_while_it_is_on_top_are_added_and_counted_apart(
        self, announce: Announce, liv: Employee, make_employee: MakeEmployee
    ) -> None:
        sent = announce(liv)
        new = make_employee("Sunniva Dahl", started_days_ago=0)
        employees_changed.send(sender=Employee, employee_ids=[new.pk])
        deliver_all()
        assert sent.receipts.get(employee=new).joined_later
        figures = sent.receipts.totals()
        assert (figures["audience"], figures["frozen"], figures["joined_later"]) == (2, 1, 1)
        assert add_newcomers() == 0
        assert Delivery.objects.filter(recipient=new).count() == 1

    def test_nobody_is_added_to_what_no_longer_is_on_top(
        self, announce: Announce, liv: Employee, make_employee: MakeEmployee
    ) -> None:
        Announcement.objects.filter(pk=announce(liv).pk).update(on_top_until=timezone.now())
        make_employee("Sunniva Dahl")
        assert add_newcomers() == 0

    def test_leavers_drop_out_of_the_denominator(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv)
        mark_seen(employee=amina, announcement=sent)
        Employee.objects.filter(pk=amina.pk).update(is_active=False)
        figures = sent.receipts.totals()
        assert (figures["active"], figures["left"], figures["seen"], figures["unseen"]) == (2, 1, 0, 2)
