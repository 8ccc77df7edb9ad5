"""From draft to a receipt each."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from announcements.actions import (
    acknowledge,
    correct_announcement,
    discard_draft,
    draft_announcement,
    edit_draft,
    mark_seen,
    publish_announcement,
    remind,
    withdraw_announcement,
)
from announcements.actions.writing import Wording
from announcements.models import Announcement, Receipt
from core.errors import RefusedError
from directory.models import Employee, RoleGrant
from groups.models import Group
from notifications.channels.email import send_due
from notifications.fan_out import run_fan_out
from notifications.models import Delivery, FanOut
from tests.announcements.conftest import EVERYONE, TEXTS, Announce, content, deliver_all
from tests.conftest import City, MakeEmployee, MakeGroup

pytestmark = pytest.mark.django_db


def test_publishing_answers_before_anyone_has_a_receipt(announce: Announce, liv: Employee, amina: Employee) -> None:
    sent = announce(liv, deliver=False)
    assert (sent.state, sent.published_at, sent.receipts.count()) == ("sending", None, 0)
    assert sent.publish_requested_at
    deliver_all()
    sent.refresh_from_db()
    assert sent.state == "published"
    assert sent.published_at
    assert set(sent.receipts.values_list("employee", flat=True)) == set(Employee.objects.values_list("pk", flat=True))


def test_a_receipt_keeps_the_primary_unit(announce: Announce, liv: Employee, amina: Employee, city: City) -> None:
    receipt = announce(liv).receipts.get(employee=amina)
    assert receipt.unit == city.west
    assert not receipt.joined_later


def test_the_audience_is_what_was_chosen(
    announce: Announce, liv: Employee, amina: Employee, thanh: Employee, kari: Employee, city: City
) -> None:
    audience = {
        "include": [{"kind": "unit", "id": city.alna.public_id}, {"kind": "unit", "id": city.water.public_id}],
        "exclude": [{"kind": "leaders"}],
    }
    sent = announce(liv, audience)
    assert set(sent.receipts.values_list("employee", flat=True)) == {amina.pk, thanh.pk}


def test_e_mail_goes_to_those_who_have_one_and_counts_as_delivered(
    announce: Announce, liv: Employee, make_employee: MakeEmployee, mailoutbox: list
) -> None:
    without = make_employee("Night Worker", email=None)
    sent = announce(liv)
    assert Delivery.objects.filter(kind="announcement").count() == sent.receipts.count() - 1
    send_due()
    assert [mail.subject for mail in mailoutbox] == ["Viktig: Ekstremvær fra torsdag"]
    assert sent.get_absolute_url() in mailoutbox[0].body
    assert sent.receipts.get(employee=liv).delivered_at
    assert not sent.receipts.get(employee=without).delivered_at


def test_the_same_draft_is_sent_once(announce: Announce, liv: Employee) -> None:
    sent = announce(liv)
    with pytest.raises(RefusedError, match="allerede sendt"):
        publish_announcement(actor=liv, announcement=sent)
    assert FanOut.objects.filter(job="announcements.deliver").count() == 1


@pytest.mark.parametrize(
    ("texts", "field"),
    [({}, "title_nb"), ({"nb": Wording("T", " ")}, "body_nb"), (TEXTS | {"en": Wording("", "Text")}, "title_en")],
)
def test_what_is_unfinished_stays_a_draft(liv: Employee, texts: dict[str, Wording], field: str) -> None:
    draft = draft_announcement(actor=liv, content=content(liv, texts=texts))
    with pytest.raises(RefusedError) as refusal:
        publish_announcement(actor=liv, announcement=draft)
    assert refusal.value.field == field
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_empty_audience_is_refused(liv: Employee, make_group: MakeGroup) -> None:
    empty = make_group("Tom", owner=None)
    draft = draft_announcement(actor=liv, content=content(liv, {"include": [{"kind": "group", "id": empty.public_id}]}))
    with pytest.raises(RefusedError) as refusal:
        publish_announcement(actor=liv, announcement=draft)
    assert refusal.value.field == "audience"
    assert not FanOut.objects.exists()


def test_text_of_a_megabyte_is_refused(liv: Employee) -> None:
    with pytest.raises(RefusedError) as refusal:
        draft_announcement(actor=liv, content=content(liv, texts={"nb": Wording("T", "x" * 1_000_000)}))
    assert refusal.value.field == "body_nb"
    assert not Announcement.objects.exists()


class TestWho:
    def test_only_communications_write(self, amina: Employee, liv: Employee) -> None:
        with pytest.raises(PermissionDenied):
            draft_announcement(actor=amina, content=content(liv))

    def test_agency_communications_reach_their_own_branch(
        self, make_employee: MakeEmployee, city: City, announce: Announce, amina: Employee
    ) -> None:
        writer = make_employee("Ulla Berg", unit=city.alna)
        RoleGrant.objects.create(employee=writer, role="agency_communications", unit=city.alna)
        announce(writer, {"include": [{"kind": "unit", "id": city.west.public_id}]})
        for audience in (
            EVERYONE,
            {"include": [{"kind": "unit", "id": city.water.public_id}]},
            {"include": [{"kind": "leaders"}]},
            {
                "include": [
                    {"kind": "unit", "id": city.west.public_id},
                    {"kind": "job_family", "id": city.nurses.public_id},
                ]
            },
        ):
            with pytest.raises(RefusedError) as refusal:
                draft_announcement(actor=writer, content=content(writer, audience))
            assert refusal.value.field == "audience"

    def test_a_role_taken_back_before_sending_counts(self, make_employee: MakeEmployee, city: City) -> None:
        writer = make_employee("Ulla Berg", unit=city.alna)
        grant = RoleGrant.objects.create(employee=writer, role="agency_communications", unit=city.alna)
        draft = draft_announcement(
            actor=writer, content=content(writer, {"include": [{"kind": "unit", "id": city.west.public_id}]})
        )
        RoleGrant.objects.filter(pk=grant.pk).update(taken_back_at=timezone.now())
        with pytest.raises(PermissionDenied):
            publish_announcement(actor=Employee.objects.get(pk=writer.pk), announcement=draft)

    def test_secret_group_is_a_term_for_its_owner_alone(
        self, liv: Employee, kari: Employee, make_group: MakeGroup, make_employee: MakeEmployee
    ) -> None:
        secret = make_group("Skjult", "secret", owner=kari)
        audience = {"include": [{"kind": "group", "id": secret.public_id}]}
        with pytest.raises(RefusedError):
            content(liv, audience)
        RoleGrant.objects.create(employee=kari, role="central_communications")
        draft = draft_announcement(actor=kari, content=content(kari, audience))
        assert Announcement.objects.visible_to(kari).contains(draft)
        assert not Announcement.objects.visible_to(liv).contains(draft)
        Group.objects.get(pk=secret.pk).memberships.update(role="member")
        with pytest.raises(RefusedError):
            publish_announcement(actor=kari, announcement=draft)

    def test_critical_needs_the_preparedness_right(self, make_employee: MakeEmployee, liv: Employee) -> None:
        writer = make_employee("Ulla Berg", roles=("central_communications",))
        with pytest.raises(RefusedError) as refusal:
            draft_announcement(actor=writer, content=content(writer, level="critical"))
        assert refusal.value.field == "level"
        draft_announcement(actor=liv, content=content(liv, level="critical"))

    def test_others_cannot_keep_it(self, announce: Announce, liv: Employee, hege: Employee) -> None:
        sent = announce(liv)
        for act in (withdraw_announcement, publish_announcement, discard_draft):
            with pytest.raises(PermissionDenied):
                act(actor=hege, announcement=sent)
        with pytest.raises(PermissionDenied):
            remind(actor=hege, announcement=sent, to="unseen")
        with pytest.raises(PermissionDenied):
            correct_announcement(actor=hege, announcement=sent, texts=TEXTS)


def test_a_draft_is_changed_and_thrown_away(liv: Employee, city: City) -> None:
    draft = draft_announcement(actor=liv, content=content(liv))
    alna = {"include": [{"kind": "unit", "id": city.alna.public_id}]}
    edit_draft(actor=liv, announcement=draft, content=content(liv, alna, days_on_top=7, comments_open=False))
    draft = Announcement.objects.get(pk=draft.pk)
    assert (draft.days_on_top, draft.thread.comments_open) == (7, False)
    assert draft.audience.terms.get().unit == city.alna
    discard_draft(actor=liv, announcement=draft)
    assert not Announcement.objects.kept_by(liv).exists()


class TestReading:
    def test_seen_is_stored_once(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv)
        assert mark_seen(employee=amina, announcement=sent)
        first = sent.receipts.get(employee=amina)
        assert first.delivered_at == first.seen_at is not None
        assert not mark_seen(employee=amina, announcement=sent)
        assert sent.receipts.get(employee=amina).seen_at == first.seen_at

    def test_confirming_keeps_the_wording_that_was_read(
        self, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True, texts=TEXTS | {"en": Wording("Storm", "Stay in.")})
        correct_announcement(actor=liv, announcement=sent, texts=TEXTS, note="Klokka er rettet.")
        assert acknowledge(employee=amina, announcement=sent, revision=1, language="en")
        receipt = sent.receipts.get(employee=amina)
        assert (receipt.revision, receipt.language) == (1, "en")
        assert receipt.seen_at == receipt.acknowledged_at
        assert not acknowledge(employee=amina, announcement=sent, revision=2, language="nb")
        assert sent.receipts.get(employee=amina).revision == 1

    def test_confirming_is_never_blocked_by_house_rules(
        self, announce: Announce, liv: Employee, make_employee: MakeEmployee
    ) -> None:
        new = make_employee("Ny Nilsen", accepted=False)
        assert acknowledge(employee=new, announcement=announce(liv, asks_confirmation=True))

    def test_nobody_confirms_what_was_not_asked_or_addressed(
        self, announce: Announce, liv: Employee, amina: Employee, thanh: Employee, city: City
    ) -> None:
        with pytest.raises(RefusedError):
            acknowledge(employee=amina, announcement=announce(liv))
        only_water = {"include": [{"kind": "unit", "id": city.water.public_id}]}
        with pytest.raises(RefusedError):
            acknowledge(employee=amina, announcement=announce(liv, only_water, asks_confirmation=True))

    def test_corrected_keeps_confirmations(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv, asks_confirmation=True)
        acknowledge(employee=amina, announcement=sent)
        correct_announcement(actor=liv, announcement=sent, texts={"nb": Wording("Ny tittel", "Ny tekst")})
        assert sent.receipts.totals()["acknowledged"] == 1
        found = Announcement.objects.get(pk=sent.pk)
        assert (found.text_in("nb").title, found.texts.count()) == ("Ny tittel", 2)


class TestWithdrawing:
    def test_before_the_freeze_nobody_gets_it(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv, deliver=False)
        withdraw_announcement(actor=liv, announcement=sent)
        deliver_all()
        assert not Receipt.objects.exists()
        assert not Delivery.objects.exists()

    def test_waiting_mail_is_not_sent(
        self, announce: Announce, liv: Employee, amina: Employee, mailoutbox: list
    ) -> None:
        sent = announce(liv)
        Delivery.objects.update(state="waiting")
        before = len(mailoutbox)
        withdraw_announcement(actor=liv, announcement=sent)
        send_due()
        assert len(mailoutbox) == before
        assert sent.receipts.count() == 3, "the ledger stays"
        with pytest.raises(RefusedError):
            acknowledge(employee=amina, announcement=Announcement.objects.get(pk=sent.pk))


def test_run_twice_changes_nothing(announce: Announce, liv: Employee, amina: Employee) -> None:
    sent = announce(liv)
    receipts = list(sent.receipts.order_by("employee").values_list("employee", "delivered_at"))
    FanOut.objects.update(state="waiting", cursor=0, leased_until=None)
    run_fan_out(FanOut.objects.get().pk)
    assert list(sent.receipts.order_by("employee").values_list("employee", "delivered_at")) == receipts
    assert Delivery.objects.count() == 3
