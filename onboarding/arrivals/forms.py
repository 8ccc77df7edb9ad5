"""What a leader fills in about a new colleague; what is set in motion is shown before it is. Works without scripts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import local_today
from core.errors import RefusedError
from core.name_choice import Option, find_option
from core.times import day_name
from directory.models import Employee, Employment, OrgUnit
from directory.named import options_of_people
from onboarding.arrivals.actions import NAME_LENGTH, NOTE_LENGTH, TITLE_LENGTH, ArrivalFacts, check_day
from onboarding.arrivals.dates import due_date
from onboarding.arrivals.units import units_to_prepare_in
from onboarding.arrivals.wording import checked, checked_line, checked_name
from onboarding.models import ArrivalStep

# With more units than this one is found by its name.
MOST_UNITS, MOST_HITS = 12, 8
MOST_COLLEAGUES = 300


def date_input() -> forms.DateInput:
    """Return the control for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FirstDayForm(forms.Form):
    """Another first day."""

    starts_date = forms.DateField(label=pgettext_lazy("new colleague", "First day"), widget=date_input())


class ArrivalFactsForm(forms.Form):
    """Name, job, first day, and what those concerned should know. Of a person HR knows, only the last."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, strip=False)
    title = forms.CharField(label=_("Job"), max_length=TITLE_LENGTH, required=False, strip=False)
    starts_date = forms.DateField(label=pgettext_lazy("new colleague", "First day"), widget=date_input())
    note = forms.CharField(
        label=_("What those concerned should know"),
        help_text=_("Which systems, which doors, what size. Nothing about health, and no national identity number."),
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": "", "maxlength": NOTE_LENGTH}),
        max_length=NOTE_LENGTH,
        required=False,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        """What may not stand here is said before anybody is shown what is set in motion."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, check in _CHECKS.items():
            if cleaned.get(name):
                try:
                    check(cleaned[name])
                except RefusedError as refusal:
                    self.add_error(name, str(refusal.message))
        return cleaned


# What is judged at the first press already, by the rules that hold when it is stored.
_CHECKS: dict[str, Callable[[Any], object]] = {
    "name": lambda text: checked_name(text, max_length=NAME_LENGTH),
    "title": lambda text: checked_line(text, field="title", max_length=TITLE_LENGTH, required=False),
    "note": lambda text: checked(text, field="note", max_length=NOTE_LENGTH, required=False),
    "starts_date": check_day,
}


