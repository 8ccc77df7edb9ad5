"""Writing on the screen: nothing typed is lost, nothing half-finished is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from announcements.models import Announcement
from directory.models import Employee
from tests.announcements.conftest import ClientOf, body, deliver_all
from tests.conftest import City, MakeEmployee

pytestmark = pytest.mark.django_db
HOME = "/"


class TestWriting:
    def fill(self, **facts: Any) -> dict[str, Any]:
        return {
            "audience_include": "everyone",
            "title_nb": "Ny sentral",
            "body_nb": "Ring 21 80 21 80.",
            "days_on_top": "5",
            "keeps_confirmations_days": "90",
            "comments_open": "on",
            "sender": "",
            "level": "normal",
        } | facts

    def test_from_empty_page_to_sent(
        self, client_of: ClientOf, liv: Employee, amina: Employee, city: City, make_employee: MakeEmployee
    ) -> None:
        writer = client_of(liv)
        assert "Lagre utkastet" in body(writer, reverse("new_announcement"))
        answer = writer.post(
            reverse("new_announcement"), self.fill(look_over="1", asks_confirmation="on", sender=city.whole.public_id)
        )
        draft = Announcement.objects.get()
        address = reverse("publish_announcement", args=[draft.public_id])
        assert answer["Location"] == address
        assert (draft.asks_confirmation, draft.days_on_top, draft.sender_unit) == (True, 5, city.whole)
        page = body(writer, address)
        assert "Når 3 ansatte" in page
        assert "Be om godkjenning" in page
        assert writer.post(address)["Location"] == address
        approving = client_of(make_employee("Ola Moen", roles=("central_communications",)))
        approving.post(reverse("approve_announcement", args=[draft.public_id]))
        deliver_all()
        assert "Ny sentral" in body(client_of(amina), HOME)
        assert writer.get(reverse("write_announcement", args=[draft.public_id])).status_code == 302
        assert "Ny sentral" in body(writer, reverse("manage_announcements"))

    def test_choosing_the_audience_without_scripts_keeps_what_is_typed(
        self, client_of: ClientOf, liv: Employee
    ) -> None:
        typed = self.fill(audience_add="audience_include:leaders")
        del typed["comments_open"]
        page = client_of(liv).post(reverse("new_announcement"), typed).content.decode()
        assert 'value="Ny sentral"' in page
        assert "Ring 21 80 21 80." in page
        assert 'value="leaders"' in page
        assert 'name="comments_open" class="ds-input" id="id_comments_open"' in page.replace("  ", " ")
        assert not Announcement.objects.exists()

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"body_nb": "x" * 1_000_000}, "for lang"),
            ({"title_nb": "a\x00b"}, "title_nb"),
            ({"days_on_top": "9"}, "days_on_top"),
        ],
    )
    def test_bad_input_keeps_what_is_typed(
        self, client_of: ClientOf, liv: Employee, facts: dict[str, str], words: str
    ) -> None:
        answer = client_of(liv).post(reverse("new_announcement"), self.fill(**facts))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Ring 21 80" in answer.content.decode() or "xxx" in answer.content.decode()
        assert not Announcement.objects.exists()

    def test_nothing_is_sent_without_an_audience(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        writer.post(reverse("new_announcement"), self.fill(audience_include=[], save="1"))
        draft = Announcement.objects.get()
        answer = writer.post(reverse("publish_announcement", args=[draft.public_id]))
        assert answer.status_code == 422
        assert "Den er ikke sendt ennå" in answer.content.decode()
        draft.refresh_from_db()
        assert draft.state == "draft"
        writer.post(reverse("delete_announcement", args=[draft.public_id]))
        assert not Announcement.objects.kept_by(liv).exists()
