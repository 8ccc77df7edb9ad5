"""«What the employer can see about me»: true to the rules, and the same work whatever has happened."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.clock import local_today
from directory.actions import record_audit_event
from directory.models import AuditEvent, Employee, FactChange, RoleGrant
from directory.tasks import forget_records
from onboarding.models import Correction
from tests.conftest import City

ClientOf = Callable[[Employee], Client]


def page_of(person: Employee, client_of: ClientOf) -> str:
    return client_of(person).get("/me/visible/").content.decode()


def test_what_hr_gave_with_source_time_and_who_sees_it(
    amina: Employee, hege: Employee, client_of: ClientOf, city: City
) -> None:
    Employee.objects.filter(pk=amina.pk).update(private_mobile="900 00 000")
    FactChange.objects.create(
        employee=amina, fact="workplace", former="", current="Furuset", source="scim", changed_at=timezone.now()
    )
    amina.employments.update(percentage="62.50", leave_until_date=local_today() + datetime.timedelta(days=3))
    response = client_of(amina).get("/me/visible/")
    page = response.context["page"]
    assert {held.name: held.seen_by for held in page.facts} == {
        "Navn": "Alle kolleger",
        "Ansattnummer": "Du og HR",
        "E-post": "Alle kolleger",
        "Mobil": "bare lederen din, til du velger noe annet",
    }
    [(_, job)] = page.jobs
    shown = {held.name: (held.value, held.source) for held in job}
    assert shown["Stillingsprosent"] == ("62,5\u00a0%", "HR-fil")
    assert "Permisjon til" in shown
    assert "Furuset" in response.content.decode()
    assert response["Cache-Control"].endswith("private")


def test_the_protected_read_that_colleagues_see_only_the_chosen_name(amina: Employee, client_of: ClientOf) -> None:
    Employee.objects.filter(pk=amina.pk).update(protected=True, private_mobile="900 00 000")
    response = client_of(amina).get("/me/visible/")
    assert "Bare navnet du har valgt." in response.content.decode()
    assert "Alle kolleger" not in {held.seen_by for held in response.context["page"].facts}


def test_roles_reports_log_and_periods_stand_there(
    amina: Employee, kari: Employee, admin: Employee, city: City, client_of: ClientOf
) -> None:
    RoleGrant.objects.create(employee=amina, role="superuser", unit=city.west, granted_by=admin)
    Correction.objects.create(employee=amina, reported_by=kari, text="Feil stilling")
    facts = {"role": "superuser", "unit": city.west.public_id}
    record_audit_event(actor=admin, verb="directory.role_granted", subject=amina, facts=facts)
    record_audit_event(actor=kari, verb="announcements.team_list_opened", subject=amina)
    page = page_of(amina, client_of)
    assert "Tildelt av Arne Holm" in page
    assert "Du fikk rollen Superbruker" in page
    assert "Lederen din så på listen" in page
    assert "Feil stilling" in page
    for period in ("28 dager", "30 dager", "90 dager", "365 dager", "14 dager"):
        assert period in page
    assert "Feil stilling" not in page_of(kari, client_of)


def test_as_many_queries_whatever_has_happened(
    amina: Employee, admin: Employee, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = client_of(amina)
    browser.get("/me/visible/")
    RoleGrant.objects.create(employee=amina, role="superuser", granted_by=admin)
    for number in (1, 60):
        for _ in range(number):
            record_audit_event(actor=admin, verb="directory.role_granted", subject=amina, facts={"role": "hr"})
        FactChange.objects.bulk_create(
            FactChange(employee=amina, fact="job", current="x", source="file", changed_at=timezone.now(), actor=admin)
            for _ in range(number)
        )
        with django_assert_num_queries(18):
            page = browser.get("/me/visible/").context["page"]
    assert (len(page.events), page.has_more_changes) == (30, True)
    older = browser.get(f"/me/visible/?before={page.next_cursor}").context["page"]
    assert {event.pk for event, _ in older.events}.isdisjoint({event.pk for event, _ in page.events})


def test_the_log_is_kept_a_year(amina: Employee) -> None:
    for days in (364, 366):
        event = record_audit_event(actor=None, verb="directory.role_granted", subject=amina)
        AuditEvent.objects.filter(pk=event.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    forget_records()
    assert AuditEvent.objects.count() == 1
