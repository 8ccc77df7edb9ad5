from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from core.clock import local_today
from core.errors import RefusedError
from directory.actions import create_api_token, grant_role, revoke_api_token, take_back_role
from directory.models import ApiToken, AuditEvent, Employee, RoleGrant
from tests.conftest import City


def fresh(employee: Employee) -> Employee:
    """The employee as the next request meets them."""
    met: Employee = Employee.objects.get(pk=employee.pk)
    return met


def test_an_administrator_gives_and_takes_back_with_a_log(admin: Employee, amina: Employee, city: City) -> None:
    grant = grant_role(actor=admin, employee=amina, role="superuser", unit=city.west)
    assert fresh(amina).has_role("superuser")
    take_back_role(actor=admin, grant=grant)
    take_back_role(actor=admin, grant=grant)
    assert not fresh(amina).has_role("superuser")
    log = AuditEvent.objects.filter(subject=amina).order_by("pk").values_list("verb", "actor", "facts")
    facts = {"role": "superuser", "unit": city.west.public_id}
    assert list(log) == [
        ("directory.role_granted", admin.pk, facts),
        ("directory.role_taken_back", admin.pk, facts),
    ]


def test_an_agency_appoints_its_own_people_only(city: City, amina: Employee, thanh: Employee) -> None:
    RoleGrant.objects.create(employee=amina, role="agency_admin", unit=city.alna)
    thanh.employments.update(unit=city.water)
    with pytest.raises(PermissionDenied):
        grant_role(actor=amina, employee=thanh, role="superuser", unit=city.alna)


@pytest.mark.parametrize("role", ["admin", "hr", "agency_admin", "central_communications", "preparedness"])
def test_nobody_raises_anyone_above_themself(role: str, amina: Employee, thanh: Employee, city: City) -> None:
    RoleGrant.objects.create(employee=amina, role="agency_admin", unit=city.alna)
    for who in (amina, thanh):
        with pytest.raises(PermissionDenied):
            grant_role(actor=amina, employee=who, role=role, unit=city.alna)


def test_an_agencys_administrator_stays_within_the_agency(amina: Employee, thanh: Employee, city: City) -> None:
    RoleGrant.objects.create(employee=amina, role="agency_admin", unit=city.alna)
    thanh.employments.update(unit=city.east)
    grant_role(actor=amina, employee=thanh, role="superuser", unit=city.west)
    for unit in (city.water, city.whole, None):
        with pytest.raises(PermissionDenied):
            grant_role(actor=fresh(amina), employee=thanh, role="superuser", unit=unit)


def test_others_give_nothing(kari: Employee, amina: Employee) -> None:
    with pytest.raises(PermissionDenied):
        grant_role(actor=kari, employee=amina, role="superuser")


@pytest.mark.parametrize(
    "facts", [{"role": "king"}, {"role": "hr", "end_date": local_today() - datetime.timedelta(days=1)}]
)
def test_impossible_grants_are_refused(facts: dict[str, object], admin: Employee, amina: Employee) -> None:
    with pytest.raises(RefusedError):
        grant_role(actor=admin, employee=amina, **facts)  # type: ignore[arg-type]


def test_a_key_is_shown_once_and_kept_as_a_hash(amina: Employee) -> None:
    out = StringIO()
    call_command("create_api_token", str(amina.email).upper(), "--name", "Skjerm", stdout=out)
    key = out.getvalue().strip()
    headers = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/me/", headers=headers).json()["id"] == amina.public_id
    assert not ApiToken.objects.filter(digest__contains=key).exists()
    revoke_api_token(actor=None, token=ApiToken.objects.get())
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


def test_no_key_for_nobody(amina: Employee) -> None:
    with pytest.raises(CommandError):
        call_command("create_api_token", "finnes.ikke@oslo.example")


def test_an_expired_key_opens_nothing(amina: Employee) -> None:
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    _, key = create_api_token(actor=None, employee=amina, name="gammel", expires_at=past)
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"}).status_code == 401
