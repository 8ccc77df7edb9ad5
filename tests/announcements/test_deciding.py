"""Who may announce to whom, the second pair of eyes, and sending later."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from announcements.actions import (
    approve_announcement,
    countersign_announcement,
    draft_announcement,
    edit_draft,
    publish_announcement,
    remind,
    reschedule_announcement,
    send_back_announcement,
    take_back_announcement,
    withdraw_announcement,
)
from announcements.models import Announcement, Receipt
from core.errors import RefusedError
from directory.models import AuditEvent, Employee, Organisation, OrgUnit, RoleGrant
from notifications.inbox import load_inbox
from notifications.models import Delivery, FanOut, Notification, Preference
from notifications.sweeping import sweep_once
from tests.announcements.conftest import EVERYONE, content, deliver_all
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")


def to(*units: OrgUnit, without: tuple[OrgUnit, ...] = ()) -> dict[str, Any]:
    return {
        "include": [{"kind": "unit", "id": unit.public_id} for unit in units],
        "exclude": [{"kind": "unit", "id": unit.public_id} for unit in without],
    }


def draft_of(author: Employee, audience: Any = None, **facts: Any) -> Announcement:
    return draft_announcement(actor=author, content=content(author, audience, **facts))


def again(employee: Employee) -> Employee:
    """The person as the next request finds them."""
    found: Employee = Employee.objects.get(pk=employee.pk)
    return found


@pytest.fixture
def ola(make_employee: MakeEmployee, city: City) -> Employee:
    """Central communications too."""
    return make_employee("Ola Moen", unit=city.whole, roles=("central_communications",))


@pytest.fixture
def asked(liv: Employee, ola: Employee) -> Announcement:
    """Liv wants to send to everyone."""
    return publish_announcement(actor=liv, announcement=draft_of(liv))


class TestWho:
    def test_a_leader_reaches_the_own_unit_and_those_below(self, kari: Employee, amina: Employee, city: City) -> None:
        OrgUnit.objects.filter(pk=city.home_care.pk).update(leader=kari)
        leader = again(kari)
        for unit in (city.home_care, city.west):
            sent = publish_announcement(actor=leader, announcement=draft_of(leader, to(unit), asks_confirmation=True))
            assert sent.state == "sending"
        for audience in (EVERYONE, to(city.alna), to(city.water), {"include": [{"kind": "leaders"}]}):
            with pytest.raises(RefusedError, match="Du kan sende til egen enhet og enhetene under") as refusal:
                draft_of(leader, audience)
            assert refusal.value.field == "audience"

    def test_by_managing_someone_and_by_acting_for_a_leader(
        self, kari: Employee, amina: Employee, thanh: Employee, city: City
    ) -> None:
        assert not thanh.has_perm("announcements.write")
        assert draft_of(again(kari), to(city.west))
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        grant = RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.east)
        assert draft_of(again(thanh), to(city.east))
        RoleGrant.objects.filter(pk=grant.pk).update(start_date=yesterday, end_date=yesterday)
        with pytest.raises(PermissionDenied):
            draft_of(again(thanh), to(city.east))

    def test_a_leader_sends_nothing_critical(self, kari: Employee, amina: Employee, city: City) -> None:
        with pytest.raises(RefusedError) as refusal:
            draft_of(kari, to(city.west), level="critical")
        assert refusal.value.field == "level"

    def test_central_communications_of_one_branch_reach_that_branch(
        self, make_employee: MakeEmployee, liv: Employee, city: City
    ) -> None:
        writer = make_employee("Ulla Berg", unit=city.alna)
        RoleGrant.objects.create(employee=writer, role="central_communications", unit=city.alna)
        assert draft_of(writer, to(city.west))
        with pytest.raises(RefusedError):
            draft_of(writer, EVERYONE)
        assert not Announcement.objects.kept_by(writer).contains(draft_of(liv))

    def test_an_ordinary_employee_announces_to_nobody(self, amina: Employee, city: City) -> None:
        with pytest.raises(PermissionDenied):
            draft_of(amina, to(city.west))


class TestSecondPairOfEyes:
    def test_what_goes_to_everyone_waits(self, asked: Announcement, liv: Employee, ola: Employee) -> None:
        assert asked.state == "awaiting_approval"
        assert not FanOut.objects.exists()
        (line,) = [line for line in load_inbox(ola).lines if line.unread]
        assert "vil sende til alle" in line.html
        assert Announcement.objects.waiting_for(ola).contains(asked)
        assert not Announcement.objects.waiting_for(liv).exists()

    @pytest.mark.parametrize("which", ["everyone without one", "the whole organisation"])
    def test_leaving_someone_out_is_no_way_round(self, liv: Employee, thanh: Employee, city: City, which: str) -> None:
        everyone = {"kind": "everyone"}
        audience = to(city.whole) if which.startswith("the") else to(without=(city.water,)) | {"include": [everyone]}
        assert publish_announcement(actor=liv, announcement=draft_of(liv, audience)).state == "awaiting_approval"

    def test_what_goes_to_one_agency_does_not_wait(self, liv: Employee, amina: Employee, city: City) -> None:
        assert publish_announcement(actor=liv, announcement=draft_of(liv, to(city.alna))).state == "sending"

    def test_it_can_be_turned_off(self, liv: Employee) -> None:
        Organisation.objects.create(pk=1, second_pair_of_eyes=False)
        assert publish_announcement(actor=liv, announcement=draft_of(liv)).state == "sending"

    def test_approved_it_goes_out(self, asked: Announcement, liv: Employee, ola: Employee) -> None:
        sent = approve_announcement(actor=ola, announcement=asked)
        assert (sent.state, sent.approved_by) == ("sending", ola)
        deliver_all()
        assert Receipt.objects.filter(announcement=asked).count() == 2
        assert AuditEvent.objects.filter(actor=ola, verb="announcements.approved").exists()
        assert not Notification.objects.filter(recipient=ola, kind="announcement_awaits_approval").unread().exists()
        assert any("har godkjent meldingen din" in line.html for line in load_inbox(liv).lines)
        with pytest.raises(RefusedError, match="venter ikke"):
            approve_announcement(actor=ola, announcement=asked)

    def test_nobody_approves_the_own(self, asked: Announcement, liv: Employee, amina: Employee, ola: Employee) -> None:
        for person in (liv, amina):
            with pytest.raises(PermissionDenied):
                approve_announcement(actor=person, announcement=asked)
        take_back_announcement(actor=liv, announcement=asked)
        by_another = publish_announcement(actor=ola, announcement=asked)
        for person in (liv, ola):
            with pytest.raises(PermissionDenied):
                approve_announcement(actor=person, announcement=by_another)

    def test_the_preparedness_right_is_enough(self, asked: Announcement, make_employee: MakeEmployee) -> None:
        guard = make_employee("Vakt Vik", roles=("preparedness",))
        assert approve_announcement(actor=guard, announcement=asked).state == "sending"

    def test_sent_back_with_a_note(self, asked: Announcement, liv: Employee, ola: Employee) -> None:
        for note, field in (("  ", "note"), ("x" * 301, "note")):
            with pytest.raises(RefusedError) as refusal:
                send_back_announcement(actor=ola, announcement=asked, note=note)
            assert refusal.value.field == field
        back = send_back_announcement(actor=ola, announcement=asked, note="Si hvor folk kan ringe.")
        assert (back.state, back.returned_note, back.publish_requested_by) == ("draft", "Si hvor folk kan ringe.", None)
        assert any("har sendt meldingen din tilbake" in line.html for line in load_inbox(liv).lines)
        edit_draft(actor=liv, announcement=back, content=content(liv))
        once_more = publish_announcement(actor=liv, announcement=back)
        assert (once_more.state, once_more.returned_note) == ("awaiting_approval", "")
        assert Notification.objects.filter(recipient=ola, kind="announcement_awaits_approval").unread().count() == 1

    def test_it_is_not_edited_while_it_waits(self, asked: Announcement, liv: Employee, ola: Employee) -> None:
        with pytest.raises(RefusedError, match="Trekk den tilbake"):
            edit_draft(actor=liv, announcement=asked, content=content(liv))
        assert take_back_announcement(actor=liv, announcement=asked).state == "draft"
        assert not Notification.objects.filter(recipient=ola).unread().exists()
        with pytest.raises(RefusedError):
            take_back_announcement(actor=liv, announcement=asked)

    def test_rights_are_looked_at_again(self, asked: Announcement, liv: Employee, ola: Employee) -> None:
        RoleGrant.objects.filter(employee=liv).update(taken_back_at=timezone.now())
        with pytest.raises((RefusedError, PermissionDenied)):
            approve_announcement(actor=ola, announcement=asked)
        asked.refresh_from_db()
        assert asked.state == "awaiting_approval"

    def test_approved_for_a_moment_to_come(self, liv: Employee, ola: Employee) -> None:
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        asked = publish_announcement(actor=liv, announcement=draft_of(liv), publish_at=tomorrow)
        assert approve_announcement(actor=ola, announcement=asked).state == "scheduled"

    def test_approved_after_its_moment_it_goes_at_once(self, liv: Employee, ola: Employee) -> None:
        soon = timezone.now() + datetime.timedelta(hours=1)
        asked = publish_announcement(actor=liv, announcement=draft_of(liv), publish_at=soon)
        with time_machine.travel(soon + datetime.timedelta(minutes=1)):
            assert approve_announcement(actor=ola, announcement=asked).state == "sending"


class TestCritical:
    def test_it_goes_alone_and_is_signed_for_afterwards(self, liv: Employee, ola: Employee) -> None:
        sent = publish_announcement(actor=liv, announcement=draft_of(liv, level="critical"))
        assert (sent.state, sent.approved_at) == ("sending", None)
        deliver_all()
        assert Announcement.objects.waiting_for(ola).contains(sent)
        assert any("kritisk melding" in line.html for line in load_inbox(ola).lines)
        with pytest.raises(PermissionDenied):
            countersign_announcement(actor=liv, announcement=sent)
        signed = countersign_announcement(actor=ola, announcement=sent)
        assert signed.approved_by == ola
        assert not Announcement.objects.waiting_for(ola).exists()
        assert AuditEvent.objects.filter(actor=ola, verb="announcements.countersigned").exists()
        with pytest.raises(RefusedError):
            countersign_announcement(actor=ola, announcement=sent)

    def test_withdrawn_it_waits_for_nobody(self, liv: Employee, ola: Employee) -> None:
        sent = publish_announcement(actor=liv, announcement=draft_of(liv, level="critical"))
        withdraw_announcement(actor=liv, announcement=sent)
        assert not Announcement.objects.waiting_for(ola).exists()
        assert not Notification.objects.filter(recipient=ola).unread().exists()

    @pytest.mark.parametrize(("level", "mails"), [("critical", 1), ("normal", 0)])
    def test_no_mute_stops_it(self, liv: Employee, amina: Employee, city: City, level: str, mails: int) -> None:
        for kind in ("announcement", "announcement_reminder"):
            Preference.objects.create(employee=amina, kind=kind, channel="email", wanted=False)
        sent = publish_announcement(actor=liv, announcement=draft_of(liv, to(city.west), level=level))
        deliver_all()
        assert Delivery.objects.filter(recipient=amina, kind="announcement").count() == mails
        remind(actor=liv, announcement=sent, to="unseen")
        deliver_all()
        assert Delivery.objects.filter(recipient=amina, kind="announcement_reminder").count() == mails


class TestLater:
    def at(self, **ahead: Any) -> datetime.datetime:
        return timezone.now() + datetime.timedelta(**ahead)

    @pytest.fixture
    def scheduled(self, liv: Employee, amina: Employee, city: City) -> Announcement:
        draft = draft_of(liv, to(city.west))
        return publish_announcement(actor=liv, announcement=draft, publish_at=self.at(days=1))

    def test_the_sweeper_sends_it_when_the_moment_comes(
        self, scheduled: Announcement, make_employee: MakeEmployee
    ) -> None:
        assert scheduled.state == "scheduled"
        deliver_all()
        sweep_once()
        assert not Receipt.objects.exists()
        make_employee("Ny Nilsen")
        assert scheduled.publish_at
        with time_machine.travel(scheduled.publish_at + datetime.timedelta(seconds=5)):
            sweep_once()
            sweep_once()
            scheduled.refresh_from_db()
            assert (scheduled.state, scheduled.receipts.count()) == ("published", 3), "as the audience is then"
            assert scheduled.is_on_top
            assert scheduled.on_top_until
            assert (scheduled.on_top_until - timezone.now()).days in (2, 3)

    @pytest.mark.parametrize(
        ("ahead", "words"),
        [({"minutes": -1}, "passert"), ({"minutes": 2}, "fem minutter"), ({"days": 366}, "innen et år")],
    )
    def test_a_moment_that_cannot_be_chosen(
        self, liv: Employee, amina: Employee, city: City, ahead: Any, words: str
    ) -> None:
        draft = draft_of(liv, to(city.west))
        with pytest.raises(RefusedError, match=words) as refusal:
            publish_announcement(actor=liv, announcement=draft, publish_at=self.at(**ahead))
        assert refusal.value.field == "publish_at"
        draft.refresh_from_db()
        assert (draft.state, draft.publish_at) == ("draft", None)

    def test_changed_to_another_moment(self, scheduled: Announcement, liv: Employee) -> None:
        first, later = scheduled.publish_at, self.at(days=2)
        assert first
        reschedule_announcement(actor=liv, announcement=scheduled, publish_at=later)
        with time_machine.travel(first + datetime.timedelta(minutes=1)):
            sweep_once()
            scheduled.refresh_from_db()
            assert scheduled.state == "scheduled"
        with time_machine.travel(later + datetime.timedelta(minutes=1)):
            sweep_once()
            sweep_once()
            scheduled.refresh_from_db()
            assert scheduled.state == "published"

    def test_sent_now_after_all(self, scheduled: Announcement, liv: Employee) -> None:
        assert reschedule_announcement(actor=liv, announcement=scheduled, publish_at=None).state == "sending"
        deliver_all()
        assert scheduled.receipts.count() == 2
        with pytest.raises(RefusedError):
            reschedule_announcement(actor=liv, announcement=scheduled, publish_at=None)

    def test_taken_back_it_is_not_sent(self, scheduled: Announcement, liv: Employee) -> None:
        take_back_announcement(actor=liv, announcement=scheduled)
        assert scheduled.publish_at
        with time_machine.travel(scheduled.publish_at + datetime.timedelta(minutes=1)):
            sweep_once()
        scheduled.refresh_from_db()
        assert (scheduled.state, Receipt.objects.count()) == ("draft", 0)

    def test_taken_back_and_scheduled_for_the_same_moment(self, scheduled: Announcement, liv: Employee) -> None:
        moment = scheduled.publish_at
        assert moment
        take_back_announcement(actor=liv, announcement=scheduled)
        publish_announcement(actor=liv, announcement=scheduled, publish_at=moment)
        with time_machine.travel(moment + datetime.timedelta(minutes=1)):
            sweep_once()
            sweep_once()
        assert scheduled.receipts.count() == 2

    @pytest.mark.parametrize("what", ["author left", "right taken back", "nobody there"])
    def test_what_no_longer_holds_becomes_a_draft(
        self, scheduled: Announcement, liv: Employee, ola: Employee, amina: Employee, what: str
    ) -> None:
        if what == "author left":
            Employee.objects.filter(pk=liv.pk).update(is_active=False)
        elif what == "right taken back":
            RoleGrant.objects.filter(employee=liv).update(taken_back_at=timezone.now())
        else:
            Employee.objects.filter(primary_employment__unit__code="BAL-01-01").update(is_active=False)
        assert scheduled.publish_at
        with time_machine.travel(scheduled.publish_at + datetime.timedelta(minutes=1)):
            sweep_once()
            sweep_once()
        scheduled.refresh_from_db()
        assert scheduled.state == "draft"
        assert not Receipt.objects.exists()
        assert scheduled.returned_note.startswith("Den ble ikke sendt: ")
        keeper = liv if what == "nobody there" else ola
        assert any("ble ikke sendt" in line.html for line in load_inbox(again(keeper)).lines)

    def test_run_twice_it_is_sent_once(self, scheduled: Announcement) -> None:
        assert scheduled.publish_at
        with time_machine.travel(scheduled.publish_at + datetime.timedelta(minutes=1)):
            sweep_once()
            FanOut.objects.filter(job="announcements.begin").update(state="waiting", leased_until=None)
            sweep_once()
            sweep_once()
        assert FanOut.objects.filter(job="announcements.deliver").count() == 1
        assert scheduled.receipts.count() == 2
