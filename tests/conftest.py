"""The cast every test may call on: a small city with named people, made in milliseconds."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client

from core.caching import RedisOrMemory
from core.clock import local_today
from directory.models import Employee, Employment, HouseRules, HouseRulesAcceptance, JobFamily, OrgUnit, RoleGrant
from groups.models import Group, Membership
from notifications import live
from notifications.channels import ledger
from tests.scheduling import pytest_xdist_make_scheduler
from tests.sparing import (
    django_db_modify_db_settings,
    pytest_collection_finish,
    pytest_collection_modifyitems,
    shared_work,
)

# Used by pytest, which finds them here.
__all__ = [
    "django_db_modify_db_settings",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "shared_work",
]

PASSWORD = "vaffelonsdag"
# On a busy machine a stretch of sending must not end in the middle of what a test sends.
ledger.STRETCH_SECONDS = 120.0


def make_unit(code: str, name: str, parent: OrgUnit | None, kind: str) -> OrgUnit:
    """Store a unit with its path."""
    unit = OrgUnit(code=code, name=name, parent=parent, kind=kind, path="", depth=parent.depth + 1 if parent else 0)
    unit.agency_id = parent.agency_id if parent else None
    unit.save()
    if kind == OrgUnit.Kind.AGENCY:
        unit.agency = unit
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    return unit


@dataclass
class City:
    """Oslo in small: one district with two sections, one other agency."""

    whole: OrgUnit
    alna: OrgUnit
    home_care: OrgUnit
    west: OrgUnit
    east: OrgUnit
    water: OrgUnit
    nurses: JobFamily
    carers: JobFamily


@pytest.fixture
def city(db: None) -> City:
    whole = make_unit("OSLO", "Oslo kommune", None, "organisation")
    alna = make_unit("BAL", "Bydel Alna", whole, "agency")
    home_care = make_unit("BAL-01", "Hjemmetjenesten", alna, "department")
    return City(
        whole=whole,
        alna=alna,
        home_care=home_care,
        west=make_unit("BAL-01-01", "Alna vest", home_care, "section"),
        east=make_unit("BAL-01-02", "Alna øst", home_care, "section"),
        water=make_unit("VAV", "Vann- og avløpsetaten", whole, "agency"),
        nurses=JobFamily.objects.create(name="Sykepleier"),
        carers=JobFamily.objects.create(name="Helsefagarbeider"),
    )


@pytest.fixture
def house_rules(db: None) -> HouseRules:
    return HouseRules.objects.create(version=1, text_nb="Vær raus.", text_nn="Ver raus.", text_en="Be generous.")


MakeEmployee = Callable[..., Employee]


@pytest.fixture
def make_employee(city: City, house_rules: HouseRules) -> MakeEmployee:
    """Make a person with one job: `make_employee("Amina Hassan", unit=…, manager=…, roles=["hr"])`."""
    numbers = iter(range(100001, 200000))

    def make(
        name: str,
        *,
        unit: OrgUnit | None = None,
        title: str = "Helsefagarbeider",
        family: JobFamily | None = None,
        manager: Employee | None = None,
        roles: tuple[str, ...] = (),
        started_days_ago: int = 400,
        accepted: bool = True,
        **facts: Any,
    ) -> Employee:
        first, _, last = name.partition(" ")
        number = str(next(numbers))
        employee = Employee(username=number, employee_number=number, first_name=first, last_name=last, **facts)
        if employee.email is None and "email" not in facts:
            employee.email = f"{name.lower().replace(' ', '.')}@oslo.example"
        employee.set_password(PASSWORD)
        employee.save()
        employee.primary_employment = Employment.objects.create(
            employee=employee,
            unit=unit or city.west,
            title=title,
            position_key=title.lower(),
            job_family=family,
            manager=manager,
            start_date=local_today() - datetime.timedelta(days=started_days_ago),
        )
        employee.save()
        for role in roles:
            RoleGrant.objects.create(employee=employee, role=role)
        if accepted:
            HouseRulesAcceptance.objects.create(employee=employee, house_rules=house_rules)
        return employee

    return make


@pytest.fixture
def kari(make_employee: MakeEmployee) -> Employee:
    """Leads Alna vest."""
    return make_employee("Kari Nordby", title="Seksjonsleder")


@pytest.fixture
def amina(make_employee: MakeEmployee, kari: Employee, city: City) -> Employee:
    """A carer in Alna vest, led by Kari."""
    return make_employee("Amina Hassan", manager=kari, family=city.carers)


@pytest.fixture
def thanh(make_employee: MakeEmployee, city: City) -> Employee:
    """Works in another agency."""
    return make_employee("Thanh Nguyen", unit=city.water, title="Renholdsleder")


@pytest.fixture
def liv(make_employee: MakeEmployee, city: City) -> Employee:
    """Central communications."""
    return make_employee(
        "Liv Aune", unit=city.whole, title="Beredskapsdirektør", roles=("central_communications", "preparedness")
    )


@pytest.fixture
def hege(make_employee: MakeEmployee, city: City) -> Employee:
    """HR."""
    return make_employee("Hege Lie", unit=city.alna, title="HR-rådgiver", roles=("hr",))


@pytest.fixture
def admin(make_employee: MakeEmployee, city: City) -> Employee:
    """The organisation's administrator."""
    return make_employee("Arne Holm", unit=city.whole, title="Systemansvarlig", roles=("admin",))


MakeGroup = Callable[..., Group]


@pytest.fixture
def make_group(db: None) -> MakeGroup:
    """Make a group with members: `make_group("Alna vest", "closed", owner=kari, members=[amina])`."""

    def make(
        name: str, privacy: str = "open", *, owner: Employee | None = None, members: Any = (), **facts: Any
    ) -> Group:
        group = Group.objects.create(name=name, privacy=privacy, created_by=owner, **facts)
        if owner:
            Membership.objects.create(group=group, employee=owner, role="owner")
        for member in members:
            Membership.objects.create(group=group, employee=member)
        return group

    return make


@pytest.fixture
def client_of() -> Callable[[Employee], Client]:
    """A browser session in which the person has signed in."""

    def make(employee: Employee) -> Client:
        client = Client()
        client.force_login(employee, backend="directory.authentication.EmployeeBackend")
        return client

    return make


@pytest.fixture
def redis_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody answers where Redis should be: neither for live events nor the broker nor the cache."""
    nowhere = "redis://127.0.0.1:1/0"
    settings.REDIS_URL = nowhere
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    monkeypatch.setattr(current_app.conf, "broker_url", nowhere)
    monkeypatch.setattr(current_app, "_pool", None)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    monkeypatch.setattr(RedisOrMemory, "away_until", 0.0)
    live._redis.cache_clear()
    yield
    live._redis.cache_clear()
    cache.close()
