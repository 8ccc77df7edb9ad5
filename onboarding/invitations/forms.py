from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.invitations.planning import USUAL_HOUR, WHO

_HOUR = {"format": "%H:%M", "attrs": {"type": "time"}}


class InviteForm(forms.Form):
    """Whom to invite, and at what hour."""

    who = forms.ChoiceField(label=_("Whom"), choices=list(WHO.items()), widget=forms.RadioSelect, initial="coming")
    hour = forms.TimeField(
        label=_("At what hour"),
        help_text=_("On the first day; for those who have begun, the next time it is that hour."),
        widget=forms.TimeInput(**_HOUR),  # type: ignore[arg-type]
        initial=USUAL_HOUR,
    )
    count = forms.IntegerField(required=False, widget=forms.HiddenInput)


class HabitForm(forms.Form):
    """When newcomers are invited by themselves."""

    wanted = forms.BooleanField(label=_("Invite everyone who begins, by itself"), required=False)
    habit_hour = forms.TimeField(
        label=_("At what hour of the first day"),
        widget=forms.TimeInput(**_HOUR),  # type: ignore[arg-type]
        initial=USUAL_HOUR,
    )
