"""What those see who write a message or look it over: what it asks for, and what an update leaves behind."""

from __future__ import annotations

import pytest
from django.urls import reverse

from announcements.actions import draft_update, publish_announcement
from directory.models import Employee
from responses.actions import FormFacts, save_answer_form
from tests.conftest import MakeEmployee
from tests.responses.conftest import Ask, ClientOf, in_days
from tests.responses.test_pages import at, page

pytestmark = pytest.mark.django_db


def test_what_it_asks_for_is_looked_over(
    ask: Ask, client_of: ClientOf, liv: Employee, amina: Employee, make_employee: MakeEmployee
) -> None:
    ola = make_employee("Ola Moen", roles=("central_communications",))
    form = ask(liv, sent=False, introduction="Svar før møtet.", own_question_1="Har dere strøm?")
    shown = page(client_of(liv), at("publish_announcement", form))
    assert "Svar før møtet." in shown
    assert at("announcement_answer_form", form) in shown
    publish_announcement(actor=liv, announcement=form.announcement)
    shown = page(client_of(ola), at("approve_announcement", form))
    assert "Hva trenger tjenesten din?" in shown
    assert "Har dere strøm?" in shown
    assert at("announcement_answer_form", form) not in shown


def test_an_update_says_that_the_form_stays_behind(
    ask: Ask, client_of: ClientOf, liv: Employee, amina: Employee
) -> None:
    draft = draft_update(actor=liv, announcement=ask(liv).announcement)
    browser, told = client_of(liv), "Det blir stående der og følger ikke med hit."
    for name in ("write_announcement", "publish_announcement"):
        assert told in page(browser, reverse(name, args=[draft.public_id]))
    save_answer_form(actor=liv, announcement=draft, facts=FormFacts("needs", in_days(3)))
    for name in ("write_announcement", "publish_announcement"):
        assert told not in page(browser, reverse(name, args=[draft.public_id]))
