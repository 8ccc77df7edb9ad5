"""The screens: who sees what, what counts as seen, and what a page costs."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from announcements.actions import Wording, acknowledge, correct_announcement, mark_seen, withdraw_announcement
from announcements.fragments import banners
from announcements.models import Announcement
from directory.models import AuditEvent, Employee, Employment, Organisation
from notifications.inbox import count_unread
from notifications.models import Preference
from tests.announcements.conftest import TEXTS, Announce, ClientOf, body
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def measured(db: None) -> None:
    """An organisation that has recorded why it may show names."""
    Organisation.objects.create(
        pk=1, insight_purpose="Nå alle.", dpia_reference="1", discussed_with_stewards_date=datetime.date(2026, 1, 1)
    )


def asked(client: Client, address: str) -> list[str]:
    """Return what a second visit asks the database."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


class TestReading:
    def test_on_top_until_confirmed(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True)
        reader = client_of(amina)
        assert "Les og bekreft" in body(reader, HOME)
        page = body(reader, sent.get_absolute_url())
        assert "Jeg har lest dette" in page
        assert "<h2>Dette gjør du nå</h2>" in page
        answer = reader.post(
            reverse("acknowledge_announcement", args=[sent.public_id]), {"revision": 1, "language": "nb"}
        )
        assert answer.status_code == 302
        assert "Du har bekreftet" in body(reader, sent.get_absolute_url())
        assert "Ekstremvær" not in body(reader, HOME)

    def test_the_inbox_says_why_and_offers_less(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "127.0.0.1"
        reader, address = client_of(amina), reverse("why_announcement", args=[announce(liv).public_id])
        assert address in body(reader, "/notifications/")
        page = body(reader, address)
        assert "fordi du er blant dem den er sendt til: «Alle" in page
        assert "Det står alltid under Varsler. De kritiske når deg alltid." in page
        assert 'value="inbox"' not in page
        for less, wanted in ({"less": "email"}, [False]), ({"less": "inbox"}, [False]):
            reader.post(address, less)
            assert list(Preference.objects.values_list("wanted", flat=True)) == wanted
        reader.post(f"{address}?undo&less=email")
        assert Preference.objects.get().wanted

    def test_opening_is_delivered_and_the_beacon_is_seen(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv)
        reader = client_of(amina)
        assert "data-seen" in body(reader, sent.get_absolute_url())
        receipt = sent.receipts.get(employee=amina)
        assert receipt.delivered_at
        assert not receipt.seen_at, "a page fetched in advance has been seen by nobody"
        address = reverse("see_announcement", args=[sent.public_id])
        assert reader.get(address).status_code == 405
        assert reader.post(address, {"beacon": "1"}).status_code == 204
        assert sent.receipts.get(employee=amina).seen_at
        assert "data-seen" not in body(reader, sent.get_absolute_url())
        assert "Ekstremvær" not in body(reader, HOME)

    def test_two_on_top_and_how_many_more(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        for number in range(3):
            announce(liv, texts={"nb": Wording(f"Melding {number}", "Tekst")})
        page = body(client_of(amina), HOME)
        assert ("Melding 2" in page, "Melding 1" in page, "Melding 0" in page) == (True, True, False)
        assert "1 viktig melding til" in page

    def test_gone_from_the_top_when_its_days_are_over(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        Announcement.objects.filter(pk=announce(liv).pk).update(on_top_until=timezone.now())
        assert "Ekstremvær" not in body(client_of(amina), HOME)

    def test_the_reader_gets_the_own_language_and_may_switch(
        self, client_of: ClientOf, announce: Announce, liv: Employee, make_employee: MakeEmployee
    ) -> None:
        reader = client_of(make_employee("Ann Smith", language="en"))
        sent = announce(liv, texts=TEXTS | {"en": Wording("Storm from Thursday", "Stay in.")})
        assert "Storm from Thursday" in body(reader, sent.get_absolute_url())
        switched = body(reader, f"{sent.get_absolute_url()}?lang=nb")
        assert '<h1 class="h1" lang="nb">Ekstremvær fra torsdag</h1>' in switched

    def test_withdrawn_is_a_stub(self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv, asks_confirmation=True)
        withdraw_announcement(actor=liv, announcement=sent)
        reader = client_of(amina)
        page = body(reader, sent.get_absolute_url())
        assert "trukket tilbake" in page
        assert "Sjekk vakten din" not in page
        assert "Ekstremvær" not in body(reader, HOME)
        assert reader.get(reverse("print_announcement", args=[sent.public_id])).status_code == 404
        answer = reader.post(reverse("acknowledge_announcement", args=[sent.public_id]))
        assert any("trukket" in str(message) for message in get_messages(answer.wsgi_request))

    def test_corrected_says_so(self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv)
        correct_announcement(
            actor=liv, announcement=sent, texts={"nb": Wording("Storm", "Ny tekst")}, note="Klokka er rettet."
        )
        page = body(client_of(amina), sent.get_absolute_url())
        assert "Klokka er rettet." in page
        assert "Ny tekst" in page

    def test_what_people_write_never_runs(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)> [k](javascript:alert(1))"
        sent = announce(liv, texts={"nb": Wording(evil[:100], evil)})
        reader = client_of(amina)
        for address in (HOME, sent.get_absolute_url(), reverse("announcements"), "/notifications/"):
            page = body(reader, address)
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert 'href="javascript' not in page

    def test_inbox_counts_it_until_it_is_seen(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv)
        assert count_unread(amina) == 1
        assert "Ekstremvær" in body(client_of(amina), "/notifications/")
        mark_seen(employee=amina, announcement=sent)
        assert count_unread(amina) == 0


class TestWho:
    def test_others_get_404_and_strangers_the_door(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, thanh: Employee, city: City
    ) -> None:
        sent = announce(liv, {"include": [{"kind": "unit", "id": city.alna.public_id}]})
        outsider = client_of(thanh)
        for name in ("announcement", "announcement_answers", "print_announcement", "announcement_team"):
            assert outsider.get(reverse(name, args=[sent.public_id])).status_code == 404
            assert Client().get(reverse(name, args=[sent.public_id])).status_code == 302
        for name in ("see_announcement", "acknowledge_announcement"):
            assert outsider.post(reverse(name, args=[sent.public_id])).status_code == 404
        assert "Ekstremvær" not in body(outsider, reverse("announcements"))

    @pytest.mark.parametrize(
        "name",
        [
            *("write_announcement", "publish_announcement", "correct_announcement", "withdraw_announcement"),
            *("announcement_figures", "announcement_units", "remind_of_announcement"),
        ],
    )
    def test_keeping_is_for_those_who_keep(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, name: str
    ) -> None:
        sent = announce(liv)
        address = reverse(name, args=[sent.public_id])
        assert client_of(amina).get(address).status_code == 403
        assert client_of(liv).get(address).status_code in (200, 302)
        assert client_of(amina).get(reverse("manage_announcements")).status_code == 403

    def test_a_draft_is_seen_by_nobody_else(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, deliver=False)
        Announcement.objects.update(state="draft")
        assert client_of(amina).get(sent.get_absolute_url()).status_code == 404
        assert client_of(liv).get(sent.get_absolute_url()).status_code == 200


class TestTeam:
    def test_the_leader_sees_own_people_who_have_not_confirmed(
        self,
        client_of: ClientOf,
        announce: Announce,
        liv: Employee,
        kari: Employee,
        amina: Employee,
        thanh: Employee,
        make_employee: MakeEmployee,
        measured: None,
    ) -> None:
        on_leave = make_employee("Per Permisjon", manager=kari)
        Employment.objects.filter(employee=on_leave).update(
            leave_until_date=timezone.localdate() + datetime.timedelta(days=9)
        )
        done = make_employee("Ferdig Fredriksen", manager=kari)
        sent = announce(liv, asks_confirmation=True)
        acknowledge(employee=done, announcement=sent)
        page = body(client_of(kari), reverse("announcement_team", args=[sent.public_id]))
        assert "Amina Hassan" in page
        assert not any(name in page for name in ("Per Permisjon", "Ferdig Fredriksen", "Thanh Nguyen"))
        event = AuditEvent.objects.get(verb="announcements.team_list_opened")
        assert (event.actor, event.subject, event.object_id) == (kari, amina, sent.public_id)
        assert "Hvem av mine" in body(client_of(kari), f"{sent.get_absolute_url()}?answers=1")
        assert client_of(amina).get(reverse("announcement_team", args=[sent.public_id])).status_code == 404
        acknowledge(employee=amina, announcement=sent)
        page = body(client_of(kari), reverse("announcement_team", args=[sent.public_id]))
        assert "Alle som er på jobb, har bekreftet" in page
        assert "(nb 1)" not in page

    def test_names_are_hidden_until_the_purpose_is_recorded(
        self, client_of: ClientOf, announce: Announce, liv: Employee, kari: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True)
        page = body(client_of(kari), reverse("announcement_team", args=[sent.public_id]))
        assert "Amina" not in page
        assert not AuditEvent.objects.filter(subject=amina).exists()

    def test_there_is_no_list_where_nobody_was_asked(
        self, client_of: ClientOf, announce: Announce, liv: Employee, kari: Employee, amina: Employee, measured: None
    ) -> None:
        sent = announce(liv)
        assert client_of(kari).get(reverse("announcement_team", args=[sent.public_id])).status_code == 404


class TestCost:
    def test_the_banner_costs_few_queries(
        self, announce: Announce, liv: Employee, amina: Employee, rf: Any, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(3):
            announce(liv)
        request = rf.get("/")
        request.user = Employee.objects.with_job().get(pk=amina.pk)
        banners(request)
        with django_assert_max_num_queries(1):
            banners(request)

    def test_home_with_banners(self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee) -> None:
        for _ in range(3):
            announce(liv)
        assert len(asked(client_of(amina), HOME)) <= 12

    def test_the_page_of_a_reader(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True)
        assert len(asked(client_of(amina), sent.get_absolute_url())) <= 9

    def test_the_list_costs_the_same_for_one_and_many(
        self, client_of: ClientOf, announce: Announce, liv: Employee
    ) -> None:
        writer, counts = client_of(liv), []
        for _ in range(2):
            announce(liv)
            announce(liv)
            with CaptureQueriesContext(connection) as queries:
                writer.get(reverse("manage_announcements"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBand:
    def test_a_critical_message_stands_on_every_page_until_it_is_seen_or_closed(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        reader, away = client_of(amina), client_of(amina)
        asked_before = len(asked(reader, "/people/"))
        announce(liv)
        assert 'data-band="' not in body(reader, "/people/")
        assert len(asked(reader, "/people/")) == asked_before
        sent = announce(liv, level="critical")
        announce(liv)
        band = f'data-band="{sent.public_id}"'
        assert band in body(reader, "/people/")
        assert len(asked(reader, HOME)) <= 12
        page = body(reader, HOME)
        assert f"{band} hidden" in page
        assert page.index("Kritisk melding") < page.index("Viktig melding til alle")
        assert band not in body(reader, sent.get_absolute_url())
        closed = reader.post(reverse("close_band", args=[sent.public_id]), {"at": "/people/"})
        assert closed["Location"] == "/people/"
        assert band not in body(reader, "/people/")
        assert band in body(away, "/people/")
        mark_seen(employee=amina, announcement=sent)
        assert band not in body(away, "/people/")

    def test_an_important_one_shows_on_pages_that_stood_open(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent, reader = announce(liv), client_of(amina)
        address = reverse("announcements_on_top")
        assert f'data-band="{sent.public_id}"' in body(reader, f"{address}?at=/people/")
        assert 'id="on-top"' in body(reader, f"{address}?at=/")
        Announcement.objects.update(published_at=timezone.now() - datetime.timedelta(hours=1))
        assert "data-band" not in body(reader, f"{address}?at=/people/")
