"""The named reads of answer forms, needs and sign-ups."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Q

from announcements.models import Announcement
from directory.nearest_leaders import own_people

if TYPE_CHECKING:
    from directory.models import Employee
    from responses.models import AnswerForm, Need, Service, SignUp  # noqa: F401

# A sign-up in one of these states has one of the places.
HOLDING = ("signed_up", "asked", "assigned")


class AnswerFormQuerySet(models.QuerySet["AnswerForm"]):
    def visible_to(self, employee: Employee) -> Self:
        """Forms of sent announcements addressed to `employee`, and of those they keep."""
        return self.filter(announcement__in=Announcement.objects.visible_to(employee).values("pk"))

    def kept_by(self, employee: Employee) -> Self:
        """Forms whose announcement `employee` keeps: they read every answer."""
        return self.filter(announcement__in=Announcement.objects.kept_by(employee).values("pk"))

    def with_announcement(self) -> Self:
        """Fetch the announcement and its wordings, in one more query."""
        return self.select_related("announcement__author").prefetch_related("announcement__texts")

    def ended_before(self, moment: datetime.datetime) -> Self:
        """Forms closed, past their deadline or withdrawn with their announcement before `moment`, not yet emptied."""
        ended = Q(closed_at__lt=moment) | Q(deadline_at__lt=moment) | Q(announcement__withdrawn_at__lt=moment)
        return self.filter(ended, emptied_at__isnull=True)


class ServiceQuerySet(models.QuerySet["Service"]):
    def answered(self) -> Self:
        """Services that have answered, if only that they need nothing."""
        return self.filter(answered_at__isnull=False)


class NeedQuerySet(models.QuerySet["Need"]):
    def answered_by(self, employee: Employee) -> Self:
        """Needs of services that `employee` answers for, or wrote themself; while the announcement stands."""
        mine = Q(service__answerer=employee) | Q(service__answered_by=employee) | Q(service__unit__leader=employee)
        return self.filter(mine).exclude(service__form__announcement__state="withdrawn")

    def standing(self) -> Self:
        """Needs that stand for themselves; what has been merged into another is left out."""
        return self.filter(merged_into__isnull=True)

    def with_service(self) -> Self:
        """Fetch the service with unit, agency and people in the same query."""
        return self.select_related(
            "service__unit__agency", "service__answerer", "service__answered_by", "service__form", "taken_by"
        )

    def with_states(self) -> Self:
        """Fetch who took it, and the need it was merged into, in the same query."""
        return self.select_related("taken_by", "merged_into__taken_by")

    def by_agency(self) -> Self:
        """Grouped per agency, the most urgent first."""
        return self.order_by(F("service__unit__agency__name").asc(nulls_first=True), "urgency", "service__unit", "pk")

    def counts(self) -> dict[str, int]:
        """Return how many stand open, taken and done."""
        rows = self.standing().order_by().values_list("state").annotate(Count("pk"))
        return {"open": 0, "taken": 0, "done": 0} | dict(rows)


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def holding(self) -> Self:
        """Sign-ups that have one of the places."""
        return self.filter(state__in=HOLDING)

    def waiting(self) -> Self:
        """The waiting list, in order."""
        return self.filter(state="waiting").order_by("queued_at", "pk")

    def led_by(self, leader: Employee) -> Self:
        """Sign-ups of the leader's own people, about which the leader has been asked."""
        led = own_people(leader).values("pk")
        return self.filter(employee__in=led, asked_at__isnull=False).exclude(form__announcement__state="withdrawn")

    def with_people(self) -> Self:
        """Fetch the volunteer with job, unit and agency in the same query."""
        return self.select_related("employee__primary_employment__unit__agency", "answered_by")

    def in_line(self) -> Self:
        """Those with a place first, then the waiting list, each in the order they came."""
        rank = models.Case(models.When(state__in=HOLDING, then=0), models.When(state="waiting", then=1), default=2)
        return self.annotate(rank=rank).order_by("rank", "queued_at", "pk")

    def counts(self) -> dict[str, int]:
        """Return how many there are in each state."""
        names = ("signed_up", "waiting", "asked", "assigned", "not_now", "withdrawn")
        return dict.fromkeys(names, 0) | dict(self.order_by().values_list("state").annotate(Count("pk")))
