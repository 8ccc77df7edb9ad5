"""One's own page: what opens for editing, being away, the invitation, how many have a photo."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from core.clock import local_today
from core.errors import RefusedError
from directory.absences import away_now
from directory.actions import end_absence, set_absence
from directory.models import Absence, Employee, OrgUnit
from directory.photo_coverage import own_photo_counts
from directory.tasks import apply_day_change
from tests.conftest import City, MakeEmployee

ClientOf = Callable[[Employee], Client]
HTMX = {"HX-Request": "true"}


def in_days(days: int) -> datetime.date:
    return local_today() + datetime.timedelta(days=days)


def test_a_part_opens_and_closes_by_itself_or_with_the_page_around_it(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    whole = client.get("/me/about/").content.decode()
    alone = client.get("/me/about/", headers=HTMX).content.decode()
    assert "<html" in whole
    assert "<html" not in alone
    assert '<textarea name="about"' in whole
    assert '<textarea name="about"' in alone
    assert "<textarea" not in client.get("/me/about/?shown=1", headers=HTMX).content.decode()
    saved = client.post("/me/about/", {"about": "Jobber natt."}, headers=HTMX).content.decode()
    assert "Jobber natt." in saved
    assert 'id="toasts"' in saved
    assert client.get("/me/salary/").status_code == 404


class TestAbsence:
    def test_a_stand_in_is_chosen_among_those_whose_name_fits(
        self,
        amina: Employee,
        kari: Employee,
        make_employee: MakeEmployee,
        client_of: ClientOf,
        found_by_search: Callable[[], None],
    ) -> None:
        other = make_employee("Kari Moen")
        found_by_search()
        client, days = client_of(amina), {"start_date": str(in_days(0)), "end_date": str(in_days(3))}
        several = client.post("/me/absence/", days | {"stand_in_name": "Kari"}).content.decode()
        assert kari.public_id in several
        assert other.public_id in several
        assert not Absence.objects.exists()
        client.post("/me/absence/", days | {"stand_in_name": "Kari", "stand_in": kari.public_id})
        assert Absence.objects.get().stand_in == kari
        client.post("/me/absence/", days | {"stand_in_name": "kari moen", "stand_in": kari.public_id})
        assert Absence.objects.get().stand_in == other
        hits = client.get("/me/absence/stand-ins/?stand_in_name=kar", headers=HTMX).content.decode()
        assert kari.public_id in hits
        client.post("/me/absence/", {"end": "1"})
        assert not Absence.objects.exists()

    @pytest.mark.parametrize(
        ("start", "end", "field"), [(2, 1, "end_date"), (-9, -1, "end_date"), (0, 999, "end_date")]
    )
    def test_days_that_cannot_be(self, start: int, end: int, field: str, amina: Employee) -> None:
        with pytest.raises(RefusedError) as refused:
            set_absence(actor=amina, employee=amina, start_date=in_days(start), end_date=in_days(end))
        assert refused.value.field == field

    def test_nobody_hidden_gone_or_oneself_stands_in(
        self, amina: Employee, kari: Employee, make_employee: MakeEmployee
    ) -> None:
        hidden = make_employee("Signe Skjermet", manager=amina, protected=True)
        for stand_in in (amina, hidden):
            with pytest.raises(RefusedError):
                set_absence(actor=amina, employee=amina, start_date=in_days(0), end_date=in_days(1), stand_in=stand_in)
        set_absence(actor=amina, employee=amina, start_date=in_days(0), end_date=in_days(1), stand_in=kari)
        Employee.objects.filter(pk=kari.pk).update(is_active=False)
        away = away_now(amina)
        assert away
        assert away.stand_in is None

    def test_it_is_told_on_its_days_only_and_then_forgotten(self, amina: Employee) -> None:
        set_absence(actor=amina, employee=amina, start_date=in_days(1), end_date=in_days(3))
        assert away_now(amina) is None
        Absence.objects.update(start_date=in_days(-3), end_date=in_days(-1))
        assert away_now(amina) is None
        apply_day_change()
        assert not Absence.objects.exists()
        end_absence(actor=amina, employee=amina)


def test_the_invitation_is_declined_for_good(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    assert "Legg til bilde" in client.get("/me/").content.decode()
    answer = client.post("/me/hint/", follow=True).content.decode()
    assert 'id="hint-title"' not in answer
    assert "/me/hint/?show=1" in answer
    client.post("/me/hint/?show=1")
    assert 'id="hint-title"' in client.get("/me/").content.decode()


def test_leaders_see_how_many_have_a_photo_from_ten_people_up(
    amina: Employee, kari: Employee, city: City, make_employee: MakeEmployee
) -> None:
    OrgUnit.objects.filter(pk=city.west.pk).update(leader=kari)
    for number in range(7):
        make_employee(f"Kollega {number}", manager=kari, photo="a" * 64 if number < 3 else "")
    assert own_photo_counts(kari) == [], "nine people"
    make_employee("Signe Skjermet", manager=kari, protected=True)
    assert own_photo_counts(kari) == [], "a protected person is not counted"
    make_employee("Enda En", manager=kari)
    [count] = own_photo_counts(Employee.objects.get(pk=kari.pk))
    assert (count.unit, count.people, count.with_photo) == (city.west, 10, 3)
    assert own_photo_counts(amina) == []


def test_a_code_leads_to_ones_page_but_for_a_protected_person(amina: Employee, client_of: ClientOf) -> None:
    client = client_of(amina)
    assert 'class="qr"' in client.get("/me/code/").content.decode()
    Employee.objects.filter(pk=amina.pk).update(protected=True)
    assert client.get("/me/code/").status_code == 404
