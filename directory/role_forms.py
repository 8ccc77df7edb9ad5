"""Giving a role: whom, which, where and how long. Person and unit are found by search; works without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import local_today
from core.errors import RefusedError
from core.text import fold
from directory.actions.roles import BRANCH_ONLY
from directory.models import Employee, OrgUnit, Role
from directory.role_listing import roles_to_give

MOST_HITS = 6
# Buttons that only draw the form again.
EDITING = ("find_person", "find_unit", "choose_person", "choose_unit", "drop_person", "drop_unit")


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RolePeriodForm(forms.Form):
    """Which role, and for how long."""

    role = forms.ChoiceField(label=_("Role"))
    start_date = forms.DateField(label=pgettext_lazy("period", "First day"), widget=_date_input())
    end_date = forms.DateField(
        label=pgettext_lazy("period", "Last day"),
        help_text=_("Empty means until it is taken back. An acting leader needs a last day."),
        widget=_date_input(),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, giver: Employee) -> None:
        super().__init__(data, initial={"start_date": local_today()})
        choices = [("", _("Choose")), *roles_to_give(giver)]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=choices)


class GiveRoleForm:
    """The whole form: the chooser of the person, that of the unit, the role and the period."""

    def __init__(self, data: Mapping[str, str], *, giver: Employee, sent: bool) -> None:
        self.giver = giver
        self.data = data
        self.sent = sent
        self.form = RolePeriodForm(data if sent and not self.is_editing else None, giver=giver)
        if sent and self.is_editing:
            self.form.initial = {name: data.get(name, "") for name in self.form.fields}
        self.errors: dict[str, str] = {}

    @property
    def is_editing(self) -> bool:
        """Whether a button within the form was pressed: draw it again and store nothing."""
        return any(name in self.data for name in EDITING)

    @cached_property
    def person(self) -> Employee | None:
        """Whom it is given to, as far as the giver may find the person."""
        chosen = "" if "drop_person" in self.data else self.data.get("choose_person") or self.data.get("person", "")
        return self._people.with_job().filter(public_id=chosen).first() if chosen else None

    @cached_property
    def unit(self) -> OrgUnit | None:
        """Where it holds, the units below included; None for everywhere."""
        chosen = "" if "drop_unit" in self.data else self.data.get("choose_unit") or self.data.get("unit", "")
        return OrgUnit.objects.select_related("agency").filter(public_id=chosen).first() if chosen else None

    @property
    def person_query(self) -> str:
        return "" if self.person else self._typed("person_q")

    @property
    def unit_query(self) -> str:
        return "" if self.unit else self._typed("unit_q")

    @cached_property
    def people(self) -> list[Employee]:
        """People who work here and fit what was typed."""
        text = self.person_query
        return list(self._people.search(text).with_job()[:MOST_HITS]) if fold(text) else []

    @cached_property
    def units(self) -> list[OrgUnit]:
        """Units in the branches the giver looks after that fit what was typed."""
        text = self.unit_query
        if not text:
            return []
        named = Q(name__icontains=text) | Q(short_name__iexact=text) | Q(code__iexact=text)
        own = Q()
        for path in self.giver.role_paths("admin", "agency_admin"):
            own |= Q(path__startswith=path)
        found = OrgUnit.objects.active().filter(named & own, parent__isnull=False).select_related("agency")
        return list(found.order_by("depth", "name", "pk")[:MOST_HITS])

    def is_complete(self) -> bool:
        """Say whether everything needed was given; all that is missing stands in the errors at once."""
        is_valid = self.form.is_valid()
        role = self.form.cleaned_data.get("role", "")
        if self.person is None:
            self.errors["employee"] = str(_("Choose who gets the role."))
        if self.unit is None and role in BRANCH_ONLY:
            self.errors["unit"] = str(_("Choose the unit this role is for."))
        elif self.unit is None and (self.unit_query or self.data.get("unit")):
            # Left alone it would hold everywhere.
            self.errors["unit"] = str(_("Choose one of the units, or empty the field to mean the whole organisation."))
        if role == Role.ACTING_LEADER and not self.data.get("end_date"):
            self.form.add_error("end_date", str(_("Say until when. An acting leader stands in for a time.")))
        return is_valid and not self.errors and self.form.is_valid()

    def refuse(self, refusal: RefusedError) -> None:
        """Show at its place why the role was not given."""
        if refusal.field in ("employee", "unit"):
            self.errors[refusal.field] = str(refusal.message)
        else:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, str(refusal.message))

    @property
    def _people(self) -> Any:
        return Employee.objects.active().visible_to(self.giver)

    def _typed(self, name: str) -> str:
        return " ".join(self.data.get(name, "").replace("\x00", "").split())[:80]
