"""The named reads of people, units and jobs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, Func, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Cast

from core.clock import local_today
from core.text import fold
from directory.search_query import MAX_WORDS, HasWords, Query

if TYPE_CHECKING:
    from directory.models import Absence, Employee, Employment, OrgUnit, RoleGrant  # noqa: F401


# How long a colleague is called new.
DAYS_NEW = 30


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def current(self, day: datetime.date | None = None) -> Self:
        """Employments that hold on `day` (today unless given); the end date is the last day."""
        day = day or local_today()
        return self.filter(Q(end_date__isnull=True) | Q(end_date__gte=day), start_date__lte=day)

    def unended(self) -> Self:
        """Employments that hold today or begin later."""
        return self.filter(Q(end_date__isnull=True) | Q(end_date__gte=local_today()))

    def led_by(self, leader: Employee, *, acting_in: Sequence[str] = ()) -> Self:
        """The jobs of others of which `leader` is the nearest leader, or which lie in a branch led for the time being.

        That is as the job's manager, or, where nobody who works here is, as who leads the unit.
        """
        manager = ~Q(manager=F("employee")) & Q(manager__is_active=True)
        managed = Exists(self.model._default_manager.filter(manager, pk=OuterRef("pk")))
        led = Q(manager=leader) | (Q(_in_unit_led_by(leader)) & ~Q(managed))
        for path in acting_in:
            led |= Q(unit__path__startswith=path)
        return self.filter(led).exclude(employee=leader)

    def with_nearest_leader(self) -> Any:
        """Add `nearest_leader_id`: who manages the job, or leads its unit; None where nobody does."""
        return self.annotate(nearest_leader_id=_nearest_leader("", "employee_id"))

    def in_branch(self, path: str) -> Self:
        """Employments in the unit whose path is given and in every unit below it."""
        return self.filter(unit__path__startswith=path)

    def unit_ids_upwards(self) -> Any:
        """Return, as a subquery, the ids of the units these jobs are in and of every unit above them."""
        return self.order_by().values_list(_units_upwards(), flat=True)

    def people_with_units_upwards(self) -> Any:
        """Return pairs of a person and a unit: each unit the jobs are in, and every unit above them."""
        return self.order_by().values_list("employee_id", _units_upwards())

    def people_per_branch(self, depth: int) -> dict[int, int]:
        """Return how many people hold these jobs by the id of the unit at `depth` above; protected ones uncounted."""
        branch = Func(F("unit__path"), Value("/"), Value(depth + 2), function="split_part", output_field=CharField())
        open_jobs = self.filter(employee__is_active=True, employee__protected=False)
        counted = (
            open_jobs.order_by()
            .annotate(branch=branch)
            .values("branch")
            .annotate(people=Count("employee", distinct=True))
        )
        return {int(branch): people for branch, people in counted.values_list("branch", "people") if branch}

    def primary_first(self) -> Self:
        """The order that puts the primary employment first: largest part, then longest held, then lowest id."""
        return self.order_by("employee_id", "-percentage", "start_date", "pk")


def _nearest_leader(job: str, person: str) -> Case:
    """Who manages the `job` of `person` (both as looked up), or else leads its unit: somebody else, who works here."""
    manager, leader = f"{job}manager", f"{job}unit__leader"
    managed = Q(**{f"{manager}__is_active": True}) & ~Q(**{manager: F(person)})
    led = Q(**{f"{leader}__is_active": True}) & ~Q(**{leader: F(person)})
    return Case(When(managed, then=F(f"{manager}_id")), When(led, then=F(f"{leader}_id")))


def _in_unit_led_by(leader: Employee) -> Func:
    """Whether a job is in a unit of `leader`'s. An array is fetched once, and the index of units still serves."""
    units = apps.get_model("directory", "OrgUnit")._default_manager.active().filter(leader=leader)
    held = [F("unit_id"), ArraySubquery(units.values("pk"))]
    return Func(*held, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=models.BooleanField())


