"""Writing a line of the list, and who is at a desk. People are found by search; works without scripts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import RefusedError
from core.text import fold
from directory.models import Employee, OrgUnit
from onboarding.arrivals.lists import NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH, StepFacts
from onboarding.models import ArrivalDesk, ArrivalStep
from onboarding.models.arrivals import Responsible, TaskKind

DAYS_OFFERED = (60, 30, 21, 14, 10, 7, 5, 3, 2, 1, 0, -1, -7, -14, -30)
MOST_HITS = 6


class StepForm(forms.Form):
    """One thing that is made ready."""

    title = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=TITLE_LENGTH, widget=forms.TextInput(), strip=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is about"), choices=TaskKind.choices)
    doer = forms.ChoiceField(label=gettext_lazy("Who does it"))
    days_before = forms.TypedChoiceField(label=gettext_lazy("When it is due"), coerce=int)
    text = forms.CharField(
        label=gettext_lazy("How it is done"),
        help_text=gettext_lazy("Whoever does it reads this beside the task."),
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": "", "maxlength": TEXT_LENGTH}),
        max_length=TEXT_LENGTH,
        required=False,
        strip=False,
    )

    def __init__(self, data: QueryDict | None, *, unit: OrgUnit, step: ArrivalStep | None = None) -> None:
        super().__init__(data, initial=_initial(step))
        self.desks = {desk.public_id: desk for desk in ArrivalDesk.objects.usable_in(unit).order_by("name", "pk")}
        others = [(value, label) for value, label in Responsible.choices if value != Responsible.DESK]
        desks = [(key, desk.name) for key, desk in self.desks.items()]
        self.fields["doer"] = forms.ChoiceField(label=_("Who does it"), choices=[("", _("Choose")), *desks, *others])
        offered = sorted({*DAYS_OFFERED, *([step.days_before] if step else [])}, reverse=True)
        days: Any = self.fields["days_before"]
        days.choices = [(number, days_words(number)) for number in offered]

    def facts(self) -> StepFacts:
        """Return what was filled in, of a valid form."""
        values = dict(self.cleaned_data)
        doer = values.pop("doer")
        desk = self.desks.get(doer)
        return StepFacts(responsible=Responsible.DESK if desk else doer, desk=desk, **values)


class DeskForm:
    """The name of a desk, and those at it."""

    def __init__(self, *, keeper: Employee, data: QueryDict | None = None, desk: ArrivalDesk | None = None) -> None:
        self.keeper, self.desk = keeper, desk
        self.is_sent = data is not None
        self.data = data if data is not None else QueryDict()
        self.errors: dict[str, str] = {}

    @property
    def is_editing(self) -> bool:
        """Whether a button within the form was pressed: draw it again and store nothing."""
        return any(name in self.data for name in ("find_person", "add_person", "drop_person"))

    @property
    def name(self) -> str:
        """The name as typed, or as it is."""
        return self.data.get("name", "")[: NAME_LENGTH + 1] if self.is_sent else self.desk.name if self.desk else ""

    @cached_property
    def people(self) -> list[Employee]:
        """Those at the desk, as chosen so far."""
        if not self.is_sent:
            return list(self.desk.people.with_job().by_name()) if self.desk else []
        dropped = self.data.getlist("drop_person")
        ids = [one for one in self.data.getlist("person") + self.data.getlist("add_person") if one not in dropped]
        known = self._findable.filter(public_id__in=[one.replace("\x00", "") for one in ids])
        return list(known.with_job().by_name())

    @property
    def person_query(self) -> str:
        """What is searched for among colleagues; nothing once one has been added."""
        typed = "" if "add_person" in self.data else self.data.get("person_q", "")
        return " ".join(typed.replace("\x00", "").split())[:80]

    @cached_property
    def hits(self) -> list[Employee]:
        """Colleagues who fit what was typed."""
        if not fold(self.person_query):
            return []
        chosen = [person.pk for person in self.people]
        return list(self._findable.search(self.person_query).exclude(pk__in=chosen).with_job()[:MOST_HITS])

    def refuse(self, refusal: RefusedError) -> None:
        """Show at its place why it was not stored."""
        self.errors[refusal.field or "people"] = str(refusal.message)

    @property
    def _findable(self) -> Any:
        return Employee.objects.active().visible_to(self.keeper).filter(protected=False)


def days_words(days_before: int) -> str:
    """Return «7 days before the first day», «on the first day», «a week after»."""
    if days_before == 0:
        return _("On the first day")
    if days_before > 0:
        return ngettext("%(count)d day before", "%(count)d days before", days_before) % {"count": days_before}
    return ngettext("%(count)d day after", "%(count)d days after", -days_before) % {"count": -days_before}


def _initial(step: ArrivalStep | None) -> dict[str, Any]:
    if step is None:
        return {"days_before": 7}
    doer = step.desk.public_id if step.desk else step.responsible
    return {
        "title": step.title,
        "kind": step.kind,
        "doer": doer,
        "days_before": step.days_before,
        "text": step.text,
    }
