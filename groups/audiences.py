"""Who is that? The one place where a description of people becomes a queryset."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from core.clock import local_today
from directory.models import Employee, Employment
from directory.querysets import EmployeeQuerySet
from groups.models import Audience, AudienceTerm, Membership
from groups.querysets import MembershipQuerySet

Kind = AudienceTerm.Kind


def compile_audience(audience: Audience) -> EmployeeQuerySet:
    """Return the active persons `audience` describes, each once: any include term, and no exclude term."""
    return compile_terms(audience.terms.select_related("unit"))


def terms_of(audience: Audience) -> list[AudienceTerm]:
    """Return the terms in the order they were chosen, with what they name, ready to be shown."""
    return list(audience.terms.select_related("unit", "job_family", "workplace", "group").order_by("pk"))


def compile_terms(terms: Iterable[AudienceTerm]) -> EmployeeQuerySet:
    """Return the active persons the terms describe. Terms without an include describe nobody."""
    included, excluded = Q(), Q()
    some = False
    for term in terms:
        if term.exclude:
            excluded |= _condition(term)
        else:
            included, some = included | _condition(term), True
    people: EmployeeQuerySet = Employee.objects.active()
    if not some:
        return people.none()
    return people.filter(included).exclude(excluded) if excluded else people.filter(included)


def _condition(term: AudienceTerm) -> Q:
    return _CONDITIONS[Kind(term.kind)](term)


def _holding(**facts: Any) -> Q:
    jobs = Employment.objects.current().filter(**facts)
    return Q(pk__in=jobs.values("employee_id"))


def _in_unit(term: AudienceTerm) -> Q:
    assert term.unit is not None
    return _holding(unit__path__startswith=term.unit.path)


def _members_of(term: AudienceTerm) -> MembershipQuerySet:
    """Nobody, once the group has been closed down: it is gone for those who address it, too."""
    return Membership.objects.standing().filter(group=term.group_id)


def started_within(days: int) -> Q:
    """A condition on employees: they work here now and did not `days` days ago. Who only changes job is not new."""
    then = local_today() - datetime.timedelta(days=days)
    worked_then = Employment.objects.current(then).values("employee_id")
    return _holding(start_date__gt=then) & ~Q(pk__in=worked_then)


_CONDITIONS: dict[AudienceTerm.Kind, Callable[[AudienceTerm], Q]] = {
    Kind.EVERYONE: lambda term: Q(pk__isnull=False),
    Kind.UNIT: _in_unit,
    Kind.JOB_FAMILY: lambda term: _holding(job_family=term.job_family_id),
    Kind.WORKPLACE: lambda term: _holding(workplace=term.workplace_id),
    Kind.LEADERS: lambda term: Q(pk__in=Employee.objects.active().leaders().values("pk")),
    Kind.GROUP: lambda term: Q(pk__in=_members_of(term).values("employee_id")),
    Kind.STARTED_WITHIN: lambda term: started_within(term.days or 0),
}
