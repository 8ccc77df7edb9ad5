"""What a service needs: one answerer, the same need once, and a state that comes back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import RefusedError
from directory.actions import refresh_people
from directory.models import AuditEvent, Employee, Employment, OrgUnit, RoleGrant
from notifications.models import Notification
from responses.actions import (
    FormFacts,
    NeedFacts,
    close_answer_form,
    finish_answer,
    merge_needs,
    name_answerer,
    remove_answer_form,
    reopen_answer_form,
    save_answer_form,
    send_need,
    set_need_state,
    split_need,
    take_back_need,
)
from responses.models import AnswerForm, Need, Service
from responses.services import find_services, people_to_name, services_of
from tests.conftest import City, MakeEmployee
from tests.responses.conftest import Ask, in_days

pytestmark = pytest.mark.django_db
GLOVES = NeedFacts("equipment", "Hansker", quantity=200)


@pytest.fixture
def led(city: City, kari: Employee, amina: Employee) -> City:
    """Kari leads Alna vest, where Amina works."""
    city.west.leader = kari
    city.west.save()
    return city


def lead(unit: OrgUnit, leader: Employee) -> None:
    unit.leader = leader
    unit.save()


def told(employee: Employee) -> list[str]:
    return list(Notification.objects.filter(recipient=employee).order_by("pk").values_list("kind", flat=True))


def test_the_leader_answers_and_others_see_that_it_is_answered(
    led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee
) -> None:
    form = ask(liv, level="section")
    mine = find_services(kari, form)
    assert [(each.unit, each.may_answer, each.may_name) for each in mine] == [(led.west, True, True)]
    need, new = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    assert new
    assert (need.what, need.quantity, need.state, need.service.answerer) == ("Hansker", 200, "open", kari)
    [hers] = find_services(amina, form)
    assert (hers.may_answer, hers.may_read, hers.answered_at is not None) == (False, False, True)
    with pytest.raises(RefusedError, match=r"."):
        send_need(actor=amina, form=form, unit=led.west, facts=GLOVES)


def test_the_same_need_is_brought_up_to_date(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section")
    first, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    again, new = send_need(
        actor=kari, form=form, unit=led.west, facts=NeedFacts("equipment", "  hánsker ", 300, 1, "Str. M")
    )
    assert (again.pk, new) == (first.pk, False)
    assert (again.quantity, again.urgency, again.comment) == (300, 1, "Str. M")
    other, new = send_need(actor=kari, form=form, unit=led.west, facts=NeedFacts("people", "Hansker"))
    assert new
    assert other.pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.create(service=first.service, kind="equipment", what="HANSKER")


def test_what_was_done_is_open_when_it_is_sent_again(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section")
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    set_need_state(actor=liv, need=need, state="done")
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    assert (need.state, need.taken_by, need.done_at) == ("open", None, None)


def test_taken_and_done_come_back_to_the_service(
    led: City, ask: Ask, liv: Employee, kari: Employee, hege: Employee
) -> None:
    form = ask(liv, level="section")
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    set_need_state(actor=liv, need=need, state="taken", reply="Kommer   i morgen")
    need.refresh_from_db()
    assert (need.state, need.taken_by, need.reply) == ("taken", liv, "Kommer i morgen")
    with pytest.raises(RefusedError) as refusal:
        set_need_state(actor=liv, need=need, state="taken")
    assert refusal.value.code == "conflict"
    set_need_state(actor=liv, need=need, state="done")
    set_need_state(actor=liv, need=need, state="open")
    assert told(kari) == ["need_taken", "need_done", "need_open"]
    with pytest.raises(PermissionDenied):
        set_need_state(actor=hege, need=need, state="taken")
    verbs = AuditEvent.objects.filter(verb__startswith="responses.need_").order_by("pk").values_list("verb", flat=True)
    assert [verb.removeprefix("responses.need_") for verb in verbs] == ["sent", "taken", "done", "open"]


def test_two_that_mean_the_same_are_merged_and_split(
    led: City, ask: Ask, liv: Employee, kari: Employee, make_employee: MakeEmployee
) -> None:
    form = ask(liv, level="section")
    ola = make_employee("Ola Berg", unit=led.east)
    lead(led.east, ola)
    form.announcement.receipts.create(employee=ola, unit=led.east)
    hers, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    his, _ = send_need(actor=ola, form=form, unit=led.east, facts=NeedFacts("equipment", "Engangshansker"))
    merge_needs(actor=liv, need=his, into=hers)
    assert list(Need.objects.standing()) == [hers]
    with pytest.raises(RefusedError):
        set_need_state(actor=liv, need=his, state="taken")
    set_need_state(actor=liv, need=hers, state="taken")
    assert told(ola) == told(kari) == ["need_taken"]
    his.refresh_from_db()
    assert his.current.state == "taken"
    with pytest.raises(RefusedError):
        merge_needs(actor=liv, need=hers, into=his)
    with pytest.raises(RefusedError):
        merge_needs(actor=liv, need=hers, into=hers)
    split_need(actor=liv, need=his)
    assert Need.objects.standing().count() == 2
    event = AuditEvent.objects.get(verb="responses.need_merged")
    assert event.facts == {"into": hers.public_id}


def test_needs_of_different_forms_are_not_merged(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    needs = [
        send_need(actor=kari, form=ask(liv, level="section"), unit=led.west, facts=GLOVES)[0] for _number in range(2)
    ]
    with pytest.raises(RefusedError):
        merge_needs(actor=liv, need=needs[0], into=needs[1])


def test_the_leader_names_another_of_the_own_branch(
    led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    form = ask(liv, level="section")
    name_answerer(actor=kari, form=form, unit=led.west, employee=amina)
    assert told(amina) == ["answerer_named"]
    [hers] = find_services(amina, form)
    assert hers.may_answer
    [kept] = find_services(kari, form)
    assert (kept.may_answer, kept.may_read, kept.answerer) == (False, True, amina)
    send_need(actor=amina, form=form, unit=led.west, facts=GLOVES)
    with pytest.raises(RefusedError) as refusal:
        send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    assert refusal.value.code == "not_answerer"
    with pytest.raises(RefusedError):
        name_answerer(actor=kari, form=form, unit=led.west, employee=thanh)
    with pytest.raises(PermissionDenied):
        name_answerer(actor=amina, form=form, unit=led.west, employee=amina)
    with pytest.raises(PermissionDenied):
        name_answerer(actor=kari, form=form, unit=led.east, employee=kari)


def test_a_named_answerer_who_leaves_gives_way_to_the_leader(
    led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee
) -> None:
    form = ask(liv, level="section")
    name_answerer(actor=kari, form=form, unit=led.west, employee=amina)
    Employee.objects.filter(pk=amina.pk).update(is_active=False)
    [hers] = find_services(kari, form)
    assert hers.may_answer
    send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    assert Service.objects.get().answerer == kari


def test_who_keeps_the_form_names_where_nobody_leads(
    city: City, ask: Ask, liv: Employee, amina: Employee, thanh: Employee
) -> None:
    form = ask(liv, level="agency")
    assert set(services_of(form).values()) == {city.alna, city.water, city.whole}
    name_answerer(actor=liv, form=form, unit=city.alna, employee=amina)
    assert Service.objects.get().answerer == amina
    with pytest.raises(RefusedError):
        name_answerer(actor=liv, form=form, unit=city.east, employee=amina)


def test_an_acting_leader_answers(led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee) -> None:
    RoleGrant.objects.create(employee=amina, role="acting_leader", unit=led.west)
    [hers] = find_services(Employee.objects.get(pk=amina.pk), ask(liv, level="section"))
    assert hers.may_answer


def test_only_those_addressed_answer(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section", audience={"include": [{"kind": "unit", "id": led.water.public_id}]})
    assert AnswerForm.objects.visible_to(kari).count() == 0
    with pytest.raises(PermissionDenied):
        send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)


def test_a_service_that_needs_nothing_says_so(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section", own_question_1="Har dere strøm?")
    service = finish_answer(actor=kari, form=form, unit=led.west, replies=(" Ja ", ""))
    assert (service.reply_1, service.answered_by) == ("Ja", kari)
    assert service.answered_at
    assert Need.objects.count() == 0


def test_closed_late_withdrawn_and_open_again(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section")
    close_answer_form(actor=liv, form=form)
    with pytest.raises(RefusedError) as refusal:
        send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    assert refusal.value.code == "conflict"
    with pytest.raises(RefusedError):
        reopen_answer_form(actor=liv, form=form, deadline_at=in_days(-1))
    with pytest.raises(PermissionDenied):
        reopen_answer_form(actor=kari, form=form, deadline_at=in_days(1))
    reopen_answer_form(actor=liv, form=form, deadline_at=in_days(1))
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    AnswerForm.objects.update(deadline_at=in_days(-1))
    with pytest.raises(RefusedError):
        take_back_need(actor=kari, need=need)
    form.refresh_from_db()
    assert form.stop == "late"
    form.announcement.state = "withdrawn"
    form.announcement.save()
    assert form.stop == "withdrawn"
    with pytest.raises(RefusedError):
        reopen_answer_form(actor=liv, form=form, deadline_at=in_days(1))


def test_a_need_is_taken_back_while_nobody_has_taken_it(led: City, ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, level="section")
    need, _ = send_need(actor=kari, form=form, unit=led.west, facts=GLOVES)
    set_need_state(actor=liv, need=need, state="taken")
    with pytest.raises(RefusedError):
        take_back_need(actor=kari, need=need)
    set_need_state(actor=liv, need=need, state="open")
    take_back_need(actor=kari, need=need)
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (NeedFacts("gold", "x"), "kind"),
        (NeedFacts("people", "  "), "what"),
        (NeedFacts("people", "x" * 121), "what"),
        (NeedFacts("people", "x", 0), "quantity"),
        (NeedFacts("people", "x", 10**12), "quantity"),
        (NeedFacts("people", "x", 1, 9), "urgency"),
        (NeedFacts("people", "x", 1, 1, "y" * 501), "comment"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_field(
    led: City, ask: Ask, liv: Employee, kari: Employee, facts: NeedFacts, field: str
) -> None:
    form = ask(liv, level="section")
    with pytest.raises(RefusedError) as refusal:
        send_need(actor=kari, form=form, unit=led.west, facts=facts)
    assert refusal.value.field == field
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"kind": "needs", "level": "planet"}, "level"),
        ({"kind": "volunteers"}, "places"),
        ({"kind": "volunteers", "places": 0}, "places"),
        ({"kind": "needs", "deadline_at": None}, "deadline_at"),
        ({"kind": "needs", "deadline_at": in_days(-1)}, "deadline_at"),
        ({"kind": "needs", "deadline_at": in_days(400)}, "deadline_at"),
        ({"kind": "needs", "introduction": "x" * 301}, "introduction"),
    ],
)
def test_a_form_that_cannot_be_is_refused(ask: Ask, liv: Employee, facts: dict[str, Any], field: str) -> None:
    draft = ask(liv, sent=False).announcement
    with pytest.raises(RefusedError) as refusal:
        save_answer_form(actor=liv, announcement=draft, facts=FormFacts(**({"deadline_at": in_days(1)} | facts)))
    assert refusal.value.field == field


def test_a_form_belongs_to_a_draft(ask: Ask, liv: Employee, kari: Employee) -> None:
    form = ask(liv, sent=False)
    with pytest.raises(PermissionDenied):
        remove_answer_form(actor=kari, announcement=form.announcement)
    save_answer_form(
        actor=liv, announcement=form.announcement, facts=FormFacts("volunteers", in_days(1), places=3, level="section")
    )
    form.refresh_from_db()
    assert (form.kind, form.places, form.level) == ("volunteers", 3, "agency")
    remove_answer_form(actor=liv, announcement=form.announcement)
    assert not AnswerForm.objects.exists()
    sent = ask(liv)
    for write in (
        lambda: remove_answer_form(actor=liv, announcement=sent.announcement),
        lambda: save_answer_form(actor=liv, announcement=sent.announcement, facts=FormFacts("needs", in_days(1))),
    ):
        with pytest.raises(RefusedError):
            write()


def test_people_to_name_are_of_the_branch_and_got_it(
    led: City, ask: Ask, liv: Employee, kari: Employee, amina: Employee, thanh: Employee, make_employee: MakeEmployee
) -> None:
    form = ask(liv, level="section")
    make_employee("Amina Ny")
    protected = make_employee("Amina Skjult", protected=True)
    refresh_people(Employee.objects.values_list("pk", flat=True))
    assert people_to_name(kari, form, led.west, "amina") == [amina]
    assert people_to_name(kari, form, led.west, "thanh") == []
    assert people_to_name(kari, form, led.west, " ") == []
    form.announcement.receipts.create(employee=protected, unit=led.west)
    Employment.objects.filter(employee=protected).update(manager=thanh)
    assert people_to_name(kari, form, led.west, "skjult") == []
    Employment.objects.filter(employee=protected).update(manager=kari)
    assert people_to_name(kari, form, led.west, "skjult") == [protected], "the own leader may"
    name_answerer(actor=kari, form=form, unit=led.west, employee=protected)
    [shown] = find_services(kari, form)
    assert "Amina" not in shown.answerer_name
