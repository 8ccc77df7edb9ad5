"""Drafts: they save themselves, nobody's words are wiped, and what is thrown away comes back."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from announcements.actions import (
    EditedElsewhereError,
    Wording,
    discard_draft,
    draft_announcement,
    edit_draft,
    publish_announcement,
    purge_discarded_drafts,
    version_of,
)
from announcements.models import Announcement
from core.errors import RefusedError
from directory.models import Employee
from groups.models import Audience
from notifications.models import Delivery, Notification
from tests.announcements.conftest import TEXTS, ClientOf, body, content
from tests.conftest import City

pytestmark = pytest.mark.django_db
NEW = "/manage/announcements/new/"


def picture(name: str = "sky.png") -> SimpleUploadedFile:
    """A small real picture."""
    stored = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(stored, "PNG")
    return SimpleUploadedFile(name, stored.getvalue(), "image/png")


def typed(**facts: Any) -> dict[str, Any]:
    """What the form sends."""
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


def address(name: str, draft: Announcement) -> str:
    """The address of one of the draft's pages."""
    return reverse(name, args=[draft.public_id])


class TestSavingItself:
    def test_the_first_save_makes_the_draft_and_the_next_change_it(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        told = writer.post(NEW, typed(autosave="1", title_nb="", body_nb="", version="")).json()
        draft = Announcement.objects.get()
        assert told["url"] == address("write_announcement", draft)
        assert told["message"].startswith("Utkast lagret kl. ")
        again = writer.post(told["url"], typed(autosave="1", version=told["version"])).json()
        assert again["version"] != told["version"]
        assert Announcement.objects.get().text_in("nb").title == "Ny sentral"

    def test_what_cannot_be_stored_is_told_at_its_field_and_the_draft_kept(
        self, client_of: ClientOf, liv: Employee
    ) -> None:
        writer = client_of(liv)
        told = writer.post(NEW, typed(autosave="1")).json()
        answer = writer.post(told["url"], typed(autosave="1", body_nb="x" * 1_000_000, version=told["version"]))
        assert answer.status_code == 422
        assert "for lang" in answer.json()["errors"]["body_nb"]
        not_one = SimpleUploadedFile("x.png", b"no picture", "image/png")
        answer = writer.post(told["url"], typed(autosave="1", picture=not_one, version=told["version"]))
        assert "bilde" in answer.json()["errors"]["picture"]
        assert Announcement.objects.get().text_in("nb").body == "Ring 21 80 21 80."

    def test_another_window_is_not_wiped(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        told = writer.post(NEW, typed(autosave="1")).json()
        old = {"version": told["version"]}
        writer.post(told["url"], typed(autosave="1", title_nb="Fra den andre") | old)
        answer = writer.post(told["url"], typed(autosave="1", title_nb="Fra denne") | old)
        assert answer.status_code == 409
        assert "annet vindu" in answer.json()["message"]
        page = writer.post(told["url"], typed(save="1", title_nb="Fra denne") | old)
        assert page.status_code == 409
        assert 'value="Fra denne"' in page.content.decode()
        assert Announcement.objects.get().text_in("nb").title == "Fra den andre"
        writer.post(told["url"], typed(overwrite="1", title_nb="Fra denne") | old)
        assert Announcement.objects.get().text_in("nb").title == "Fra denne"

    def test_it_is_told_who_saved(self, make_employee: Any, liv: Employee) -> None:
        other = make_employee("Ulla Berg", roles=("central_communications",))
        draft = draft_announcement(actor=liv, content=content(liv))
        version = version_of(draft)
        edit_draft(actor=other, announcement=draft, content=content(other), version=version)
        with pytest.raises(EditedElsewhereError, match="Ulla Berg") as refusal:
            edit_draft(actor=liv, announcement=draft, content=content(liv), version=version)
        assert refusal.value.saved_by == other

    def test_a_draft_without_a_word_has_a_version_too(self, liv: Employee) -> None:
        draft = draft_announcement(actor=liv, content=content(liv, texts={}))
        version = version_of(draft)
        edit_draft(actor=liv, announcement=draft, content=content(liv, texts={}, days_on_top=2), version=version)
        with pytest.raises(EditedElsewhereError):
            edit_draft(actor=liv, announcement=draft, content=content(liv, texts={}), version=version)


class TestThrowingAway:
    def test_it_is_gone_at_once_and_can_be_taken_back(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        draft = draft_announcement(actor=liv, content=content(liv))
        page = writer.post(address("delete_announcement", draft), follow=True).content.decode()
        assert address("restore_announcement", draft) in page
        assert "Ekstremvær" not in page
        for name in ("write_announcement", "publish_announcement", "announcement", "announcement_trial"):
            assert writer.get(address(name, draft)).status_code == 404
        assert writer.get(f"/api/v1/announcements/{draft.public_id}/").status_code == 404
        assert writer.post(address("restore_announcement", draft))["Location"] == address("write_announcement", draft)
        assert "Ekstremvær" in body(writer, address("write_announcement", draft))

    def test_it_cannot_be_changed_or_sent(self, liv: Employee) -> None:
        draft = discard_draft(actor=liv, announcement=draft_announcement(actor=liv, content=content(liv)))
        with pytest.raises(RefusedError):
            edit_draft(actor=liv, announcement=draft, content=content(liv))
        with pytest.raises(RefusedError):
            publish_announcement(actor=liv, announcement=draft)

    def test_others_take_nothing_back(self, client_of: ClientOf, liv: Employee, kari: Employee) -> None:
        draft = discard_draft(actor=liv, announcement=draft_announcement(actor=liv, content=content(liv)))
        assert client_of(kari).post(address("restore_announcement", draft)).status_code == 403

    def test_after_thirty_days_it_is_gone_for_good(self, liv: Employee) -> None:
        old, young = (discard_draft(actor=liv, announcement=draft_announcement(actor=liv, content=content(liv)))
                      for _ in range(2))  # fmt: skip
        Announcement.objects.filter(pk=old.pk).update(discarded_at=timezone.now() - datetime.timedelta(days=31))
        assert purge_discarded_drafts() == 1
        assert list(Announcement.objects.all()) == [young]
        assert not Audience.objects.filter(pk=old.audience_id).exists()


class TestPictures:
    def test_a_description_is_asked_for_once(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        answer = writer.post(NEW, typed(look_over="1", picture=picture()))
        draft = Announcement.objects.get()
        assert answer["Location"] == address("write_announcement", draft) + "?describe=1"
        assert "Skriv hva bildet viser" in body(writer, answer["Location"])
        sent = writer.post(address("write_announcement", draft), typed(look_over="1", decorative="on"))
        assert sent["Location"] == address("publish_announcement", draft)
        writer.post(address("write_announcement", draft), typed(save="1", alternative_text="Mørke skyer"))
        assert 'alt="Mørke skyer"' in body(writer, address("publish_announcement", draft))

    def test_it_is_replaced_and_removed(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        told = writer.post(NEW, typed(autosave="1", picture=picture())).json()
        draft = Announcement.objects.get()
        first = draft.thread.attachments.get()
        assert first.get_absolute_url() in told["picture"]
        writer.post(told["url"], typed(save="1", picture=picture("other.png")))
        assert draft.thread.attachments.get() != first
        writer.post(told["url"], typed(remove_picture="1"))
        assert not draft.thread.attachments.exists()

    def test_by_api(self, client_of: ClientOf, liv: Employee) -> None:
        writer = client_of(liv)
        draft = draft_announcement(actor=liv, content=content(liv))
        at = f"/api/v1/announcements/{draft.public_id}/picture/"
        data = encode_multipart(BOUNDARY, {"picture": picture(), "alternative_text": "Himmel"})
        assert writer.put(at, data, MULTIPART_CONTENT).status_code == 200
        assert draft.thread.attachments.get().alternative_text == "Himmel"
        bad = encode_multipart(BOUNDARY, {"picture": SimpleUploadedFile("a.png", b"no")})
        answer = writer.put(at, bad, MULTIPART_CONTENT)
        assert answer.status_code == 400
        assert "picture" in answer.json()["errors"]
        assert writer.delete(at).status_code == 204
        assert not draft.thread.attachments.exists()


class TestTrying:
    def test_it_comes_to_its_author_alone(self, client_of: ClientOf, liv: Employee, amina: Employee) -> None:
        writer = client_of(liv)
        draft = draft_announcement(actor=liv, content=content(liv, asks_confirmation=True))
        assert writer.post(address("announcement_trial", draft))["Location"] == address("announcement_trial", draft)
        assert list(Notification.objects.values_list("recipient", "kind")) == [(liv.pk, "announcement_trial")]
        assert list(Delivery.objects.values_list("recipient", flat=True)) in ([], [liv.pk])
        assert "Prøve" in body(writer, reverse("notifications"))
        page = body(writer, address("announcement_trial", draft))
        assert "Prøve: bare du ser denne" in page
        assert "Jeg har lest dette" in page
        assert not draft.receipts.exists()
        assert client_of(amina).get(address("announcement_trial", draft)).status_code in (403, 404)

    def test_an_unfinished_one_says_what_is_missing(self, client_of: ClientOf, liv: Employee) -> None:
        draft = draft_announcement(actor=liv, content=content(liv, texts={"nb": Wording("Bare tittel", "")}))
        page = client_of(liv).post(address("announcement_trial", draft), follow=True).content.decode()
        assert "Skriv meldingen" in page
        assert not Notification.objects.exists()


class TestBadInput:
    """Each is told in the author's language, and the draft is kept."""

    SPOKEN = pytest.mark.parametrize(
        ("language", "words"),
        [
            ("nb", ("for lang", "sju dager", "Velg hvem det gjelder", "Vi klarer ikke å lese")),
            ("nn", ("for lang", "sju dagar", "Vel kven", "Vi greier ikkje å lese")),
            ("en", ("too long", "seven days", "Choose who it is for", "We cannot read this")),
        ],
    )

    @SPOKEN
    def test_by_api(self, client_of: ClientOf, liv: Employee, language: str, words: tuple[str, ...]) -> None:
        Employee.objects.filter(pk=liv.pk).update(language=language)
        liv.refresh_from_db()
        draft = draft_announcement(actor=liv, content=content(liv))
        at = f"/api/v1/announcements/{draft.public_id}/"
        wrong: list[dict[str, Any]] = [
            {"body": "x" * 1_000_000},
            {"days_on_top": 0},
            {"audience": {"include": [], "exclude": []}},
        ]
        for sent, expected in zip(wrong, words, strict=False):
            answer = client_of(liv).patch(at, sent, "application/json")
            assert answer.status_code == 400
            assert expected in str(answer.json()["errors"][next(iter(sent))])
        assert Announcement.objects.get().text_in("nb").body == TEXTS["nb"].body

    @SPOKEN
    def test_on_the_screen(self, client_of: ClientOf, liv: Employee, language: str, words: tuple[str, ...]) -> None:
        Employee.objects.filter(pk=liv.pk).update(language=language)
        liv.refresh_from_db()
        draft = draft_announcement(actor=liv, content=content(liv))
        at = address("write_announcement", draft)
        not_one = SimpleUploadedFile("x.png", b"no picture", "image/png")
        for sent, expected in (({"body_nb": "x" * 1_000_000}, words[0]), ({"picture": not_one}, words[3])):
            answer = client_of(liv).post(at, typed(save="1") | sent)
            assert answer.status_code == 422
            page = answer.content.decode()
            assert expected in page
            assert 'value="Ny sentral"' in page
        client_of(liv).post(at, typed(save="1", audience_include=[]))
        answer = client_of(liv).post(address("publish_announcement", draft))
        assert words[2] in answer.content.decode()
        assert Announcement.objects.get().state == "draft"

    def test_a_button_is_short(self, client_of: ClientOf, liv: Employee, city: City) -> None:
        answer = client_of(liv).post(NEW, typed(save="1", asks_confirmation="on", button_nb="x" * 41))
        assert answer.status_code == 422
        assert "id_button_nb_error" in answer.content.decode()
        client_of(liv).post(NEW, typed(save="1", asks_confirmation="on", button_nb="Jeg er klar"))
        draft = Announcement.objects.get()
        assert draft.text_in("nb").button_text == "Jeg er klar"
        assert "Jeg er klar" in body(client_of(liv), address("publish_announcement", draft))
