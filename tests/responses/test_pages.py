"""The screens: who sees what, what was typed is kept, and nothing of others leaks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from announcements.models import Announcement
from core.fragments import render_slot
from directory.models import AuditEvent, Employee
from responses.actions import (
    NeedFacts,
    close_answer_form,
    finish_answer,
    merge_needs,
    pick_volunteer,
    send_need,
    set_need_state,
    sign_up,
)
from responses.models import AnswerForm, Need, Service, SignUp
from tests.conftest import City, MakeEmployee
from tests.responses.conftest import Ask, ClientOf, in_days

pytestmark = pytest.mark.django_db
GLOVES = NeedFacts("equipment", "Hansker <b>", quantity=200, comment="Str. M & L")


@pytest.fixture
def led(city: City, kari: Employee, amina: Employee) -> City:
    """Kari leads Alna vest, where Amina works."""
    city.west.leader = kari
    city.west.save()
    return city


def at(route: str, form: AnswerForm, *more: str) -> str:
    return reverse(route, args=[form.announcement.public_id, *more])


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())


def file_of(client: Any, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_leader_answers_on_the_page(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee
) -> None:
    form = ask(liv, level="section", introduction="Svar før møtet.", own_question_1="Har dere strøm?")
    browser = client_of(kari)
    shown = page(browser, form.get_absolute_url())
    assert "Svar før møtet." in shown
    assert "Har dere strøm?" in shown
    west = led.west.public_id
    bad = browser.post(
        at("send_announcement_need", form),
        {"unit": west, "kind": "people", "what": "", "comment": "Tre vakter", "urgency": "1"},
    )
    assert bad.status_code == 422
    assert "Tre vakter" in bad.content.decode(), "what was typed is kept"
    good = {"unit": west, "kind": "people", "what": "Tre <i>vakter</i>", "quantity": "3", "urgency": "1", "comment": ""}
    assert browser.post(at("send_announcement_need", form), good).status_code == 302
    shown = page(browser, form.get_absolute_url())
    assert "Tre &lt;i&gt;vakter" in shown
    browser.post(at("finish_announcement_answer", form), {"unit": west, "reply_1": "Ja da"})
    assert Service.objects.get().reply_1 == "Ja da"
    hers = page(client_of(amina), form.get_absolute_url())
    assert "vakter" not in hers
    assert "Ja da" not in hers
    assert "Kari" not in hers.split("<main", 1)[1]
    need = Need.objects.get()
    refused = client_of(amina).post(at("take_back_announcement_need", form), {"need": need.public_id})
    assert refused.status_code == 302
    assert Need.objects.exists()
    assert browser.post(at("take_back_announcement_need", form), {"need": need.public_id}).status_code == 302
    assert not Need.objects.exists()


def test_naming_another(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    form, browser = ask(liv, level="section"), client_of(kari)
    address = at("name_announcement_answerer", form, led.west.public_id)
    assert "Alna vest" in page(browser, f"{address}?q=amina")
    sent = {"person": amina.public_id}
    assert browser.post(address, sent).status_code == 302
    assert Service.objects.get().answerer == amina
    assert client_of(thanh).post(address, sent).status_code == 403
    assert page(client_of(liv), at("name_announcement_answerer", form, led.water.public_id), 200)
    assert page(client_of(liv), at("name_announcement_answerer", form, led.east.public_id), 404), (
        "nobody there was addressed"
    )


def test_signing_up_and_withdrawing(
    ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee
) -> None:
    form, browser = ask(liv, "volunteers", places=1), client_of(amina)
    assert "Meld meg på" in page(browser, form.get_absolute_url())
    long = browser.post(at("sign_up_for_announcement", form), {"note": "x" * 301})
    assert long.status_code == 422
    assert "x" * 301 in long.content.decode()
    browser.post(at("sign_up_for_announcement", form), {"note": "Somali"})
    assert SignUp.objects.get().note == "Somali"
    client_of(kari).post(at("sign_up_for_announcement", form))
    shown = page(client_of(kari), form.get_absolute_url())
    assert "Amina" not in shown.split("<main", 1)[1]
    assert "Du står på ventelisten" in shown
    browser.post(at("withdraw_from_announcement", form))
    assert SignUp.objects.get(employee=kari).state == "signed_up"
    close_answer_form(actor=liv, form=form)
    assert "Meld meg på" not in page(browser, form.get_absolute_url())
    assert browser.post(at("sign_up_for_announcement", form)).status_code == 422


def test_the_leader_answers_for_own_people_only(
    ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    form = ask(liv, "volunteers")
    mine = sign_up(actor=amina, form=form, note="Hemmelig notat")
    address = at("announcement_own_volunteers", form)
    page(client_of(kari), address, 404)
    pick_volunteer(actor=liv, sign_up=mine)
    shown = page(client_of(kari), address)
    assert "Amina Hassan" in shown
    assert "Hemmelig notat" not in shown
    page(client_of(thanh), address, 404)
    sent = {"sign_up": mine.public_id, "approve": "1"}
    assert client_of(thanh).post(address, sent).status_code == 404
    assert client_of(kari).post(address, sent).status_code == 302
    mine.refresh_from_db()
    assert mine.state == "assigned"
    shown = page(client_of(kari), address)
    assert "Ingen venter på svar fra deg" in shown
    assert "(nb 1)" not in shown
    assert client_of(kari).post(address, sent | {"approve": ""}).status_code == 302
    assert "Du er med" in page(client_of(amina), form.get_absolute_url())


def test_the_keeper_takes_merges_and_filters(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, thanh: Employee
) -> None:
    form = ask(liv, level="section")
    led.water.leader = thanh
    led.water.save()
    hers, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    his, _ = send_need(actor=thanh, form=form, unit=led.water, facts=NeedFacts("people", "Sjåfører"))
    finish_answer(actor=thanh, form=form, unit=led.water)
    browser, address = client_of(liv), at("announcement_responses", form)
    shown = page(browser, address)
    assert "Hansker &lt;b&gt;" in shown
    assert "2 av 3" in shown
    assert "Sjåfører" not in page(browser, f"{address}?agency={led.alna.public_id}")
    assert "Sjåfører" not in page(browser, f"{address}?state=done")
    browser.post(at("change_announcement_need", form), {"need": hers.public_id, "state": "taken", "reply": "Kommer"})
    assert "Kommer" in page(browser, f"{address}?state=taken")
    assert "Kommer" in page(client_of(kari), form.get_absolute_url())
    assert "Kommer" not in page(client_of(thanh), form.get_absolute_url())
    both = {"needs": [hers.public_id, his.public_id]}
    back = browser.post(at("merge_announcement_needs", form), both | {"state_shown": "taken"})
    assert back["Location"] == f"{address}?state=taken"
    assert Need.objects.get(pk=his.pk).merged_into == hers
    browser.post(at("change_announcement_need", form), {"need": his.public_id, "split": "1"})
    assert Need.objects.get(pk=his.pk).merged_into is None
    assert browser.post(at("merge_announcement_needs", form), {"needs": [hers.public_id]}).status_code == 302
    for person in (kari, thanh):
        page(client_of(person), address, 404)


def test_the_keeper_sees_no_more_of_protected_people_than_others(
    ask: Ask, client_of: ClientOf, liv: Employee, amina: Employee, make_employee: MakeEmployee
) -> None:
    hidden = make_employee("Ærlige Hemmelig", protected=True, chosen_name="Kim")
    form = ask(liv, "volunteers", places=5)
    for person in (hidden, amina):
        sign_up(actor=person, form=form, note="=1+1")
    shown = page(client_of(liv), at("announcement_responses", form))
    assert "Kim" in shown
    assert "Hemmelig" not in shown
    assert hidden.public_id not in shown
    file = file_of(client_of(liv), at("export_announcement_answers", form, "csv")).decode()
    assert file.startswith("\ufeff")
    assert "Amina Hassan" in file
    assert "'=1+1" in file
    assert "Kim" not in file
    assert "Hemmelig" not in file
    assert AuditEvent.objects.get(verb="responses.exported").facts == {"rows": 1}
    assert file_of(client_of(liv), at("export_announcement_answers", form, "xlsx")).startswith(b"PK")
    assert client_of(liv).get(at("export_announcement_answers", form, "exe")).status_code == 404
    assert client_of(amina).get(at("export_announcement_answers", form, "csv")).status_code == 404


def test_needs_as_a_file(led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section")
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    other, _ = send_need(actor=kari, form=form, unit=led.west, facts=NeedFacts("people", "+ folk"))
    merge_needs(actor=liv, need=other, into=need)
    set_need_state(actor=liv, need=need, state="taken")
    file = file_of(client_of(liv), at("export_announcement_answers", form, "csv")).decode()
    assert "'+ folk" in file
    assert file.count("Liv Aune") == 2


def test_picking_on_the_page(ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, amina: Employee) -> None:
    form = ask(liv, "volunteers")
    mine = sign_up(actor=amina, form=form)
    browser = client_of(liv)
    assert browser.post(at("pick_announcement_volunteer", form), {"sign_up": mine.public_id}).status_code == 302
    assert browser.post(at("pick_announcement_volunteer", form), {"sign_up": mine.public_id}).status_code == 302
    mine.refresh_from_db()
    assert mine.state == "asked"
    assert "Amina" in page(browser, f"{at('announcement_responses', form)}?state=asked")
    assert browser.post(at("pick_announcement_volunteer", form), {"sign_up": "nobody"}).status_code == 404


def test_closing_and_reopening_on_the_page(ask: Ask, client_of: ClientOf, liv: Employee) -> None:
    form, browser = ask(liv, "volunteers", places=2), client_of(liv)
    address = at("close_announcement_answers", form)
    assert "90" in page(browser, address)
    browser.post(address, {"close": "1"})
    assert AnswerForm.objects.get().closed_at
    assert browser.post(address, {"close": "1"}).status_code == 302
    past = browser.post(address, {"deadline_at": "2020-01-01T12:00", "places": "2"})
    assert past.status_code == 422
    assert "2020-01-01T12:00" in past.content.decode()
    ahead = timezone.localtime(in_days(4)).strftime("%Y-%m-%dT%H:%M")
    assert browser.post(address, {"deadline_at": ahead, "places": "3"}).status_code == 302
    form = AnswerForm.objects.get()
    assert (form.closed_at, form.places) == (None, 3)
    assert timezone.localtime(form.deadline_at).strftime("%Y-%m-%dT%H:%M") == ahead, "the organisation's zone"


def test_the_author_adds_changes_and_removes_the_form(
    ask: Ask, client_of: ClientOf, liv: Employee, amina: Employee
) -> None:
    form, browser = ask(liv, sent=False), client_of(liv)
    address = at("announcement_answer_form", form)
    page(browser, address)
    page(client_of(amina), address, 404)
    ahead = timezone.localtime(in_days(4)).strftime("%Y-%m-%dT%H:%M")
    typed = {"kind": "volunteers", "deadline_at": ahead, "introduction": "Vi trenger tolker", "level": "agency"}
    bad = browser.post(address, typed)
    assert bad.status_code == 422
    assert "Vi trenger tolker" in bad.content.decode()
    assert browser.post(address, {**typed, "deadline_at": "tull", "places": "3"}).status_code == 422
    assert browser.post(address, {**typed, "places": "3"}).status_code == 302
    assert AnswerForm.objects.get().places == 3
    assert browser.post(address, {"remove": "1"}).status_code == 302
    assert not AnswerForm.objects.exists()
    sent = ask(liv)
    assert browser.get(at("announcement_answer_form", sent)).status_code == 302


def test_a_withdrawn_message_takes_no_answers(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee
) -> None:
    form = ask(liv, level="section")
    Announcement.objects.update(state="withdrawn", withdrawn_at=timezone.now())
    shown = page(client_of(kari), form.get_absolute_url())
    assert "trukket tilbake" in shown
    sent = {"unit": led.west.public_id, "kind": "people", "what": "x", "urgency": "1"}
    assert client_of(kari).post(at("send_announcement_need", form), sent).status_code == 422


def slot(name: str, reader: Employee, announcement: Announcement) -> str:
    request = RequestFactory().get("/")
    request.user = reader
    return render_slot(name, request, announcement=announcement)


def test_the_cards_beside_the_message(led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee) -> None:
    needs, volunteers, nothing = ask(liv, level="section"), ask(liv, "volunteers"), ask(liv)
    nothing.delete()
    for form in (needs, volunteers, nothing):
        form.announcement.is_mine, form.announcement.may_keep = True, False
    assert "Svar" in slot("announcement.main", kari, needs.announcement)
    assert "Meld meg på" in slot("announcement.main", amina, volunteers.announcement)
    assert slot("announcement.side", amina, volunteers.announcement) == ""
    with CaptureQueriesContext(connection) as queries:
        assert slot("announcement.main", amina, nothing.announcement) == ""
    assert sum("SELECT" in query["sql"] for query in queries) == 1, "what asks for nothing costs one look"
    volunteers.announcement.may_keep = needs.announcement.may_keep = True
    assert "0 / 2" in slot("announcement.side", liv, volunteers.announcement)
    assert reverse("announcement_responses", args=[needs.announcement.public_id]) in slot(
        "announcement.side", liv, needs.announcement
    )
    assert "Legg til svarskjema" in slot("announcement.write", liv, nothing.announcement)
    mine = sign_up(actor=amina, form=volunteers)
    pick_volunteer(actor=liv, sign_up=mine)
    assert "1 av dine egne" in slot("announcement.main", kari, volunteers.announcement)


def test_the_lists_cost_the_same_for_many(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, make_employee: MakeEmployee
) -> None:
    form, calls = ask(liv, level="section"), ask(liv, "volunteers", places=50)
    counts = []
    for more in (1, 12):
        for number in range(more):
            send_need(actor=kari, form=form, unit=led.west, facts=NeedFacts("people", f"Vakt {more} {number}"))
            person = make_employee(f"Frivillig {more} {number}")
            calls.announcement.receipts.create(employee=person, unit=led.west)
            sign_up(actor=person, form=calls)
        browser = client_of(Employee.objects.get(pk=liv.pk))
        for each in (form, calls):
            page(browser, at("announcement_responses", each))
            with CaptureQueriesContext(connection) as queries:
                page(browser, at("announcement_responses", each))
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_an_unknown_unit_need_and_form_are_not_there(
    led: City, ask: Ask, client_of: ClientOf, liv: Employee, kari: Employee, thanh: Employee
) -> None:
    form = ask(liv, level="section", audience={"include": [{"kind": "unit", "id": led.alna.public_id}]})
    page(client_of(thanh), form.get_absolute_url(), 404)
    assert client_of(kari).post(at("send_announcement_need", form), {"unit": "nowhere"}).status_code == 404
    assert client_of(kari).post(at("sign_up_for_announcement", form)).status_code == 404, "it asks for needs"
