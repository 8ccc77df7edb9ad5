"""What the pages say of things that are easily overlooked: signatures, languages left behind, what is over."""

from __future__ import annotations

import pytest
from django.urls import reverse

from announcements.actions import (
    Wording,
    correct_announcement,
    countersign_announcement,
    draft_update,
    withdraw_announcement,
)
from announcements.models import Announcement
from directory.models import Employee
from tests.announcements.conftest import TEXTS, Announce, ClientOf, body
from tests.conftest import MakeEmployee

pytestmark = pytest.mark.django_db
UNSIGNED = "Ingen har kontrasignert denne kritiske meldingen ennå"
THREE = TEXTS | {"nn": Wording("Ekstremvêr", "Sjekk vakta."), "en": Wording("Storm", "Check your shift.")}


def at(name: str, announcement: Announcement) -> str:
    return reverse(name, args=[announcement.public_id])


class TestCountersigning:
    def test_its_keeper_and_who_may_sign_see_that_nobody_has(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, make_employee: MakeEmployee
    ) -> None:
        ola = make_employee("Ola Moen", roles=("central_communications",))
        sent = announce(liv, level="critical")
        page = body(client_of(liv), sent.get_absolute_url())
        assert UNSIGNED in page
        assert at("approve_announcement", sent) not in page, "nobody signs for the own message"
        page = body(client_of(ola), sent.get_absolute_url())
        assert UNSIGNED in page
        assert at("approve_announcement", sent) in page
        assert "kontrasigner" not in body(client_of(amina), sent.get_absolute_url())
        countersign_announcement(actor=ola, announcement=sent)
        assert "Ola Moen kontrasignerte" in body(client_of(liv), sent.get_absolute_url())

    def test_others_messages_say_nothing_of_it(self, client_of: ClientOf, announce: Announce, liv: Employee) -> None:
        assert "kontrasigner" not in body(client_of(liv), announce(liv).get_absolute_url())


class TestLanguages:
    def test_a_correction_in_one_asks_about_the_others(
        self, client_of: ClientOf, announce: Announce, liv: Employee
    ) -> None:
        sent = announce(liv, texts=THREE)
        typed = {f"{name}_{code}": getattr(one, name) for code, one in THREE.items() for name in ("title", "body")}
        writer = client_of(liv)
        writer.post(at("correct_announcement", sent), typed | {"body_nb": "Sjekk vakten din nå."})
        assert "Står som før: Nynorsk, English." in body(writer, sent.get_absolute_url())
        again = {code: Wording(f"{one.title}!", one.body) for code, one in THREE.items()}
        correct_announcement(actor=liv, announcement=sent, texts=again)
        assert "Står som før" not in body(writer, sent.get_absolute_url())

    def test_an_update_is_looked_over_for_them(self, client_of: ClientOf, announce: Announce, liv: Employee) -> None:
        sent = announce(liv, texts=THREE)
        draft = draft_update(actor=liv, announcement=sent)
        address, writer = at("publish_announcement", draft), client_of(liv)
        assert "Samme tekst som i forrige melding" not in body(writer, address), "nothing is changed yet"
        draft.texts.filter(language="nb").update(body="Stormen er over.")
        assert "Samme tekst som i forrige melding: Nynorsk, English." in body(writer, address)


class TestWhatIsOver:
    def test_a_confirmation_from_an_old_tab_draws_the_whole_page_anew(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv, asks_confirmation=True)
        withdraw_announcement(actor=liv, announcement=sent)
        reader = client_of(amina)
        answer = reader.post(at("acknowledge_announcement", sent), headers={"HX-Request": "true"})
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["HX-Redirect"] == sent.get_absolute_url()
        assert "Det er ingenting å bekrefte" in body(reader, sent.get_absolute_url())

    @pytest.mark.parametrize("name", ["correct_announcement", "withdraw_announcement", "remind_of_announcement"])
    def test_a_withdrawn_one_offers_nothing_to_do(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, name: str
    ) -> None:
        sent = withdraw_announcement(actor=liv, announcement=announce(liv))
        answer = client_of(liv).get(at(name, sent))
        assert (answer.status_code, answer["Location"]) == (302, sent.get_absolute_url())
