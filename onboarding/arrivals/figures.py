"""How often everything was ready on the first day: per agency of ten new colleagues or more, of no person or desk."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from core.clock import local_today
from core.spreadsheets import Row
from core.suppression import LEAST, Branch, hidden_branches
from directory.models import Employee, OrgUnit
from onboarding.models import Arrival, ArrivalTask, TaskKind
from onboarding.querysets.arrivals import KEEPERS, ArrivalQuerySet

DAYS_COUNTED = 365


@dataclass(frozen=True)
class AgencyFigure:
    """One agency, or the whole: how many began, and of how many per cent everything was ready; None where hidden."""

    name: str
    number: int | None
    ready: int | None


@dataclass(frozen=True)
class KindFigure:
    """One kind of thing in the whole organisation: in how many per cent it was done by the day it was due."""

    name: str
    in_time: int


def agency_figures(reader: Employee) -> list[AgencyFigure]:
    """Return the figures of the agencies `reader` looks after, the whole organisation first where that is one of them.

    What is hidden rests on all agencies, whoever reads: two readers together learn nothing more.
    """
    ready = Q(ready_at__date__lte=F("starts_date"))
    counted = _begun().values("unit__agency").annotate(number=Count("pk"), ready=Count("pk", filter=ready))
    rows = {row["unit__agency"]: row for row in counted if row["unit__agency"]}
    whole = OrgUnit.objects.filter(parent=None).first()
    total = sum(row["number"] for row in rows.values())
    if whole is None or not total:
        return []
    branches = [Branch(pk, whole.pk, row["number"]) for pk, row in rows.items()]
    hidden = hidden_branches([Branch(whole.pk, None, total), *branches])
    paths = reader.role_paths(*KEEPERS)
    figures = []
    if any(whole.path.startswith(path) for path in paths):
        all_ready = sum(row["ready"] for row in rows.values())
        figures.append(_figure(whole, total, all_ready, whole.pk in hidden))
    for agency in OrgUnit.objects.filter(pk__in=rows).order_by("name", "pk"):
        if any(agency.path.startswith(path) for path in paths):
            row = rows[agency.pk]
            figures.append(_figure(agency, row["number"], row["ready"], agency.pk in hidden))
    return figures


def kind_figures(reader: Employee) -> list[KindFigure]:
    """Return, for who looks after the whole organisation, how often each kind of thing was done in time."""
    if not reader.has_role_everywhere(*KEEPERS):
        return []
    done_in_time = Q(settled_at__date__lte=F("due_date"))
    tasks = ArrivalTask.objects.filter(arrival__in=_begun()).exclude(state=ArrivalTask.State.NOT_NEEDED)
    people = Count("arrival", distinct=True)
    rows = tasks.values("kind").annotate(people=people, number=Count("pk"), done=Count("pk", filter=done_in_time))
    shown = [row for row in rows if row["people"] >= LEAST]
    return [
        KindFigure(str(TaskKind(row["kind"]).label), row["done"] * 100 // row["number"])
        for row in sorted(shown, key=lambda row: row["done"] / row["number"])
    ]


def figure_rows(reader: Employee) -> list[Row]:
    """Return what the page shows as a table with its heading; hidden figures are empty cells."""
    agencies = [[figure.name, figure.number, figure.ready] for figure in agency_figures(reader)]
    kinds = [[figure.name, None, figure.in_time] for figure in kind_figures(reader)]
    heading = [_("Agency or kind of thing"), _("New colleagues"), _("Ready in time (%)")]
    return [heading, *agencies, *kinds]


def _begun() -> ArrivalQuerySet:
    today = local_today()
    since = today - datetime.timedelta(days=DAYS_COUNTED)
    return Arrival.objects.live().filter(starts_date__range=(since, today)).order_by()


def _figure(unit: OrgUnit, number: int, ready: int, is_hidden: bool) -> AgencyFigure:
    if is_hidden:
        return AgencyFigure(unit.name, None, None)
    return AgencyFigure(unit.name, number, ready * 100 // number)
