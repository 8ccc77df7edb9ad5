"""What is filled in about one person and one job. Unit and leader are found by name; works without scripts."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.clock import local_today
from core.national_ids import holds_national_id
from core.text import fold
from directory.models import Employee, OrgUnit
from onboarding.hr_file.messages import FIELD_NAMES, word
from onboarding.one_person.rows import is_another_job
from onboarding.querysets.imports import without_zeros

MOST_HITS = 6
_TEXTS = ("ansattnr", "fornavn", "etternavn", "epost", "mobil", "jobbtelefon", "unit", "stilling", "leader",
          "arbeidssted", "ansettelsestype", "stillingsprosent")  # fmt: skip
# The buttons that choose one of those found, and the field each fills.
_CHOICES = {"choose_unit": "unit", "choose_leader": "leader"}
DATES = ("startdato", "sluttdato", "permisjon_til")
_MUST = ("ansattnr", "fornavn", "unit", "stilling", "startdato")
# Where a finding about a column of the row is shown.
PLACES = {"enhetskode": "unit", "enhet": "unit", "virksomhetskode": "unit", "virksomhet": "unit",
          "leder_ansattnr": "leader", "stillingskode": "stilling"}  # fmt: skip


def _date_field(label: Any, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class PersonForm(forms.Form):
    """One person and one of their jobs. `stands` is the row of what is changed; None for somebody new."""

    unit_code = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)
    leader_number = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def __init__(
        self, data: Any = None, *, viewer: Employee, stands: dict[str, str] | None = None, **rest: Any
    ) -> None:
        super().__init__(_with_choice(data), **rest)
        # A button beside what was found was pressed: it is filled in, and nothing is shown or stored yet.
        self.is_choosing = data is not None and any(name in data for name in _CHOICES)
        self.viewer, self.stands = viewer, stands
        self.units: list[OrgUnit] = []
        self.leaders: list[Employee] = []
        for name in (*_TEXTS, *DATES):
            label = {"unit": _("Unit"), "leader": _("Leader")}.get(name) or _(FIELD_NAMES[name])
            text = forms.CharField(label=label, required=name in _MUST, max_length=250)
            self.fields[name] = _date_field(label, name in _MUST) if name in DATES else text
        self.fields["skjermet"] = forms.BooleanField(label=_("Protected address"), required=False)
        self.fields["unit"].help_text = _("Name or code.")
        self.fields["leader"].help_text = _("Name or employee number. Empty: the leader of the unit.")
        if stands and not viewer.has_role("hr"):
            # A private number is for HR and the own leader: it is neither shown nor changed.
            del self.fields["mobil"]
        if stands:
            self.fields["ansattnr"].disabled = True
            self.fields["startdato"].help_text = _("With another unit or position: the day it holds from.")
            self.fields["sluttdato"].help_text = _("Inclusive. Empty while the job lasts.")

    @property
    def about_person(self) -> list[forms.BoundField]:
        """The fields about the person."""
        names = ("ansattnr", "fornavn", "etternavn", "epost", "mobil", "jobbtelefon", "skjermet")
        return [self[name] for name in names if name in self.fields]

    @property
    def about_job(self) -> list[forms.BoundField]:
        """The fields about the job, but for unit and leader, which have things to choose from beside them."""
        names = ("stilling", "startdato", "sluttdato", "stillingsprosent", "ansettelsestype", "arbeidssted",
                 "permisjon_til")  # fmt: skip
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """A national identity number is turned away, and does not come back on the page."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in [name for name in _TEXTS if holds_national_id(str(cleaned.get(name, "")))]:
            self.add_error(name, word("identity_number", {}))
            self.data = {**self.data.dict(), name: ""}  # type: ignore[attr-defined]
        if not self.stands and self._is_taken(str(cleaned.get("ansattnr", ""))):
            self.add_error(
                "ansattnr", _("Somebody has this number already. Change what is there from the person's page.")
            )
        if "unit" in cleaned:
            self._find_unit(cleaned)
        if "leader" in cleaned:
            self._find_leader(cleaned)
        if self.stands and "unit_found" in cleaned and not self.errors:
            row = self.row
            if is_another_job(row, self.stands) and row["startdato"] <= self.stands["startdato"]:
                self.add_error("startdato", _("Say from which day the new job holds."))
        return cleaned

    def _is_taken(self, typed: str) -> bool:
        """Whether the number is of somebody who works here, or whom the viewer may not know of: the same answer."""
        number = "".join(sign for sign in typed if sign.isdecimal()).lstrip("0")
        known = Employee.objects.annotate(number=without_zeros(F("employee_number"))).filter(number=number)
        seen = Employee.objects.visible_to(self.viewer).values("pk")
        return bool(number) and known.filter(Q(is_active=True) | ~Q(pk__in=seen)).exists()

    @property
    def row(self) -> dict[str, str]:
        """The row that a file would have for what was filled in."""
        cleaned = self.cleaned_data
        unit: OrgUnit = cleaned["unit_found"]
        agency = unit.agency or unit
        row = {"mobil": self.stands["mobil"]} if self.stands else {}
        row |= {name: str(cleaned[name]) for name in _TEXTS if name in cleaned and name not in ("unit", "leader")}
        row |= {name: cleaned[name].isoformat() if cleaned[name] else "" for name in DATES}
        row |= {"virksomhetskode": agency.code, "virksomhet": agency.name, "enhetskode": unit.code, "enhet": unit.name}
        row["leder_ansattnr"] = cleaned.get("leader_found", "")
        # Of somebody new an empty box says nothing: the number may turn out to be known.
        row["skjermet"] = "J" if cleaned["skjermet"] else "N" if self.stands else ""
        row["stillingsprosent"] = row["stillingsprosent"] or "100"
        row["stillingskode"] = self.stands["stillingskode"] if self.stands else ""
        return row

    def refuse(self, column: str, text: str) -> None:
        """Show at its place why the row cannot be taken."""
        place = PLACES.get(column, column)
        self.add_error(place if place in self.fields else None, text)

    def _find_unit(self, cleaned: dict[str, Any]) -> None:
        typed = cleaned["unit"]
        active = OrgUnit.objects.active().select_related("agency", "leader")
        chosen = active.filter(code=cleaned.get("unit_code")).first() if cleaned.get("unit_code") else None
        if chosen and typed in (chosen.name, chosen.code):
            cleaned["unit_found"] = chosen
            return
        exact = list(active.filter(Q(name__iexact=typed) | Q(code__iexact=typed))[: MOST_HITS + 1])
        if len(exact) == 1:
            cleaned["unit_found"] = exact[0]
            return
        self.units = exact[:MOST_HITS] or list(active.filter(name__icontains=typed).order_by("depth")[:MOST_HITS])
        self.add_error("unit", _("Choose one of these.") if self.units else word("unknown_unit", {"name": typed}))

    def _find_leader(self, cleaned: dict[str, Any]) -> None:
        typed = cleaned["leader"]
        unit = cleaned.get("unit_found")
        if not typed:
            leader = unit.leader if unit else None
            own = leader is not None and leader.employee_number == cleaned.get("ansattnr")
            cleaned["leader_found"] = (leader.employee_number or "") if leader and not own else ""
            return
        if self.stands and typed == self.initial["leader"] and not self.initial["leader_number"]:
            # Whoever leads already goes on, known to the viewer or not.
            cleaned["leader_found"] = self.stands["leder_ansattnr"]
            return
        people = Employee.objects.active().visible_to(self.viewer).exclude(employee_number=None)
        if typed.isascii() and typed.isdigit():
            cleaned["leader_found"] = typed
            coming = Employee.objects.people().visible_to(self.viewer).filter(employee_number=typed)
            if not coming.exists():
                self.add_error("leader", word("manager_unknown", {"number": typed}))
            return
        chosen = people.filter(employee_number=cleaned.get("leader_number") or None).first()
        if chosen and fold(chosen.display_name) == fold(typed):
            cleaned["leader_found"] = chosen.employee_number
            return
        found = list(people.search(typed).with_job()[: MOST_HITS + 1])
        if len(found) == 1 and fold(found[0].display_name) == fold(typed):
            cleaned["leader_found"] = found[0].employee_number
            return
        self.leaders = found[:MOST_HITS]
        self.add_error("leader", _("Choose one of these.") if found else _("We find nobody of that name."))


def _with_choice(data: Any) -> Any:
    """What was sent, with what a button chose among those found in its field."""
    if data is None or not any(name in data for name in _CHOICES):
        return data
    filled = data.copy()
    for button, field in _CHOICES.items():
        if button in data:
            filled[field] = data[button]
    return filled


def initial_of(row: dict[str, str], leader: str, leader_number: str) -> dict[str, Any]:
    """Return what the form begins with for a row; `leader_number` is "" for a leader whom the viewer may not find."""
    dates = {name: datetime.date.fromisoformat(row[name]) for name in DATES if row.get(name)}
    first: dict[str, Any] = {"unit": row["enhet"], "unit_code": row["enhetskode"], "leader": leader}
    first |= {"leader_number": leader_number, "skjermet": row["skjermet"] == "J"}
    return row | first | {name: dates.get(name) for name in DATES}


def initial_of_new() -> dict[str, Any]:
    """Return what the form begins with for somebody new."""
    return {"startdato": local_today(), "stillingsprosent": "100"}
