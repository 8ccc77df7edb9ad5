"""Which services answer a form, and who answers for them. A service is a unit at the level the author chose."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from directory.models import Employee, Employment, OrgUnit
from responses.models import AnswerForm, Service

RANKS = {"organisation": 0, "agency": 1, "department": 2, "section": 3}


@dataclass(frozen=True)
class ServiceView:
    """One service as the reader stands to it."""

    unit: OrgUnit
    service: Service | None
    # The one named, or else the leader; None where there is neither.
    answerer: Employee | None
    may_answer: bool
    may_name: bool

    @property
    def answered_at(self) -> datetime.datetime | None:
        """When it was answered; None while it has not been."""
        return self.service.answered_at if self.service else None

    @property
    def may_read(self) -> bool:
        """Whether the reader sees what was answered and by whom: who answers, and who leads."""
        return self.may_answer or self.may_name

    @property
    def answerer_name(self) -> str:
        """The name to show; a protected person's unit is not told of them."""
        if self.answerer is None:
            return ""
        return _("someone with a protected address") if self.answerer.protected else self.answerer.display_name


def serving_unit(line: Iterable[OrgUnit], level: str) -> OrgUnit | None:
    """Return which unit of a line, the organisation down to one's own unit, answers at `level`.

    It is the lowest that is no lower than the level: those employed right under an agency are its own service where
    sections answer.
    """
    fitting = [unit for unit in line if RANKS[unit.kind] <= RANKS[level]]
    return max(fitting, key=lambda unit: unit.depth, default=None)


def _led_units(reader: Employee) -> Q:
    """A condition on units: `reader` leads them, or leads there for the time being."""
    managed = Employment.objects.current().filter(manager=reader).exclude(employee=reader).values("unit")
    acting = Q(path__in=[path for path in reader.role_paths("acting_leader") if path != "/"])
    return Q(leader=reader) | Q(leader__isnull=True, pk__in=managed) | acting


def find_services(reader: Employee, form: AnswerForm) -> list[ServiceView]:
    """Return the services `reader` belongs to, leads or answers for, those to answer for first; five queries."""
    own = _own_units(reader, form.level)
    named = Service.objects.filter(form=form, answerer=reader).values("unit")
    led = OrgUnit.objects.active().filter(_led_units(reader))
    led_ids = set(led.values_list("pk", flat=True))
    at_level = Q(pk__in=led_ids, kind=form.level)
    units = OrgUnit.objects.filter(Q(pk__in=own) | Q(pk__in=named) | at_level).select_related("leader")
    stored = {
        each.unit_id: each
        for each in Service.objects.filter(form=form, unit__in=units).select_related("answerer", "answered_by")
    }
    found = [view_service(reader, unit, stored.get(unit.pk), leads=unit.pk in led_ids) for unit in units]
    return sorted(found, key=lambda each: (not each.may_answer, not each.may_name, each.unit.name))


def _own_units(reader: Employee, level: str) -> set[int]:
    paths = reader.employments.current().values_list("unit__path", flat=True)
    lines = [[int(part) for part in path.strip("/").split("/")] for path in paths]
    units = OrgUnit.objects.in_bulk({pk for line in lines for pk in line})
    serving = (serving_unit([units[pk] for pk in line if pk in units], level) for line in lines)
    return {unit.pk for unit in serving if unit}


def view_service(reader: Employee, unit: OrgUnit, service: Service | None, *, leads: bool) -> ServiceView:
    """Return the service as `reader` stands to it. A named answerer who has left gives way to the leader."""
    named = service.answerer if service and service.answerer and service.answerer.is_active else None
    leader = unit.leader if unit.leader and unit.leader.is_active else None
    return ServiceView(
        unit=unit,
        service=service,
        answerer=named or leader or (reader if leads else None),
        may_answer=named == reader if named else leads,
        may_name=leads,
    )


def services_of(form: AnswerForm) -> dict[int, OrgUnit]:
    """Return every service the announcement was addressed to, by the id of the unit; two queries."""
    units = OrgUnit.objects.select_related("agency", "leader").in_bulk()
    addressed = form.announcement.receipts.active().order_by().values_list("unit_id", flat=True).distinct()
    found = (_serving(units, pk, form.level) for pk in addressed if pk in units)
    return {unit.pk: unit for unit in found if unit}


def _serving(units: Mapping[int, OrgUnit], pk: int, level: str) -> OrgUnit | None:
    return serving_unit([units[above] for above in units[pk].ancestor_ids() if above in units], level)


def people_to_name(namer: Employee, form: AnswerForm, unit: OrgUnit, text: str, limit: int = 8) -> list[Employee]:
    """Return whom `namer` can let answer for `unit`: people of its branch who got the announcement, found by search."""
    if not text.strip():
        return []
    people = Employee.objects.active().visible_to(namer).in_branch(unit.path)
    addressed = people.filter(receipts__announcement=form.announcement_id)
    found: list[Employee] = Employee.objects.with_job().at(addressed.search(text).first_ids(0, limit))
    return found
