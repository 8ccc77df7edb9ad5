"""Corrections and updates: what stood before is kept, and people are told or asked again only where one wants it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from announcements.actions import (
    Wording,
    acknowledge,
    correct_announcement,
    draft_update,
    mark_seen,
    publish_announcement,
    withdraw_announcement,
)
from announcements.models import Announcement, FormerConfirmation
from announcements.reading import find_chain
from core.errors import RefusedError
from directory.models import Employee
from notifications.models import Notification
from tests.announcements.conftest import Announce, ClientOf, body, deliver_all

pytestmark = pytest.mark.django_db
NEW = {"nb": Wording("Ekstremvær fra fredag", "Vi tok feil av dagen.")}


def test_nobody_is_told_unless_it_is_asked_for(announce: Announce, liv: Employee, amina: Employee) -> None:
    sent = announce(liv, asks_confirmation=True)
    acknowledge(employee=amina, announcement=sent)
    correct_announcement(actor=liv, announcement=sent, texts=NEW)
    deliver_all()
    assert not Notification.objects.exists()
    assert sent.receipts.get(employee=amina).revision == 1


def test_all_are_told_again(announce: Announce, liv: Employee, amina: Employee, client_of: ClientOf) -> None:
    sent = announce(liv)
    mark_seen(employee=amina, announcement=sent)
    correct_announcement(actor=liv, announcement=sent, texts=NEW, note="Dagen er rettet.", tell_again=True)
    deliver_all()
    told = Notification.objects.filter(kind="announcement_corrected")
    assert told.count() == sent.receipts.count()
    deliver_all()
    assert told.count() == sent.receipts.count()
    inbox = body(client_of(amina), reverse("notifications"))
    assert "Viktig melding er endret" in inbox
    assert "Dagen er rettet." in inbox


def test_all_are_asked_to_confirm_again(announce: Announce, liv: Employee, amina: Employee, kari: Employee) -> None:
    sent = announce(liv, asks_confirmation=True)
    acknowledge(employee=amina, announcement=sent)
    first = sent.receipts.get(employee=amina)
    correct_announcement(actor=liv, announcement=sent, texts=NEW, ask_again=True)
    acknowledge(employee=kari, announcement=Announcement.objects.get(pk=sent.pk))
    deliver_all()
    deliver_all()
    mine = sent.receipts.get(employee=amina)
    assert (mine.acknowledged_at, mine.seen_at) == (None, first.seen_at)
    former = FormerConfirmation.objects.get()
    assert (former.employee, former.acknowledged_at, former.revision) == (amina, first.acknowledged_at, 1)
    assert sent.receipts.get(employee=kari).revision == 2
    assert acknowledge(employee=amina, announcement=Announcement.objects.get(pk=sent.pk))
    assert sent.receipts.get(employee=amina).revision == 2


def test_only_those_that_ask_are_asked_again(announce: Announce, liv: Employee) -> None:
    with pytest.raises(RefusedError) as refusal:
        correct_announcement(actor=liv, announcement=announce(liv), texts=NEW, ask_again=True)
    assert refusal.value.field == "ask_again"


def test_how_it_stood_before(
    announce: Announce, liv: Employee, amina: Employee, hege: Employee, client_of: ClientOf
) -> None:
    sent = announce(liv)
    writer = client_of(liv)
    form = {"title_nb": "Fra fredag", "body_nb": "Ny dag.", "change_note": "Dagen er rettet.", "tell_again": "on"}
    assert writer.post(reverse("correct_announcement", args=[sent.public_id]), form).status_code == 302
    history = reverse("announcement_history", args=[sent.public_id])
    page = body(client_of(amina), history)
    assert page.index("Fra fredag") < page.index("Sjekk vakten din.")
    for words in ("Slik sto det før", "Dagen er rettet.", liv.display_name, "Gjelder nå"):
        assert words in page
    assert history in body(client_of(amina), sent.get_absolute_url())
    versions = client_of(amina).get(f"/api/v1/announcements/{sent.public_id}/history/").json()
    assert [(one["revision"], one["is_current"]) for one in versions] == [(2, True), (1, False)]
    withdraw_announcement(actor=liv, announcement=sent)
    assert client_of(amina).get(history).status_code == 404


class TestUpdates:
    def update(self, liv: Employee, sent: Announcement) -> Announcement:
        draft = draft_update(actor=liv, announcement=sent)
        publish_announcement(actor=liv, announcement=draft)
        deliver_all()
        return Announcement.objects.get(pk=draft.pk)

    def test_it_takes_the_place_of_the_former(
        self, announce: Announce, liv: Employee, amina: Employee, client_of: ClientOf
    ) -> None:
        sent = announce(liv, asks_confirmation=True, days_on_top=6)
        answer = client_of(liv).post(reverse("update_announcement", args=[sent.public_id]))
        draft = Announcement.objects.get(updates=sent)
        assert answer["Location"] == reverse("write_announcement", args=[draft.public_id])
        assert "Oppdatering 2" in body(client_of(liv), answer["Location"])
        assert (draft.update_number, draft.asks_confirmation, draft.days_on_top) == (2, True, 6)
        assert draft.text_in("nb").title == sent.text_in("nb").title
        assert amina.receipts.on_top().count() == amina.receipts.unread().count() == 1
        publish_announcement(actor=liv, announcement=draft)
        deliver_all()
        sent.refresh_from_db()
        assert sent.superseded_by == draft
        assert [one.announcement for one in amina.receipts.on_top()] == [draft]
        assert amina.receipts.unread().count() == 1

    def test_the_chain_is_found_from_any_of_them(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        first = announce(liv)
        second = self.update(liv, first)
        third = self.update(liv, second)
        first.refresh_from_db()
        for one in (first, second, third):
            assert find_chain(amina, one) == [first, second, third]
        assert third.update_number == 3
        assert find_chain(amina, announce(liv)) == []

    def test_the_second_update_of_the_same_is_refused(self, announce: Announce, liv: Employee) -> None:
        sent = announce(liv)
        one, two = (draft_update(actor=liv, announcement=sent) for _ in range(2))
        publish_announcement(actor=liv, announcement=one)
        with pytest.raises(RefusedError, match="annen oppdatering"):
            publish_announcement(actor=liv, announcement=two)
        deliver_all()
        sent.refresh_from_db()
        with pytest.raises(RefusedError):
            draft_update(actor=liv, announcement=sent)

    def test_withdrawn_the_former_stands_again(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv)
        update = self.update(liv, sent)
        withdraw_announcement(actor=liv, announcement=update)
        sent.refresh_from_db()
        assert sent.superseded_by is None
        assert [one.announcement for one in amina.receipts.on_top()] == [sent]
        assert self.update(liv, sent).update_number == 3

    def test_a_withdrawn_one_is_not_updated(self, announce: Announce, liv: Employee, client_of: ClientOf) -> None:
        sent = withdraw_announcement(actor=liv, announcement=announce(liv))
        with pytest.raises(RefusedError):
            draft_update(actor=liv, announcement=sent)
        answer: Any = client_of(liv).post(f"/api/v1/announcements/{sent.public_id}/update/")
        assert answer.status_code == 409
