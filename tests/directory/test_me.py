from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from core.errors import RefusedError
from directory.actions import change_profile, change_settings, record_audit_event
from directory.models import Employee, SignInDay

ClientOf = Callable[[Employee], Client]


def test_one_changes_what_is_ones_own(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    facts = {"about": "Hei.\nJobber natt.", "ask_me_about": "Sårstell,  Urdu , Sårstell,", "pronoun": "ikke her"}
    assert client.post("/me/about/", facts).headers["Location"] == "/me/#part-about"
    client.post("/me/name/", {"pronoun": "hun", "nickname": "Mina"})
    client.post("/me/languages/", {"spoken_languages": "Norsk, Urdu"})
    amina.refresh_from_db()
    assert amina.about.splitlines() == ["Hei.", "Jobber natt."]
    assert (amina.ask_me_about, amina.pronoun, amina.nickname) == (["Sårstell", "Urdu"], "hun", "Mina")
    assert amina.spoken_languages == ["norsk", "urdu"]
    assert " sarstell " in amina.search_text


def test_what_hr_owns_is_not_taken(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    client.post("/me/name/", {"nickname": "Mina", "first_name": "Direktør", "protected": "1", "chosen_name": "Sjef"})
    assert client.post("/me/mobile/", {"mobile_seen_by": "everyone"}).status_code == 404, "HR has given no number"
    amina.refresh_from_db()
    assert (amina.first_name, amina.protected, amina.chosen_name) == ("Amina", False, "")
    with pytest.raises(TypeError):
        change_profile(actor=amina, employee=amina, first_name="Direktør")


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("about", "about", "x" * 1001),
        ("about", "about", "hei\x00"),
        ("about", "ask_me_about", ",".join(f"ting {number}" for number in range(13))),
        ("about", "ask_me_about", "x" * 41),
        ("name", "pronoun", "x" * 31),
        ("languages", "spoken_languages", "x" * 201),
    ],
)
def test_what_does_not_fit_gets_a_sentence_and_is_kept_on_the_page(
    part: str, field: str, value: str, amina: Employee, client_of: ClientOf
) -> None:
    typed = {"about": "Dette skal stå", "pronunciation": "Dette skal stå", field: value}
    answer = client_of(amina).post(f"/me/{part}/", typed)
    assert answer.status_code == 200
    [edited] = [each for each in answer.context["page"].parts if each.form]
    assert edited.form.errors[field]
    if (part, field) in (("about", "ask_me_about"), ("name", "pronoun")):
        assert "Dette skal stå" in answer.content.decode()
    amina.refresh_from_db()
    assert (amina.about, amina.ask_me_about) == ("", [])


def test_others_may_not(amina: Employee, kari: Employee) -> None:
    with pytest.raises(PermissionDenied):
        change_profile(actor=kari, employee=amina, about="Flink")


def test_a_protected_person_chooses_a_name(amina: Employee, client_of: ClientOf) -> None:
    Employee.objects.filter(pk=amina.pk).update(protected=True)
    client_of(amina).post("/me/name/", {"chosen_name": "Solveig"})
    amina.refresh_from_db()
    assert amina.display_name == "Solveig"


def test_what_the_employer_sees_tells_what_was_logged(amina: Employee, kari: Employee, client_of: ClientOf) -> None:
    record_audit_event(actor=kari, verb="directory.role_granted", subject=amina, facts={"role": "hr"})
    record_audit_event(actor=kari, verb="directory.role_granted", subject=kari)
    answer = client_of(amina).get("/me/visible/")
    assert len(answer.context["page"].events) == 1
    text = answer.content.decode()
    assert "Du fikk rollen HR" in text
    assert "Lederen din, Kari Nordby" in text


class TestSettings:
    def test_language_colours_and_size(self, amina: Employee, client_of: ClientOf) -> None:
        client = client_of(amina)
        wanted = {"language": "nn", "color_scheme": "dark", "text_size": "125"}
        assert client.post("/settings/", wanted).headers["Location"] == "/settings/"
        text = client.get("/settings/").content.decode()
        assert '<html lang="nn" data-color-scheme="dark"' in text
        assert 'data-text="125"' in text
        assert "Innstillingar" in text

    def test_the_small_form_comes_back_to_where_it_was(self, amina: Employee, client_of: ClientOf) -> None:
        answer = client_of(amina).post("/settings/", {"language": "en", "next": "/people/?q=kari"})
        assert answer.headers["Location"] == "/people/?q=kari"
        amina.refresh_from_db()
        assert (amina.language, amina.color_scheme, amina.text_size) == ("en", "auto", 100)

    @pytest.mark.parametrize("address", ["https://ond.example/", "//ond.example", "javascript:alert(1)"])
    def test_never_off_the_site(self, address: str, amina: Employee, client_of: ClientOf) -> None:
        answer = client_of(amina).post("/settings/", {"language": "nb", "next": address})
        assert answer.headers["Location"] == "/settings/"

    @pytest.mark.parametrize("wanted", [{"language": "tlh"}, {"color_scheme": "pink"}, {"text_size": "9"}])
    def test_what_is_not_offered(self, wanted: dict[str, str], amina: Employee, client_of: ClientOf) -> None:
        assert client_of(amina).post("/settings/", wanted).status_code == 200
        with pytest.raises(RefusedError):
            change_settings(actor=amina, **wanted)


def test_signing_in_keeps_the_day_and_the_first_time_only(amina: Employee, client_of: ClientOf) -> None:
    client_of(amina)
    amina.refresh_from_db()
    first = amina.first_signed_in_at
    client_of(amina)
    amina.refresh_from_db()
    assert first == amina.first_signed_in_at
    assert SignInDay.objects.filter(employee=amina).count() == 1
