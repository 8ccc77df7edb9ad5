"""«Be lederne følge opp», the leader's own list, and the reminder that goes by itself."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from announcements.actions import acknowledge, add_newcomers, next_reminder_at, remind, withdraw_announcement
from announcements.actions.asking_leaders import ask_leaders_to_follow_up
from announcements.actions.team import follow_up_otherwise, undo_other_follow_up
from announcements.follow_ups import leaders_to_ask, missing_under, read_follow_up_counts
from announcements.models import Announcement, OtherFollowUp
from core.clock import local_today
from core.errors import RefusedError
from directory.models import AuditEvent, Employee, Organisation, RoleGrant
from notifications.models import FanOut, Notification
from tests.announcements.conftest import Announce, ClientOf, body, deliver_all
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db

KIND = "announcement_follow_up"


@pytest.fixture(autouse=True)
def recorded(db: None) -> Organisation:
    """An organisation that has recorded why it shows named confirmation."""
    facts = {"insight_purpose": "Nå fram", "dpia_reference": "1", "discussed_with_stewards_date": local_today()}
    return Organisation.objects.create(pk=1, name="Oslo kommune", **facts)


@pytest.fixture
def sent(announce: Announce, liv: Employee, kari: Employee, amina: Employee, thanh: Employee) -> Announcement:
    """To everyone, who are asked to confirm; Amina is Kari's."""
    return announce(liv, asks_confirmation=True)


def told() -> set[int]:
    return set(Notification.objects.filter(kind=KIND).values_list("recipient", flat=True))


def listed(sent: Announcement, leader: Employee) -> set[str]:
    fresh = Employee.objects.get(pk=leader.pk)
    return {one.employee.first_name for one in missing_under(sent, fresh) if not one.is_followed_up}


class TestAsking:
    def test_each_leader_with_someone_left_is_told_once(
        self, sent: Announcement, liv: Employee, kari: Employee
    ) -> None:
        request = ask_leaders_to_follow_up(actor=liv, announcement=sent)
        deliver_all()
        FanOut.objects.filter(job="announcements.ask_leaders").update(state="waiting", cursor=0)
        deliver_all()
        assert (request.count, told()) == (1, {kari.pk})
        assert Notification.objects.filter(kind=KIND).count() == 1

    def test_nobody_is_told_when_everyone_has_confirmed(
        self, sent: Announcement, liv: Employee, amina: Employee
    ) -> None:
        acknowledge(employee=amina, announcement=sent)
        assert ask_leaders_to_follow_up(actor=liv, announcement=sent).count == 0
        deliver_all()
        assert told() == set()

    def test_whoever_acts_is_told_beside_the_leader(
        self, sent: Announcement, liv: Employee, kari: Employee, thanh: Employee, city: City
    ) -> None:
        city.west.leader = kari
        city.west.save()
        RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.west)
        ask_leaders_to_follow_up(actor=liv, announcement=sent)
        deliver_all()
        assert told() == {kari.pk, thanh.pk}
        assert listed(sent, thanh) == {"Amina"}

    @pytest.mark.parametrize(("level", "hours"), [("normal", 24), ("critical", 1)])
    def test_a_pause_between_requests(
        self, announce: Announce, liv: Employee, amina: Employee, level: str, hours: int, client_of: ClientOf
    ) -> None:
        sent = announce(liv, asks_confirmation=True, level=level)
        page = client_of(liv).post(reverse("ask_leaders_to_follow_up", args=[sent.public_id]), follow=True)
        assert f"om {hours} time" in page.content.decode()
        with pytest.raises(RefusedError):
            ask_leaders_to_follow_up(actor=liv, announcement=sent)
        sent.follow_up_requests.update(asked_at=timezone.now() - datetime.timedelta(hours=hours))
        ask_leaders_to_follow_up(actor=liv, announcement=sent)

    def test_refused_where_names_may_not_be_shown(
        self, announce: Announce, sent: Announcement, liv: Employee, recorded: Organisation
    ) -> None:
        with pytest.raises(RefusedError):
            ask_leaders_to_follow_up(actor=liv, announcement=announce(liv))
        recorded.dpia_reference = ""
        recorded.save()
        with pytest.raises(RefusedError):
            ask_leaders_to_follow_up(actor=liv, announcement=sent)

    def test_withdrawn_before_the_worker_came(self, sent: Announcement, liv: Employee) -> None:
        ask_leaders_to_follow_up(actor=liv, announcement=sent)
        withdraw_announcement(actor=liv, announcement=sent)
        deliver_all()
        assert told() == set()

    def test_small_counts_are_not_told(self, sent: Announcement, liv: Employee, make_employee: MakeEmployee) -> None:
        counts = read_follow_up_counts(sent)
        assert (counts.leaders, counts.without_leader, counts.some_without_leader) == (None, None, True)
        for number in range(20):
            leader = make_employee(f"Leder {number}", unit=None, manager=liv)
            for person in range(2):
                make_employee(f"Person {number} {person}", manager=leader)
        add_newcomers()
        counts = read_follow_up_counts(sent)
        assert (counts.leaders, counts.without_leader) == (22, None), "Kari, Liv and twenty more"

    def test_asking_takes_as_many_queries_for_one_leader_as_for_many(
        self, sent: Announcement, make_employee: MakeEmployee, django_assert_num_queries: Any
    ) -> None:
        for number in range(5):
            leader = make_employee(f"Leder {number}")
            make_employee(f"Person {number}", manager=leader)
        add_newcomers()
        with django_assert_num_queries(1):
            assert leaders_to_ask(sent).count() == 6


