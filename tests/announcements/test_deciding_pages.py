"""The screens and the API of deciding: looking over, approving, sending later, the list of what one keeps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from announcements.actions import draft_announcement, publish_announcement
from announcements.models import Announcement
from announcements.sending_forms import SendForm
from directory.models import Employee, OrgUnit
from tests.announcements.conftest import ClientOf, body, content, deliver_all
from tests.announcements.test_pages import HOME, asked
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db
MANAGE = "manage_announcements"


@pytest.fixture
def ola(make_employee: MakeEmployee, city: City) -> Employee:
    """Central communications too."""
    return make_employee("Ola Moen", unit=city.whole, roles=("central_communications",))


@pytest.fixture
def draft(liv: Employee, amina: Employee, city: City) -> Announcement:
    """To one section."""
    audience = {"include": [{"kind": "unit", "id": city.west.public_id}]}
    return draft_announcement(actor=liv, content=content(liv, audience))


@pytest.fixture
def waiting(liv: Employee, ola: Employee) -> Announcement:
    """To everyone: waits for Ola."""
    return publish_announcement(actor=liv, announcement=draft_announcement(actor=liv, content=content(liv)))


def place(name: str, announcement: Announcement) -> str:
    return reverse(name, args=[announcement.public_id])


def later(date: datetime.date, time: str = "07:00") -> dict[str, str]:
    return {"when": "later", "send_date": date.isoformat(), "send_time": time}


def tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


class TestApproving:
    def test_found_read_and_approved(
        self, waiting: Announcement, liv: Employee, ola: Employee, client_of: ClientOf
    ) -> None:
        second = client_of(ola)
        assert "Venter på deg" in body(second, reverse(MANAGE))
        assert '<span class="count count--calm">1' in body(second, HOME)
        address = place("approve_announcement", waiting)
        page = body(second, address)
        assert "Sjekk vakten din." in page
        assert "Godkjenn for 2 ansatte" in page
        assert second.post(address).status_code == 302
        waiting.refresh_from_db()
        assert waiting.state == "sending"
        assert "Venter på deg" not in body(second, reverse(MANAGE))
        assert second.get(address)["Location"] == waiting.get_absolute_url()

    def test_its_author_sees_whom_it_waits_for(self, waiting: Announcement, liv: Employee, client_of: ClientOf) -> None:
        author = client_of(liv)
        page = body(author, place("publish_announcement", waiting))
        assert "Venter på godkjenning" in page
        assert "Ola Moen" in page
        assert "Trekk tilbake og rediger" in page
        answer = author.get(place("write_announcement", waiting))
        assert answer["Location"] == place("publish_announcement", waiting)
        author.post(place("approve_announcement", waiting))
        waiting.refresh_from_db()
        assert waiting.state == "awaiting_approval"
        answer = author.post(place("take_back_announcement", waiting))
        assert answer["Location"] == place("write_announcement", waiting)

    def test_sent_back_with_what_was_typed_kept(
        self, waiting: Announcement, liv: Employee, ola: Employee, client_of: ClientOf
    ) -> None:
        second, address = client_of(ola), place("send_back_announcement", waiting)
        empty = second.post(address, {"note": "  "})
        assert (empty.status_code, "Skriv hva som bør endres." in empty.content.decode()) == (422, True)
        long = second.post(address, {"note": "Ring " * 80})
        assert (long.status_code, "Ring Ring Ring" in long.content.decode()) == (422, True)
        assert second.post(address, {"note": "Si hvor folk <b>ringer</b>."}).status_code == 302
        author = client_of(liv)
        for name in ("publish_announcement", "write_announcement"):
            assert "Si hvor folk &lt;b&gt;ringer&lt;/b&gt;." in body(author, place(name, waiting))
        assert "Si hvor folk" in body(author, reverse(MANAGE))

    def test_signed_for_on_the_screen(self, liv: Employee, ola: Employee, client_of: ClientOf) -> None:
        sent = draft_announcement(actor=liv, content=content(liv, level="critical"))
        publish_announcement(actor=liv, announcement=sent)
        deliver_all()
        second = client_of(ola)
        assert "Kontrasigner den" in body(second, reverse(MANAGE))
        address = place("approve_announcement", sent)
        assert "Kontrasigner den kritiske meldingen" in body(second, address)
        assert second.post(address)["Location"] == sent.get_absolute_url()
        sent.refresh_from_db()
        assert sent.approved_by == ola

    def test_over_the_api(self, waiting: Announcement, liv: Employee, ola: Employee, client_of: ClientOf) -> None:
        url = f"/api/v1/announcements/{waiting.public_id}/"
        assert post(client_of(liv), f"{url}approve/").status_code == 403
        empty = post(client_of(ola), f"{url}send-back/", {"note": ""})
        assert (empty.status_code, "note" in empty.json()["errors"]) == (400, True)
        back = post(client_of(ola), f"{url}send-back/", {"note": "Si når."})
        assert (back.status_code, back.json()["state"]) == (200, "draft")
        assert client_of(liv).get(url).status_code == 200
        assert post(client_of(ola), f"{url}approve/").status_code == 409


def post(client: Client, address: str, sent: Any = None) -> Any:
    return client.post(address, sent or {}, content_type="application/json")


class TestLater:
    def test_chosen_changed_and_told(self, draft: Announcement, liv: Employee, client_of: ClientOf) -> None:
        author, address = client_of(liv), place("publish_announcement", draft)
        answer = author.post(address, later(tomorrow()))
        assert answer["Location"] == address
        page = body(author, address)
        assert "Sendes i morgen kl. 07.00" in page
        assert 'value="07:00"' in page
        draft.refresh_from_db()
        assert draft.publish_at
        assert timezone.localtime(draft.publish_at).hour == 7
        author.post(address, later(tomorrow(), "08:30"))
        assert "Sendes i morgen kl. 08.30" in body(author, address)
        author.post(address, {"when": "now"})
        draft.refresh_from_db()
        assert draft.state == "sending"

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            (later(datetime.date(2020, 1, 2)), "Det tidspunktet er passert"),
            ({"when": "later", "send_date": "", "send_time": "07:00"}, "Velg dato og klokkeslett"),
            ({"when": "later", "send_date": "2020-01-02", "send_time": ""}, "Velg dato og klokkeslett"),
            ({"when": "later", "send_date": "i morgen", "send_time": "07:00"}, "i morgen"),
            ({"when": "never"}, "never"),
        ],
    )
    def test_a_moment_that_cannot_be_chosen_keeps_what_was_typed(
        self, draft: Announcement, liv: Employee, client_of: ClientOf, typed: dict[str, str], words: str
    ) -> None:
        answer = client_of(liv).post(place("publish_announcement", draft), typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert typed.get("send_date", "") in page
        draft.refresh_from_db()
        assert (draft.state, draft.publish_at) == ("draft", None)

    @pytest.mark.parametrize(
        ("date", "time", "told"),
        [
            (datetime.date(2027, 3, 28), "02:30", None),
            (datetime.date(2027, 3, 28), "03:30", "2027-03-28T01:30"),
            (datetime.date(2027, 10, 31), "02:30", "2027-10-31T00:30"),
            (datetime.date(2027, 1, 15), "07:00", "2027-01-15T06:00"),
        ],
    )
    def test_summer_time(
        self, draft: Announcement, time_machine: Any, date: datetime.date, time: str, told: str | None
    ) -> None:
        time_machine.move_to(datetime.datetime(2027, 1, 2, 12, tzinfo=datetime.UTC))
        form = SendForm(later(date, time), announcement=draft)
        assert form.is_valid() == (told is not None)
        if told:
            assert form.publish_at
            assert form.publish_at.astimezone(datetime.UTC).isoformat()[:16] == told
        else:
            assert "klokka stilles fram" in str(form.errors["send_time"])

    def test_over_the_api(self, draft: Announcement, liv: Employee, client_of: ClientOf) -> None:
        author, url = client_of(liv), f"/api/v1/announcements/{draft.public_id}/"
        past = post(author, f"{url}publish/", {"publish_at": "2020-01-02T07:00:00+01:00"})
        assert (past.status_code, "publish_at" in past.json()["errors"]) == (400, True)
        assert post(author, f"{url}publish/", {"publish_at": "soon"}).status_code == 400
        moment = (timezone.now() + datetime.timedelta(days=2)).isoformat()
        sent = post(author, f"{url}publish/", {"publish_at": moment}).json()
        assert (sent["state"], bool(sent["publish_at"])) == ("scheduled", True)
        moved = post(author, f"{url}schedule/", {"publish_at": timezone.now() + datetime.timedelta(days=3)})
        assert (moved.status_code, moved.json()["state"]) == (202, "scheduled")
        assert post(author, f"{url}take-back/").json()["state"] == "draft"
        assert post(author, f"{url}schedule/").status_code == 409


class TestTheList:
    def test_pills(self, draft: Announcement, waiting: Announcement, liv: Employee, client_of: ClientOf) -> None:
        author = client_of(liv)
        for shown, count in (("", 2), ("drafts", 1), ("waiting", 1), ("scheduled", 0), ("sent", 0), ("else", 2)):
            page = body(author, f"{reverse(MANAGE)}?show={shown}")
            assert page.count('class="row row--top"') == count, shown
        assert "Ingenting her nå" in body(author, f"{reverse(MANAGE)}?show=sent")

    def test_pages_that_stand_still(self, liv: Employee, amina: Employee, city: City, client_of: ClientOf) -> None:
        audience = {"include": [{"kind": "unit", "id": city.west.public_id}]}
        for _ in range(23):
            draft_announcement(actor=liv, content=content(liv, audience))
        author, seen = client_of(liv), set()
        page = body(author, reverse(MANAGE))
        assert page.count('class="row row--top"') == 20
        (cursor,) = (part.partition('"')[0] for part in page.split("before=")[1:])
        older = body(author, f"{reverse(MANAGE)}?before={cursor}")
        for one in Announcement.objects.all():
            assert (one.public_id in page) != (one.public_id in older)
            seen.add(one.public_id)
        assert len(seen) == 23
        assert body(author, f"{reverse(MANAGE)}?before=nonsense").count('class="row row--top"') == 20


class TestLeaders:
    def test_a_leader_finds_the_way_and_is_refused_at_its_place(
        self, kari: Employee, amina: Employee, city: City, client_of: ClientOf
    ) -> None:
        OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
        leader = client_of(kari)
        assert reverse(MANAGE) in body(leader, HOME)
        assert reverse(MANAGE) not in body(client_of(amina), HOME)
        typed = {"title_nb": "Vaktbytte", "body_nb": "I dag.", "days_on_top": "3", "keeps_confirmations_days": "90"}
        answer = leader.post(reverse("new_announcement"), typed | {"audience_include": "everyone", "look_over": "1"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Du kan sende til egen enhet og enhetene under" in page.split('id="audience-error"')[1][:200]
        assert 'value="Vaktbytte"' in page
        unit = f"unit:{city.west.public_id}"
        answer = leader.post(reverse("new_announcement"), typed | {"audience_include": unit, "look_over": "1"})
        sent = Announcement.objects.get()
        assert answer["Location"] == place("publish_announcement", sent)
        assert leader.post(answer["Location"])["Location"] == sent.get_absolute_url()

    def test_home_costs_no_more_for_leaders_and_central_communications(
        self, kari: Employee, amina: Employee, liv: Employee, waiting: Announcement, client_of: ClientOf
    ) -> None:
        for person in (kari, amina, liv):
            assert len(asked(client_of(person), HOME)) <= 12