class ArrivalForm:
    """The whole form: where, who, when, the buddy, and the list of what is set in motion."""

    def __init__(self, *, actor: Employee, data: QueryDict | None = None, job: Employment | None = None) -> None:
        self.actor, self.job = actor, job
        self.data = data if data is not None else QueryDict()
        self.is_sent = data is not None
        self.form = ArrivalFactsForm(data if self.is_sent and not self.is_editing else None, initial=self._typed_facts)
        if job is not None:
            for name in ("name", "title", "starts_date"):
                del self.form.fields[name]
        self.errors: dict[str, str] = {}

    @property
    def is_editing(self) -> bool:
        """Whether a button within the form was pressed: draw it again and store nothing."""
        return any(name in self.data for name in ("find_unit", "choose_unit", "drop_unit"))

    # --- Where --------------------------------------------------------------------------------------------------
    @cached_property
    def units(self) -> list[OrgUnit]:
        """The units to choose among; [] where there are too many to list."""
        found = units_to_prepare_in(self.actor).order_by("path")[: MOST_UNITS + 1]
        listed = list(found.select_related("agency"))
        return listed if len(listed) <= MOST_UNITS else []

    @cached_property
    def unit(self) -> OrgUnit | None:
        """Where the new colleague begins: as HR has it, as chosen, or the only place there is."""
        if self.job is not None:
            return self.job.unit
        if "drop_unit" in self.data:
            return None
        if len(self.units) == 1:
            return self.units[0]
        chosen = (self.data.get("choose_unit") or self.data.get("unit", "")).replace("\x00", "")
        return units_to_prepare_in(self.actor).select_related("agency").filter(public_id=chosen).first()

    @property
    def unit_query(self) -> str:
        return "" if self.unit else " ".join(self.data.get("unit_q", "").replace("\x00", "").split())[:80]

    @cached_property
    def unit_hits(self) -> list[OrgUnit]:
        """Units that fit what was typed."""
        if not self.unit_query:
            return []
        named = units_to_prepare_in(self.actor).filter(name__icontains=self.unit_query)
        return list(named.select_related("agency").order_by("depth", "name", "pk")[:MOST_HITS])

    # --- What ---------------------------------------------------------------------------------------------------
    @cached_property
    def steps(self) -> list[ArrivalStep]:
        """The list that holds for the unit, each with the day it would be due in words."""
        starts, today = self.starts_date, local_today()
        if self.unit is None or starts is None:
            return []
        steps = list(ArrivalStep.objects.of_unit(self.unit).select_related("desk"))
        for step in steps:
            step.due_words = day_name(due_date(starts, step.days_before, today), today)  # type: ignore[attr-defined]
            step.is_chosen = step.public_id in self.chosen_ids  # type: ignore[attr-defined]
        return steps

    @cached_property
    def chosen_ids(self) -> set[str] | frozenset[str]:
        """The lines that are ticked: all of them until somebody has seen the list."""
        if self.has_seen_list:
            return set(self.data.getlist("step"))
        return set(ArrivalStep.objects.of_unit(self.unit).values_list("public_id", flat=True)) if self.unit else set()

    @property
    def has_seen_list(self) -> bool:
        """Whether the list shown was this unit's."""
        return self.unit is not None and self.data.get("seen") == self.unit.public_id

    @property
    def starts_date(self) -> datetime.date | None:
        """The first day: HR's, or the one filled in."""
        if self.job is not None:
            return self.job.start_date
        if not self.form.is_bound or not self.form.is_valid():
            return None
        day: datetime.date = self.form.cleaned_data["starts_date"]
        return day

    @cached_property
    def colleagues(self) -> list[Employee]:
        """Those whom the leader leads: among them is the buddy."""
        led = self.actor.led_employments().values("employee_id")
        people = Employee.objects.active().filter(pk__in=led, protected=False)
        return list(people.with_job().by_name()[:MOST_COLLEAGUES])

    @cached_property
    def buddies(self) -> list[Option]:
        """Who may be the buddy, by name."""
        return options_of_people(self.colleagues)

    @property
    def buddy_name(self) -> str:
        """The name as typed."""
        return self.data.get("buddy", "").replace("\x00", "").strip()[:200]

    @cached_property
    def buddy(self) -> Employee | None:
        """Whom the name typed is; says at its place where it is nobody's."""
        try:
            found: Employee | None = find_option(self.buddies, self.buddy_name) if self.buddy_name else None
        except ValidationError as error:
            self.errors["buddy"] = str(error.message)
            return None
        return found

    def is_complete(self) -> bool:
        """Say whether everything needed was given; what is missing stands at its place."""
        if self.unit is None:
            self.errors["unit"] = str(_("Choose where the new colleague begins."))
        self.buddy  # noqa: B018 - says at its place what is wrong
        return self.form.is_valid() and not self.errors

    def facts(self) -> ArrivalFacts:
        """Return what was filled in, of a complete form."""
        assert self.unit is not None
        assert self.starts_date is not None
        values = self.form.cleaned_data
        return ArrivalFacts(
            unit=self.unit,
            starts_date=self.starts_date,
            name=values.get("name", ""),
            title=values.get("title", ""),
            note=values.get("note", ""),
            job=self.job,
            buddy=self.buddy,
        )

    def refuse(self, refusal: RefusedError) -> None:
        """Show at its place why it was not taken."""
        if refusal.field in self.form.fields:
            self.form.add_error(refusal.field, str(refusal.message))
        else:
            self.errors[refusal.field or "steps"] = str(refusal.message)

    @property
    def _typed_facts(self) -> dict[str, Any]:
        return {name: self.data.get(name, "") for name in ArrivalFactsForm.base_fields} if self.is_sent else {}