class TestList:
    def test_own_people_at_work_alone(
        self, sent: Announcement, kari: Employee, amina: Employee, make_employee: MakeEmployee
    ) -> None:
        below = make_employee("Nils Nestleder", manager=kari)
        make_employee("Per Lengre Ned", manager=below)
        away = make_employee("Ola Permisjon", manager=kari)
        away.primary_employment.leave_until_date = local_today() + datetime.timedelta(days=9)  # type: ignore[union-attr]
        away.primary_employment.save()  # type: ignore[union-attr]
        make_employee("Siv Skjermet", manager=kari, protected=True)
        add_newcomers()
        assert listed(sent, kari) == {"Amina", "Nils", "Siv"}

    def test_each_look_is_logged_and_told_in_plain_words(
        self, sent: Announcement, kari: Employee, amina: Employee, client_of: ClientOf
    ) -> None:
        Employee.objects.filter(pk=amina.pk).update(work_phone="22 33 44 55", private_mobile="987 65 432")
        page = body(client_of(kari), reverse("announcement_team", args=[sent.public_id]))
        assert "Amina Hassan" in page
        assert "tel:22334455" in page
        assert "tel:98765432" in page, "the own leader sees a private number"
        paper = body(client_of(kari), reverse("print_announcement_team", args=[sent.public_id]))
        assert "Skrevet ut" in paper
        assert "av Kari Nordby" in paper
        verbs = list(AuditEvent.objects.filter(subject=amina).order_by("pk").values_list("verb", flat=True))
        assert verbs == ["announcements.team_list_opened", "announcements.team_list_printed"]
        mine = body(client_of(amina), reverse("me_visible"))
        assert "Lederen din så på listen" in mine
        assert "Lederen din skrev ut listen" in mine

    def test_followed_up_in_another_way_and_back(
        self, sent: Announcement, liv: Employee, kari: Employee, amina: Employee, client_of: ClientOf
    ) -> None:
        address = reverse("follow_up_person_otherwise", args=[sent.public_id, amina.public_id])
        assert client_of(kari).post(address).status_code == 302
        assert OtherFollowUp.objects.get().employee == amina
        assert listed(sent, kari) == set()
        assert ask_leaders_to_follow_up(actor=liv, announcement=sent).count == 0
        page = body(client_of(kari), reverse("announcement_team", args=[sent.public_id]))
        assert 'name="undo"' in page
        client_of(kari).post(address, {"undo": "1"})
        assert listed(sent, kari) == {"Amina"}
        assert "noterte at du" in body(client_of(amina), reverse("me_visible"))

    def test_nobody_marks_the_people_of_others(
        self, sent: Announcement, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
    ) -> None:
        theirs = reverse("follow_up_person_otherwise", args=[sent.public_id, thanh.public_id])
        assert client_of(kari).post(theirs).status_code == 404
        mine = reverse("follow_up_person_otherwise", args=[sent.public_id, amina.public_id])
        assert client_of(thanh).post(mine).status_code == 404
        for act in (follow_up_otherwise, undo_other_follow_up):
            with pytest.raises(Exception, match=""):
                act(leader=kari, announcement=sent, employee=thanh)

    def test_gone_when_it_is_no_longer_kept(self, sent: Announcement, kari: Employee, client_of: ClientOf) -> None:
        Announcement.objects.filter(pk=sent.pk).update(figures_final_at=timezone.now())
        assert client_of(kari).get(reverse("announcement_team", args=[sent.public_id])).status_code == 404


