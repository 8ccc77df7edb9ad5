"""The agency's list, its desks, the figures, and the API."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.utils import timezone

from core.clock import local_today
from directory.models import Employee, RoleGrant
from directory.search_texts import refresh_search_texts
from onboarding.arrivals.figures import agency_figures, kind_figures
from onboarding.arrivals.forgetting import forget_arrivals
from onboarding.models import Arrival, ArrivalDesk, ArrivalStep, ArrivalTask
from tests.conftest import City
from tests.onboarding.arriving import ClientOf, arrival, desk, hassan, in_days, led, steps

__all__ = ["arrival", "desk", "hassan", "led", "steps"]


def test_a_list_is_written_changed_and_undone(
    city: City, hege: Employee, desk: ArrivalDesk, client_of: ClientOf
) -> None:
    browser = client_of(hege)
    address = f"/manage/arrivals/{city.alna.public_id}/steps/"
    sent = {"title": "Lønn", "kind": "pay", "doer": desk.public_id, "days_before": "14", "text": ""}
    assert browser.post(address, sent | {"title": " "}).status_code == 422
    assert browser.post(address, sent | {"doer": "AAAA"}).status_code == 422
    assert browser.post(address, sent | {"days_before": "999"}).status_code == 422
    assert browser.post(address, sent).status_code == 302
    step = ArrivalStep.objects.get()
    assert (
        browser.post(f"/manage/arrivals/steps/{step.public_id}/change/", sent | {"doer": "leader"}).status_code == 302
    )
    step.refresh_from_db()
    assert (step.responsible, step.desk) == ("leader", None)
    browser.post(f"/manage/arrivals/steps/{step.public_id}/remove/")
    assert not ArrivalStep.objects.standing().exists()
    browser.post(f"/manage/arrivals/steps/{step.public_id}/remove/?restore=1")
    assert ArrivalStep.objects.standing().exists()


def test_a_desk_has_people_and_is_closed_only_when_nothing_is_left(
    city: City, hege: Employee, arrival: Arrival, hassan: Employee, client_of: ClientOf
) -> None:
    browser = client_of(hege)
    address = f"/manage/arrivals/{city.alna.public_id}/desks/"
    assert browser.post(address, {"name": "Lønn"}).status_code == 422
    refresh_search_texts([hassan.pk])
    assert hassan.public_id in browser.post(address, {"find_person": "1", "person_q": "Hassan Raza"}).content.decode()
    assert browser.post(address, {"name": "Lønn", "person": hassan.public_id}).status_code == 302
    desk = arrival.tasks.get(desk__isnull=False).desk
    assert desk
    said = browser.post(f"/manage/arrivals/desks/{desk.public_id}/close/", follow=True).content.decode()
    assert "sender fortsatt oppgaver" in said
    ArrivalStep.objects.update(removed_at=timezone.now())
    ArrivalTask.objects.update(settled_at=timezone.now(), state="done")
    browser.post(f"/manage/arrivals/desks/{desk.public_id}/close/")
    assert not ArrivalDesk.objects.open().filter(pk=desk.pk).exists()


def test_an_agency_follows_the_whole_until_it_has_its_own(
    city: City, hege: Employee, steps: list[ArrivalStep], admin: Employee, client_of: ClientOf
) -> None:
    ArrivalStep.objects.update(unit=city.whole)
    assert ArrivalStep.objects.of_unit(city.west).count() == 3
    client_of(hege).post(f"/manage/arrivals/{city.alna.public_id}/copy/")
    assert ArrivalStep.objects.standing().filter(unit=city.alna).count() == 3
    assert ArrivalStep.objects.of_unit(city.water).filter(unit=city.whole).count() == 3


@pytest.fixture
def year(city: City, kari: Employee) -> None:
    """Twelve have begun in Alna, three in water: of two thirds of them everything was ready."""
    day = local_today() - datetime.timedelta(days=30)
    ready = timezone.now() - datetime.timedelta(days=31)
    for number in range(15):
        unit = city.west if number < 12 else city.water
        facts: dict[str, Any] = {"starts_date": day, "ready_at": ready if number % 3 else None}
        made = Arrival.objects.create(unit=unit, name=f"N {number}", folded_name=f"n {number}", leader=kari, **facts)
        task = {"kind": "it", "title": "PC", "responsible": "leader", "days_before": 3, "due_date": day}
        ArrivalTask.objects.create(arrival=made, settled_at=made.ready_at, **task)


@pytest.mark.usefixtures("steps")
def test_the_list_opens_on_what_there_is(hege: Employee, city: City, client_of: ClientOf) -> None:
    browser = client_of(hege)
    assert browser.get("/manage/arrivals/").context["unit"] == city.alna
    assert browser.get("/manage/arrivals/?unit=oslo").context["unit"] == city.whole
    assert browser.get("/manage/arrivals/", {"unit": city.water.public_id}).context["unit"] == city.water
    answer = browser.get("/manage/arrivals/?unit=Bydel+Ingen")
    assert (answer.context["unit"], "«Bydel Ingen»" in answer.content.decode()) == (city.alna, True)


@pytest.mark.usefixtures("year")
def test_figures_hide_the_few_and_what_would_tell_of_them(
    hege: Employee, city: City, thanh: Employee, client_of: ClientOf
) -> None:
    table = b"".join(client_of(hege).get("/manage/arrivals/figures/?as=csv")).decode("utf-8-sig").splitlines()
    assert table[1:] == ["Oslo kommune;15;66", "Bydel Alna;;", "Vann- og avløpsetaten;;", "PC og bruker;;66"]
    assert [(one.name, one.number, one.ready) for one in agency_figures(hege)] == [
        ("Oslo kommune", 15, 66),
        ("Bydel Alna", None, None),
        ("Vann- og avløpsetaten", None, None),
    ]
    assert [(one.name, one.in_time) for one in kind_figures(hege)] == [("PC og bruker", 66)]
    RoleGrant.objects.create(employee=thanh, role="agency_admin", unit=city.alna)
    assert [(one.name, one.number) for one in agency_figures(thanh)] == [("Bydel Alna", None)]
    assert kind_figures(thanh) == []


def test_forgotten_a_year_after(arrival: Arrival) -> None:
    assert forget_arrivals() == 0
    Arrival.objects.update(starts_date=local_today() - datetime.timedelta(days=366))
    assert forget_arrivals() > 0


def test_the_api_tells_moves_and_settles(
    led: Employee, steps: list[ArrivalStep], hassan: Employee, city: City, client_of: ClientOf
) -> None:
    api = client_of(led)
    sent = {"name": "Sunniva Berg", "unit": city.west.public_id, "starts_date": str(in_days(30))}
    made = api.post("/api/v1/arrivals/", json.dumps(sent), content_type="application/json")
    assert (made.status_code, len(made.json()["tasks"])) == (201, 3)
    twice = api.post("/api/v1/arrivals/", json.dumps(sent), content_type="application/json")
    assert twice.status_code == 409
    (task,) = client_of(hassan).get("/api/v1/arrival-tasks/").json()["results"]
    address = f"/api/v1/arrival-tasks/{task['id']}/"
    done = client_of(hassan).patch(address, json.dumps({"state": "done"}), content_type="application/json")
    assert (done.json()["state"], done.json()["assignee"]) == ("done", hassan.public_id)
    one = f"/api/v1/arrivals/{made.json()['id']}/"
    moved = api.patch(one, json.dumps({"starts_date": str(in_days(40))}), content_type="application/json")
    assert moved.json()["starts_date"] == str(in_days(40))
    off = api.patch(one, json.dumps({"cancelled": True}), content_type="application/json")
    assert off.json()["cancelled"] is True
    assert len(api.get("/api/v1/arrivals/").json()["results"]) == 1
