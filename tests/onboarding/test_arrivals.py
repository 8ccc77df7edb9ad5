"""Ready for day one: one form, tasks to those concerned, states, and a first day that moves."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import local_today
from directory.models import Employee, Employment
from directory.search_texts import refresh_search_texts
from notifications.daily import begin_day
from notifications.fan_out import run_due_fan_outs
from notifications.models import FanOut, Notification
from onboarding.arrivals import connecting, reminding
from onboarding.arrivals.dates import due_date
from onboarding.models import Arrival, ArrivalStep, ArrivalTask, Welcome
from tests.conftest import City, MakeEmployee
from tests.onboarding.arriving import ClientOf, arrival, desk, hassan, in_days, led, send, steps

__all__ = ["arrival", "desk", "hassan", "led", "steps"]


def test_one_form_gives_everyone_concerned_their_task(
    arrival: Arrival, led: Employee, amina: Employee, hassan: Employee, client_of: ClientOf
) -> None:
    tasks = {task.title: task for task in arrival.tasks.all()}
    assert [tasks[name].assignee for name in ("PC og bruker", "Møt opp første dag", "Avtal første vakt")] == [
        None,
        amina,
        led,
    ]
    assert tasks["PC og bruker"].due_date == due_date(arrival.starts_date, 7, local_today())
    told = Notification.objects.filter(kind="arrival_tasks").values_list("recipient", flat=True)
    assert set(told) == {amina.pk, hassan.pk}
    browser = client_of(hassan)
    page = browser.get("/arrivals/tasks/").content.decode()
    assert "PC og bruker" in page
    assert "Møt opp" not in page
    address = f"/arrivals/tasks/{tasks['PC og bruker'].public_id}/"
    assert "Husk skjerm." in browser.get(address).content.decode()
    assert browser.get(f"/arrivals/{arrival.public_id}/").status_code == 404
    browser.post(address, {"state": "in_work"})
    task = ArrivalTask.objects.get(pk=tasks["PC og bruker"].pk)
    assert (task.state, task.assignee) == ("in_work", hassan)
    browser.post(f"{address}comment/", {"text": "Trenger hun skjerm?"})
    assert Notification.objects.get(kind="arrival_comment").recipient == led
    mine = client_of(led).get(f"/arrivals/{arrival.public_id}/").content.decode()
    assert "0 av 3 klart" in mine
    assert "Hassan Raza" in mine


def test_states_are_set_undone_and_end_in_readiness(arrival: Arrival, led: Employee, client_of: ClientOf) -> None:
    browser = client_of(led)
    for task in arrival.tasks.all():
        said = browser.post(f"/arrivals/tasks/{task.public_id}/", {"state": "done"}, follow=True).content.decode()
        assert f"/arrivals/tasks/{task.public_id}/?state=waiting" in said
    assert Arrival.objects.get().ready_at is not None
    assert "Alt er klart" in browser.get("/arrivals/").content.decode()
    browser.post(f"/arrivals/tasks/{task.public_id}/?state=waiting")
    assert Arrival.objects.get().ready_at is None
    odd = browser.post(f"/arrivals/tasks/{task.public_id}/", {"state": "lost"})
    assert (odd.status_code, "Velg hvor langt" in odd.content.decode()) == (422, True)


def test_called_off_and_on_again(arrival: Arrival, led: Employee, hassan: Employee, client_of: ClientOf) -> None:
    browser = client_of(led)
    said = browser.post(f"/arrivals/{arrival.public_id}/cancel/", follow=True).content.decode()
    assert f"/arrivals/{arrival.public_id}/cancel/?restore=1" in said
    inbox = client_of(hassan).get("/notifications/").content.decode()
    assert "kommer ikke likevel" in inbox
    assert "ber deg" not in inbox
    task = arrival.tasks.get(desk__isnull=False)
    assert client_of(hassan).get(f"/arrivals/tasks/{task.public_id}/").status_code == 404
    browser.post(f"/arrivals/{arrival.public_id}/cancel/?restore=1")
    assert client_of(hassan).get(f"/arrivals/tasks/{task.public_id}/").status_code == 200


def test_another_first_day_moves_what_is_left(arrival: Arrival, led: Employee, client_of: ClientOf) -> None:
    done = arrival.tasks.get(responsible="leader")
    ArrivalTask.objects.filter(pk=done.pk).update(state="done", settled_at="2026-01-01T10:00Z")
    address = f"/arrivals/{arrival.public_id}/first-day/"
    assert client_of(led).post(address, {"starts_date": str(in_days(400))}).status_code == 422
    assert client_of(led).post(address, {"starts_date": str(in_days(50))}).status_code == 302
    assert arrival.tasks.get(desk__isnull=False).due_date == due_date(in_days(50), 7, local_today())
    assert arrival.tasks.get(responsible="leader").due_date == done.due_date


def test_what_cannot_be_taken_is_said_and_kept(
    led: Employee, steps: list[ArrivalStep], city: City, client_of: ClientOf
) -> None:
    browser = client_of(led)
    wrong: list[dict[str, Any]] = [
        {"name": ""},
        {"name": "Sunniva\x00"},
        {"name": "Sunniva 17054026641"},
        {"name": "\u202e Sunniva"},
        {"name": "\u2067Sunniva\u2069"},
        {"name": "Sun\x08niva"},
        {"name": "\u200b"},
        {"title": "Helsefag\u202earbeider"},
        {"note": "Hei\x1b[2J"},
        {"starts_date": "31.02.2027"},
        {"starts_date": str(in_days(500))},
        {"starts_date": str(in_days(-60))},
        {"step": []},
        {"note": "Fødselsnummer 17054026641"},
    ]
    for facts in wrong:
        answer = send(browser, steps, city.west, **facts)
        assert answer.status_code == 422, facts
        assert answer.context["form"].errors or answer.context["form"].form.errors
    assert send(browser, steps, city.water).status_code != 302
    first = browser.post(
        "/arrivals/new/", {"name": "Sunniva Berg", "starts_date": str(in_days(30)), "unit": city.west.public_id}
    )
    assert first.status_code == 200
    assert "PC og bruker" in first.content.decode()
    # What may not stand there is said before anybody sees what is set in motion; a buddy nobody is called is said too.
    early = {"name": "Sunniva Berg", "starts_date": str(in_days(30)), "unit": city.west.public_id}
    slips = [{"starts_date": "2020-08-01"}, {"starts_date": str(in_days(900))}]
    slips += [{"name": name} for name in ("<b>Mark</b> =cmd|x", "=HYPERLINK(1)", "123")]
    for wrong_one in ({"note": "Fnr 17054026641"}, {"buddy": "Ingen Her"}, *slips):
        answer = browser.post("/arrivals/new/", early | wrong_one)
        assert answer.status_code == 422, wrong_one
    assert not Arrival.objects.exists()
    assert send(browser, steps, city.west).status_code == 302
    assert send(browser, steps, city.west).status_code == 422


def test_the_file_brings_the_person_and_another_first_day(
    arrival: Arrival, amina: Employee, make_employee: MakeEmployee
) -> None:
    connecting._seen.clear()
    assert connecting.connect_new_jobs() == 0
    new = make_employee("Sunniva Berg", started_days_ago=-35, is_active=False)
    Welcome.objects.create(employee=new, starts_date=in_days(35))
    assert connecting.connect_new_jobs() == 1
    arrival.refresh_from_db()
    assert (arrival.employee, arrival.starts_date) == (new, in_days(35))
    assert Welcome.objects.get().buddy == amina
    Employment.objects.filter(employee=new).update(start_date=in_days(40))
    assert connecting.follow_first_days() == 1


def test_with_two_of_the_name_the_leader_says_who(
    arrival: Arrival, led: Employee, make_employee: MakeEmployee, client_of: ClientOf
) -> None:
    connecting._seen.clear()
    both = [
        make_employee("Sunniva Berg", started_days_ago=-30, manager=led, is_active=False, email=mail)
        for mail in ("a@oslo.example", "b@oslo.example")
    ]
    assert connecting.connect_new_jobs() == 0
    # The first name alone, or the like of it, is nobody's.
    others = [
        make_employee(name, started_days_ago=-30, manager=led, is_active=False)
        for name in ("Sunniva Nes", "Sunnive Bergersen")
    ]
    page = client_of(led).get(f"/arrivals/{arrival.public_id}/").content.decode()
    assert all(one.public_id in page for one in both)
    assert not any(one.public_id in page for one in others)
    assert "fra HR-fila" in page
    chosen = {"person": others[0].public_id}
    assert client_of(led).post(f"/arrivals/{arrival.public_id}/person/", chosen).status_code == 404
    client_of(led).post(f"/arrivals/{arrival.public_id}/person/", {"person": both[1].public_id})
    arrival.refresh_from_db()
    assert arrival.employee == both[1]


def test_a_task_is_given_to_a_named_colleague(
    arrival: Arrival, led: Employee, hassan: Employee, make_employee: MakeEmployee, client_of: ClientOf, city: City
) -> None:
    liv = make_employee("Liv Strand", unit=city.east)
    refresh_search_texts([liv.pk])
    task = arrival.tasks.get(kind="it")
    address = f"/arrivals/tasks/{task.public_id}/"
    assert client_of(liv).post(f"{address}person/", {"person": liv.public_id}).status_code == 404
    assert liv.public_id in client_of(hassan).get(f"{address}?q=liv").content.decode()
    client_of(hassan).post(f"{address}person/", {"person": liv.public_id})
    task.refresh_from_db()
    assert task.assignee == liv
    told = Notification.objects.get(kind="arrival_given")
    assert (told.recipient, told.actor) == (liv, hassan)
    assert "Gitt til Liv Strand" in client_of(led).get(address).content.decode()
    # It is hers: she says that it is done, and another buddy takes nothing of it.
    client_of(liv).post(address, {"state": "done"})
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("done", liv)
    assert client_of(led).post(f"{address}person/", {"person": hassan.public_id}).status_code == 302
    task.refresh_from_db()
    assert task.assignee == liv


def test_reminded_once_before_and_once_after(
    arrival: Arrival, led: Employee, amina: Employee, hassan: Employee
) -> None:
    ArrivalTask.objects.filter(desk__isnull=False).update(due_date=in_days(1))
    ArrivalTask.objects.filter(responsible="buddy").update(due_date=in_days(-1))
    Arrival.objects.update(starts_date=in_days(2))
    for _ in range(2):
        begin_day(reminding.JOB, at=reminding.AT)
        FanOut.objects.update(not_before="2026-01-01T00:00Z", state="waiting", cursor=0)
        run_due_fan_outs()
    reminded = Notification.objects.filter(kind="arrival_reminder").values_list("recipient", flat=True)
    assert sorted(reminded) == sorted([hassan.pk, amina.pk])
    assert Notification.objects.get(kind="arrival_not_ready").recipient == led


def test_weekends_are_due_on_friday_and_nothing_before_today() -> None:
    monday = datetime.date(2027, 2, 1)
    today = datetime.date(2027, 1, 4)
    assert due_date(monday, 1, today) == datetime.date(2027, 1, 29)
    assert due_date(monday, 0, today) == monday
    assert due_date(datetime.date(2027, 2, 6), 0, today) == datetime.date(2027, 2, 6)
    assert due_date(monday, 60, today) == today


def test_protected_people_are_named_to_leader_and_hr_alone(
    arrival: Arrival,
    led: Employee,
    hege: Employee,
    hassan: Employee,
    make_employee: MakeEmployee,
    city: City,
    admin: Employee,
    client_of: ClientOf,
) -> None:
    person = make_employee("Sunniva Berg", started_days_ago=-30, is_active=False, protected=True, chosen_name="Sol")
    Arrival.objects.update(employee=person)
    task = arrival.tasks.get(desk__isnull=False)
    seen = client_of(hassan).get(f"/arrivals/tasks/{task.public_id}/").content.decode()
    assert "Berg" not in seen
    assert "Alna vest" not in seen
    assert "Sol" in seen
    for reader in (led, hege):
        assert "Sunniva Berg" in client_of(reader).get(f"/arrivals/{arrival.public_id}/").content.decode()
    assert client_of(admin).get(f"/arrivals/{arrival.public_id}/").status_code == 404


def test_pages_cost_the_same_for_one_and_for_many(
    arrival: Arrival, led: Employee, hassan: Employee, client_of: ClientOf
) -> None:
    task = arrival.tasks.get(desk__isnull=False)
    costs = []
    for _ in range(2):
        pages = [(led, "/arrivals/"), (hassan, "/arrivals/tasks/"), (led, f"/arrivals/{arrival.public_id}/")]
        for reader, address in pages:
            browser = client_of(reader)
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            costs.append(len(queries))
        for number in range(5):
            same = {"unit": arrival.unit, "leader": led, "starts_date": arrival.starts_date}
            other = Arrival.objects.create(name=f"Ny {number}", folded_name=f"ny {number}", **same)
            for one in (other, arrival):
                facts = {"title": "Telefon", "responsible": "desk", "days_before": 7, "due_date": task.due_date}
                ArrivalTask.objects.create(arrival=one, kind="phone", desk=task.desk, assignee=hassan, **facts)
    assert costs[:3] == costs[3:]


def test_the_person_reads_what_was_made_ready(arrival: Arrival, amina: Employee, client_of: ClientOf) -> None:
    Arrival.objects.update(employee=amina, note="Trenger nøkkel til boden.")
    page = client_of(amina).get("/me/visible/").content.decode()
    assert "Trenger nøkkel til boden." in page
    assert "PC og bruker" in page


def test_whom_hr_knows_is_prepared_for_by_the_manager(
    steps: list[ArrivalStep], amina: Employee, make_employee: MakeEmployee, city: City, client_of: ClientOf
) -> None:
    """Amina leads nobody yet, in a unit that is not hers; the one who comes is to be led by her."""
    new = make_employee("Sunniva Berg", started_days_ago=-20, unit=city.east, manager=amina, is_active=False)
    make_employee("Vernet Person", started_days_ago=-20, unit=city.east, is_active=False, protected=True)
    assert client_of(amina).get("/arrivals/").status_code == 403
    new.employments.create(unit=city.west, title="Vikar", position_key="vikar", manager=amina, start_date=in_days(-9))
    browser = client_of(amina)
    page = browser.get("/arrivals/").content.decode()
    assert new.public_id in page
    assert "Vernet" not in page
    sent = {"job": new.public_id, "seen": city.east.public_id, "step": [step.public_id for step in steps]}
    assert browser.post("/arrivals/new/", sent).status_code == 302
    arrival = Arrival.objects.get()
    assert (arrival.employee, arrival.leader, arrival.starts_date) == (new, amina, in_days(20))
    assert new.public_id not in browser.get("/arrivals/").content.decode()
