from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from core.clock import local_today
from directory.models import AuditEvent, Employee, OrgUnit, RoleGrant
from notifications.models import Notification
from tests.conftest import City

ClientOf = Callable[[Employee], Client]
TODAY = local_today()
DAY = datetime.timedelta(days=1)


def form(person: Employee, role: str, unit: OrgUnit | None = None, **facts: object) -> dict[str, object]:
    place = {"unit": unit.public_id} if unit else {}
    return {"person": person.public_id, "role": role, "start_date": TODAY.isoformat(), "give": "1", **place, **facts}


def test_found_by_search_given_told_and_taken_back(
    admin: Employee,
    amina: Employee,
    city: City,
    client_of: ClientOf,
    found_by_search: Callable[[], None],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    found_by_search()
    browser = client_of(admin)
    typed = {"person_q": "amina", "unit_q": "alna", "role": "superuser", "end_date": "2099-01-01", "find_unit": "1"}
    page = browser.post("/manage/roles/new/", typed)
    assert (page.status_code, RoleGrant.objects.filter(employee=amina).count()) == (200, 0)
    assert [person.pk for person in page.context["form"].people] == [amina.pk]
    assert city.west in page.context["form"].units
    assert 'value="2099-01-01"' in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/manage/roles/new/", form(amina, "superuser", city.alna))
    grant = RoleGrant.objects.get(employee=amina)
    assert (grant.unit, grant.granted_by, grant.end_date) == (city.alna, admin, None)
    listed = browser.get("/manage/roles/?q=hassan").content.decode()
    assert "Tildelt av Arne Holm" in listed
    assert "Tildelt av Arne Holm" in browser.get(f"/people/{amina.public_id}/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/manage/roles/{grant.public_id}/take-back/")
    assert "Tatt tilbake av Arne Holm" in browser.get("/manage/roles/?show=ended").content.decode()
    told = Notification.objects.filter(recipient=amina).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["role_given", "role_taken_back"]
    inbox = client_of(amina).get("/notifications/").content.decode()
    assert "rollen <strong>Superbruker</strong> for Bydel Alna" in inbox
    assert AuditEvent.objects.filter(subject=amina, actor=admin).count() == 2
    browser.post(f"/manage/roles/{grant.public_id}/again/")
    assert RoleGrant.objects.in_force().filter(employee=amina).count() == 1


def test_bad_input_is_answered_in_words_and_keeps_what_was_typed(
    admin: Employee, amina: Employee, city: City, make_employee: Callable[..., Employee], client_of: ClientOf
) -> None:
    OrgUnit.objects.filter(pk=city.east.pk).update(ended_date=TODAY)
    gone = make_employee("Gått Bort", is_active=False, left_date=TODAY)
    RoleGrant.objects.create(employee=amina, role="safety_representative", unit=city.west)
    yesterday, tomorrow = (TODAY - DAY).isoformat(), (TODAY + DAY).isoformat()
    wrong = {
        "Siste dag er før første dag.": form(amina, "superuser", city.west, start_date=tomorrow, end_date=str(TODAY)),
        "Den første dagen er over.": form(amina, "superuser", city.west, start_date=yesterday),
        "Alna øst er avviklet.": form(amina, "superuser", city.east),
        "Velg enheten denne rollen gjelder for.": form(amina, "agency_admin"),
        "Denne rollen gjelder hele virksomheten": form(amina, "hr", city.west),
        "Du kan ikke gi deg selv en rolle.": form(admin, "preparedness"),
        "har allerede denne rollen": form(amina, "safety_representative", city.west),
        "Si til når.": form(amina, "acting_leader", city.west),
        "Velg hvem som får rollen.": form(gone, "superuser", city.west),
        "gyldig dato": form(amina, "superuser", city.west, start_date="i går"),
    }
    browser = client_of(admin)
    for words, sent in wrong.items():
        answer = browser.post("/manage/roles/new/", sent)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
        assert f'value="{sent["start_date"]}"' in answer.content.decode()
    assert RoleGrant.objects.count() == 2


def test_a_unit_typed_but_not_chosen_is_not_the_whole_organisation(
    admin: Employee, amina: Employee, city: City, client_of: ClientOf
) -> None:
    browser = client_of(admin)
    for facts in ({"unit_q": "alna"}, {"unit": "gone"}):
        answer = browser.post("/manage/roles/new/", form(amina, "shop_steward") | facts)
        assert (answer.status_code, RoleGrant.objects.filter(employee=amina).count()) == (422, 0)
        assert "Velg en av enhetene, eller tøm feltet" in answer.content.decode()
    assert (
        city.west
        in browser.post("/manage/roles/new/", form(amina, "shop_steward", unit_q="alna")).context["form"].units
    )


def test_all_that_is_missing_is_asked_for_at_once(admin: Employee, client_of: ClientOf) -> None:
    sent = {"role": "acting_leader", "start_date": TODAY.isoformat(), "give": "1"}
    text = client_of(admin).post("/manage/roles/new/", sent).content.decode()
    for words in ("Velg hvem som får rollen.", "Velg enheten denne rollen gjelder for.", "Si til når."):
        assert words in text


def test_an_agencys_administrator_keeps_to_local_roles_and_the_own_branch(
    amina: Employee, thanh: Employee, admin: Employee, city: City, client_of: ClientOf
) -> None:
    RoleGrant.objects.create(employee=amina, role="agency_admin", unit=city.alna)
    other = RoleGrant.objects.create(employee=thanh, role="superuser", unit=city.water)
    browser = client_of(amina)
    thanh.employments.update(unit=city.east)
    page = browser.get("/manage/roles/new/")
    roles = [value for value, _ in page.context["form"].form.fields["role"].choices if value]
    assert sorted(roles) == ["acting_leader", "agency_communications", "safety_representative", "superuser"]
    assert browser.post("/manage/roles/new/", form(thanh, "superuser", city.water)).status_code == 422
    assert browser.post("/manage/roles/new/", form(thanh, "hr")).status_code == 422
    assert browser.post("/manage/roles/new/", form(thanh, "superuser", city.west)).status_code == 302
    assert [each.grant.unit for each in browser.get("/manage/roles/").context["page"].grants] == [city.west, city.alna]
    assert browser.post(f"/manage/roles/{other.public_id}/take-back/").status_code == 404
    assert client_of(thanh).get("/manage/roles/").status_code == 403
    body = {"employee": thanh.public_id, "role": "superuser", "unit": city.water.public_id}
    assert browser.post("/api/v1/roles/", body, content_type="application/json").status_code == 403


def test_the_last_administrator_stays(admin: Employee, client_of: ClientOf) -> None:
    grant = RoleGrant.objects.get(employee=admin)
    answer = client_of(admin).post(f"/manage/roles/{grant.public_id}/take-back/", follow=True)
    assert "Noen må administrere virksomheten." in answer.content.decode()
    assert client_of(admin).delete(f"/api/v1/roles/{grant.public_id}/").status_code == 400


def test_the_api_gives_lists_and_takes(admin: Employee, amina: Employee, city: City, client_of: ClientOf) -> None:
    browser = client_of(admin)
    body = {"employee": amina.public_id, "role": "acting_leader", "unit": city.west.public_id}
    refused = browser.post("/api/v1/roles/", body, content_type="application/json")
    assert (refused.status_code, "end_date" in refused.content.decode()) == (400, True)
    body["end_date"] = (TODAY + DAY).isoformat()
    made = browser.post("/api/v1/roles/", body, content_type="application/json").json()
    found = browser.get(f"/api/v1/roles/?employee={amina.public_id}").json()["results"]
    assert [one["id"] for one in found] == [made["id"]]
    assert browser.delete(f"/api/v1/roles/{made['id']}/").status_code == 204
    assert browser.get(f"/api/v1/roles/?employee={amina.public_id}").json()["results"] == []
    for wrong in ({"employee": "nobody"}, {"unit": "nowhere"}):
        answer = browser.post("/api/v1/roles/", body | wrong, content_type="application/json")
        assert (answer.status_code, next(iter(wrong)) in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("number", [1, 200])
def test_as_many_queries_for_one_grant_as_for_two_hundred(
    number: int,
    admin: Employee,
    amina: Employee,
    city: City,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    now = timezone.now()
    RoleGrant.objects.bulk_create(
        RoleGrant(employee=amina, role="superuser", unit=city.west, granted_by=admin, taken_back_at=taken)
        for taken in (None, now)
        for _ in range(number)
    )
    browser = client_of(admin)
    browser.get("/manage/roles/")
    with django_assert_num_queries(9):
        browser.get("/manage/roles/")
    with django_assert_num_queries(10):
        browser.get("/manage/roles/?show=ended&role=superuser")