def _units_upwards() -> Cast:
    parts = Func(Func(F("unit__path"), Value("/"), function="btrim"), Value("/"), function="string_to_array")
    return Cast(Func(parts, function="unnest", set_returning=True), models.BigIntegerField())


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def active(self) -> Self:
        """Units that have not been ended."""
        return self.filter(ended_date__isnull=True)

    def below(self, unit: OrgUnit) -> Self:
        """`unit` and everything under it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: OrgUnit) -> Self:
        """`unit` and every unit it belongs to, the organisation first."""
        return self.filter(pk__in=unit.ancestor_ids()).order_by("depth")


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def _jobs(self) -> Any:
        # The models import this file, so the employments are reached by their relation.
        related: Any = self.model._meta.get_field("employments").related_model
        return related._default_manager

    def people(self) -> Self:
        """Persons; leaves out the accounts of services."""
        return self.filter(kind="person")

    def active(self) -> Self:
        """Persons who work here today. Every audience and every fan-out starts from this."""
        return self.people().filter(is_active=True)

    def with_login(self, name: str) -> Self:
        """The account that signs in as `name`: user name, e-mail whatever its case, or employee number."""
        return self.filter(Q(username=name) | Q(email__iexact=name) | Q(employee_number=name))

    def visible_to(self, viewer: Employee) -> Self:
        """Persons `viewer` may find: everyone but those with a protected address.

        A protected person is seen by themself, by the own leader and by HR.
        """
        people = self.people()
        if viewer.has_role("hr"):
            return people
        led = Q(pk__in=viewer.led_employments().values("employee_id"))
        return people.filter(Q(protected=False) | Q(pk=viewer.pk) | led)

    def leaders(self) -> Self:
        """Those who manage at least one current employment of someone else."""
        managed = self._jobs().current().filter(manager=OuterRef("pk"))
        return self.filter(Exists(managed.exclude(employee=OuterRef("pk"))))

    def with_nearest_leader(self) -> Self:
        """Add `nearest_leader_id`: who manages the primary employment, or leads its unit; None where nobody does."""
        return self.annotate(nearest_leader_id=_nearest_leader("primary_employment__", "pk"))

    def in_branch(self, path: str) -> Self:
        """Those with a current employment in the unit with this path or below it, each once."""
        jobs = self._jobs().current().in_branch(path)
        return self.filter(pk__in=jobs.values("employee_id"))

    def holding(self, **facts: Any) -> Self:
        """Those with one current employment for which all the `facts` given (None is not asked) hold."""
        jobs = self._jobs().current().filter(**{name: value for name, value in facts.items() if value})
        return self.filter(pk__in=jobs.values("employee_id"))

    def speaking(self, language: str) -> Self:
        """Those who say that they speak `language`, given in lower case."""
        return self.filter(spoken_languages__contains=[language])

    def with_role(self, role: str) -> Self:
        """Those who hold `role` today, anywhere."""
        grants = apps.get_model("directory", "RoleGrant")._default_manager.in_force().filter(role=role)
        return self.filter(pk__in=grants.values("employee"))

    def _first_began_after(self, day: datetime.date) -> Q:
        jobs = self._jobs().filter(employee=OuterRef("pk"))
        return Q(Exists(jobs.current().filter(start_date__gt=day))) & ~Q(Exists(jobs.filter(start_date__lte=day)))

    def newcomers(self, days: int = DAYS_NEW) -> Self:
        """Those whose first job here began within the last `days`; protected people are nobody's news."""
        return self.filter(self._first_began_after(local_today() - datetime.timedelta(days=days)), protected=False)

    def with_led_units(self) -> Self:
        """Add `led_unit_paths`: the units each person leads, in the same query.

        That is as the unit's leader, or, where nobody else is, as manager of someone who works in it. Who manages a
        few people in a unit that another one leads does not lead that unit.
        """
        units = apps.get_model("directory", "OrgUnit")._default_manager.active().order_by("path")
        managed = self._jobs().current().filter(manager=OuterRef("pk"), unit__ended_date__isnull=True)
        leaderless = managed.filter(Q(unit__leader__isnull=True) | Q(unit__leader__is_active=False))
        others = leaderless.exclude(employee=OuterRef("pk")).order_by("unit__path").values("unit__path").distinct()
        led = ArraySubquery(units.filter(leader=OuterRef("pk")).values("path"))
        return self.annotate(led_unit_paths=Func(led, ArraySubquery(others), function="array_cat"))

    def with_tags(self) -> Self:
        """Add `is_leader` and `is_new`, in the same query."""
        since = local_today() - datetime.timedelta(days=DAYS_NEW)
        managed = self._jobs().current().filter(manager=OuterRef("pk")).exclude(employee=OuterRef("pk"))
        return self.annotate(is_leader=Exists(managed), is_new=self._first_began_after(since) & Q(protected=False))

    def with_job(self) -> Self:
        """Fetch each person's primary employment with unit, agency, family and place in the same query."""
        return self.select_related(
            "primary_employment__unit__agency",
            "primary_employment__job_family",
            "primary_employment__workplace",
        )

    def first_ids(self, start: int, stop: int) -> list[int]:
        """Return the ids at these places: sorted before anything is joined, so that many hits stay cheap."""
        return list(self.values_list("pk", flat=True)[start:stop])

    def at(self, ids: list[int]) -> list[Employee]:
        """Return the people with these ids, in the order of `ids`, in one query."""
        found = {person.pk: person for person in self.filter(pk__in=ids)} if ids else {}
        return [found[pk] for pk in ids if pk in found]

    def with_current_jobs(self) -> Self:
        """Fetch every current employment of each person, the primary first, in one more query."""
        jobs = self._jobs().current().primary_first().select_related("unit__agency", "workplace", "manager")
        return self.prefetch_related(Prefetch("employments", queryset=jobs, to_attr="current_jobs"))

    def search(self, text: str) -> Self:
        """Those of whom every word of `text` begins a word of name, job, unit, place or skills; names first.

        As a condition to narrow down by. Who is to find a person is given `directory.finding.search_people`.
        """
        query = Query.read(text)
        if not query.words:
            return self.none()
        rank = Value(0) + Value(0)
        for word in fold(text).split()[:MAX_WORDS]:
            in_name = Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}")
            rank = rank + Case(When(in_name, then=2), default=0)
        rank = rank + Case(When(folded_name=fold(text), then=1), default=0)
        return self.filter(HasWords(query.any)).annotate(rank=rank).order_by("-rank", "sort_key", "pk")

    def by_name(self) -> Self:
        """Ordered as Norwegians sort names."""
        return self.order_by("sort_key", "pk")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, day: datetime.date | None = None) -> Self:
        """Grants that hold on `day` (today unless given) and have not been taken back."""
        day = day or local_today()
        begun = Q(start_date__lte=day, taken_back_at__isnull=True)
        return self.filter(begun, Q(end_date__isnull=True) | Q(end_date__gte=day))

    def everywhere(self) -> Self:
        """Grants for the whole organisation, not for a branch of it."""
        return self.filter(Q(unit=None) | Q(unit__depth=0))

    def visible_to(self, employee: Employee) -> Self:
        """Grants an administrator looks after: everywhere, or in the own branches. To others, their own."""
        if employee.has_role_everywhere("admin", "agency_admin"):
            return self
        seen = Q(employee=employee)
        for path in employee.role_paths("admin", "agency_admin"):
            seen |= Q(unit__path__startswith=path)
        return self.filter(seen)

    def lasting(self, day: datetime.date | None = None) -> Self:
        """Grants that hold on `day` (today unless given) or will, and have not been taken back."""
        return self.filter(Q(end_date__isnull=True) | Q(end_date__gte=day or local_today()), taken_back_at=None)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def current(self, day: datetime.date | None = None) -> Self:
        """Absences that hold on `day` (today unless given)."""
        day = day or local_today()
        return self.filter(start_date__lte=day, end_date__gte=day)
