"""One description at a time or thousands at once: the same people."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction

from directory.models import Employee, Employment, JobFamily, Workplace
from groups.audience_facts import FACTS, TERM_VALUE, collect_facts
from groups.audiences import compile_terms
from groups.models import Audience, AudienceTerm
from tests.conftest import City

MakeEmployee = Callable[..., Employee]


def people_of(term: AudienceTerm) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT f.employee_id FROM {FACTS} f JOIN groups_audienceterm t ON t.id = %s"
            f" WHERE f.kind = t.kind AND f.value = {TERM_VALUE.format(t='t')}",
            [term.pk],
        )
        found = [row[0] for row in cursor.fetchall()]
    assert len(found) == len(set(found))
    return set(found)


def test_each_term_matches_the_same_people_in_both_ways(
    city: City, make_employee: MakeEmployee, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    place = Workplace.objects.create(name="Furuset")
    new = make_employee("Sunniva Dahl", unit=city.east, family=city.carers, started_days_ago=3)
    Employment.objects.filter(employee=new).update(workplace=place)
    # A second job in the same branch, a service and someone who has left.
    Employment.objects.create(employee=amina, unit=city.east, title="x", position_key="x", start_date="2020-01-01")
    make_employee("Lønn System", kind="service")
    make_employee("Ola Ness", is_active=False)
    audience = Audience.objects.create()
    terms = [AudienceTerm(audience=audience, kind=kind) for kind in ("everyone", "leaders")]
    for unit in (city.whole, city.alna, city.west, city.east, city.water):
        terms.append(AudienceTerm(audience=audience, kind="unit", unit=unit))
    families: list[JobFamily] = [city.nurses, city.carers]
    terms += [AudienceTerm(audience=audience, kind="job_family", job_family=one) for one in families]
    terms.append(AudienceTerm(audience=audience, kind="workplace", workplace=place))
    terms += [AudienceTerm(audience=audience, kind="started_within", days=days) for days in (1, 7, 5000)]
    AudienceTerm.objects.bulk_create(terms)

    some = [amina.pk, new.pk]
    for ids in (None, some):
        with transaction.atomic():
            collect_facts(days=[1, 7, 5000], employee_ids=ids)
            for term in terms:
                expected = set(compile_terms([term]).values_list("pk", flat=True))
                assert people_of(term) == (expected if ids is None else expected & set(some)), str(term)