class TestByItself:
    def after(self, hours: int, sent: Announcement) -> None:
        """Let the hours pass."""
        past = timezone.now() - datetime.timedelta(hours=hours)
        Announcement.objects.filter(pk=sent.pk).update(published_at=past)
        FanOut.objects.exclude(state="done").update(not_before=timezone.now())
        deliver_all()
        deliver_all()

    def test_sent_once_to_those_left(
        self, announce: Announce, liv: Employee, kari: Employee, amina: Employee, thanh: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True, reminds_after_hours=24)
        waiting = FanOut.objects.get(job="announcements.remind_by_itself")
        assert waiting.not_before == sent.published_at + datetime.timedelta(hours=24)  # type: ignore[operator]
        acknowledge(employee=amina, announcement=sent)
        self.after(24, sent)
        told = Notification.objects.filter(kind="announcement_reminder")
        assert set(told.values_list("recipient", flat=True)) == {liv.pk, kari.pk, thanh.pk}
        reminder = sent.reminders.get()
        assert (reminder.to, reminder.sent_by, reminder.count) == ("unacknowledged", None, 3)
        deliver_all()
        assert sent.reminders.count() == 1

    @pytest.mark.parametrize("fate", ["withdrawn", "over", "superseded"])
    def test_never_for_what_no_longer_holds(
        self, announce: Announce, liv: Employee, amina: Employee, fate: str
    ) -> None:
        sent = announce(liv, reminds_after_hours=24)
        changes: dict[str, dict[str, Any]] = {
            "withdrawn": {"state": "withdrawn"},
            "over": {"on_top_until": timezone.now()},
            "superseded": {"superseded_by": sent},
        }
        Announcement.objects.filter(pk=sent.pk).update(**changes[fate])
        self.after(24, sent)
        assert not sent.reminders.exists()

    def test_waits_for_the_pause_after_another_reminder(
        self, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, reminds_after_hours=24)
        manual = remind(actor=liv, announcement=sent, to="unseen")
        self.after(24, sent)
        assert sent.reminders.count() == 1
        later = FanOut.objects.get(job="announcements.remind_by_itself", state="waiting")
        assert later.not_before == next_reminder_at(sent) == manual.sent_at + datetime.timedelta(hours=24)

    def test_must_come_while_it_is_on_top(self, announce: Announce, liv: Employee) -> None:
        with pytest.raises(RefusedError) as refusal:
            announce(liv, reminds_after_hours=48, days_on_top=2)
        assert refusal.value.field == "reminds_after_hours"
