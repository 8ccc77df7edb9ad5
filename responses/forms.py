"""What authors and those who answer fill in. Validates; the actions decide."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import RefusedError
from directory.models import OrgUnit
from responses.actions import FormFacts, NeedFacts
from responses.actions.needs import LENGTHS as NEED_LENGTHS
from responses.actions.volunteers import MOST_NOTE
from responses.models import AnswerForm, Need

MOST_NUMBER = 2**31 - 1


class LocalDateTimeField(forms.DateTimeField):
    """A day and a time as the organisation's clock shows it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


class RefusableForm(forms.Form):
    """A form that shows what an action refuses."""

    def refuse(self, refusal: RefusedError) -> None:
        """Put the refusal at its field, or on top."""
        name = refusal.field or ""
        self.add_error(name if name in self.fields else None, str(refusal.message))


class AnswerFormForm(RefusableForm):
    """What an announcement asks its readers to answer."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=AnswerForm.Kind.choices,
        widget=forms.RadioSelect,
        initial=AnswerForm.Kind.NEEDS,
    )
    introduction = forms.CharField(
        label=_("What should they know?"),
        help_text=_("One or two sentences above the form."),
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""}),
        required=False,
    )
    deadline_at = LocalDateTimeField(label=_("Deadline"), required=False)
    level = forms.ChoiceField(
        label=_("Who answers?"),
        help_text=_("The leader of the unit, or someone the leader names."),
        choices=AnswerForm.Level.choices,
        widget=forms.RadioSelect,
        initial=AnswerForm.Level.AGENCY,
        required=False,
    )
    own_question_1 = forms.CharField(
        label=_("A question of your own"),
        help_text=_("Beside what they need: «Have you got power?»"),
        required=False,
    )
    own_question_2 = forms.CharField(label=_("One more question"), required=False)
    places = forms.IntegerField(
        label=_("How many do you need?"),
        help_text=_("Those who come after that stand on a waiting list and move up by themselves."),
        required=False,
    )

    def __init__(self, data: Any = None, *, form: AnswerForm | None = None) -> None:
        initial = {name: getattr(form, name) for name in self.base_fields} if form else {"deadline_at": _in_a_week()}
        super().__init__(data, initial=initial)
        self.fields["places"].widget.attrs.update({"min": 1, "inputmode": "numeric"})

    def facts(self) -> FormFacts:
        """Return what was filled in, for the action."""
        data = dict(self.cleaned_data)
        data["level"] = data["level"] or AnswerForm.Level.AGENCY
        return FormFacts(**data)


def _in_a_week() -> datetime.datetime:
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + datetime.timedelta(days=7)


class LimitsForm(RefusableForm):
    """How long, and for how many, a form that is out takes answers."""

    deadline_at = LocalDateTimeField(label=_("Deadline"), required=False)
    places = forms.IntegerField(label=_("How many do you need?"), required=False)

    def __init__(self, data: Any = None, *, form: AnswerForm) -> None:
        super().__init__(data, initial={"deadline_at": form.deadline_at, "places": form.places})
        if form.kind != AnswerForm.Kind.VOLUNTEERS:
            del self.fields["places"]


class NeedForm(RefusableForm):
    """One thing a service needs."""

    kind = forms.ChoiceField(label=_("What kind of need?"), choices=Need.Kind.choices, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What do you need?"),
        help_text=_("Short: «Gloves, size M». The same line sent again brings the first up to date."),
        required=False,
    )
    quantity = forms.IntegerField(label=_("How many?"), required=False, max_value=MOST_NUMBER)
    urgency = forms.TypedChoiceField(
        label=_("How urgent is it?"),
        choices=Need.Urgency.choices,
        coerce=int,
        widget=forms.RadioSelect,
        initial=Need.Urgency.SOON,
    )
    comment = forms.CharField(
        label=_("Anything else?"), widget=forms.Textarea(attrs={"rows": 2, "data-grow": ""}), required=False
    )

    def __init__(self, data: Any = None, *, unit: OrgUnit) -> None:
        super().__init__(data, auto_id=f"id_{unit.public_id}_%s")
        self.fields["what"].widget.attrs["maxlength"] = NEED_LENGTHS["what"]
        self.fields["comment"].widget.attrs["maxlength"] = NEED_LENGTHS["comment"]
        self.fields["quantity"].widget.attrs.update({"min": 1, "inputmode": "numeric"})

    def facts(self) -> NeedFacts:
        """Return what was filled in, for the action."""
        return NeedFacts(**self.cleaned_data)


class RepliesForm(RefusableForm):
    """The answers to the author's own questions."""

    def __init__(self, data: Any = None, *, form: AnswerForm, unit: OrgUnit, initial: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{unit.public_id}_%s", initial=initial)
        for number, question in ((1, form.own_question_1), (2, form.own_question_2)):
            if question:
                field = forms.CharField(label=question, required=False, widget=forms.Textarea(attrs={"rows": 2}))
                field.widget.attrs.update({"maxlength": 500, "data-grow": ""})
                self.fields[f"reply_{number}"] = field

    def replies(self) -> tuple[str, str]:
        """Return both answers, empty where nothing was asked."""
        return self.cleaned_data.get("reply_1", ""), self.cleaned_data.get("reply_2", "")


class SignUpForm(RefusableForm):
    """Signing up, with a word to those who ask."""

    note = forms.CharField(
        label=_("Anything they should know?"),
        help_text=_("Languages you speak, when you can, what you have done before."),
        widget=forms.Textarea(attrs={"rows": 2, "data-grow": "", "maxlength": MOST_NOTE}),
        required=False,
    )
