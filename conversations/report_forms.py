"""What is filled in about something that should not stand, and what a moderator answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.actions.reporting import MAX_WORDS
from conversations.models import Report


class ReportForm(forms.Form):
    """Why something should not stand."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_("Do not repeat names or numbers of citizens here."),
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""}),
        max_length=MAX_WORDS,
        required=False,
    )


class DecisionForm(forms.Form):
    """Whether it may stand, and what those who reported it are told."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[(Report.Decision.KEPT, _("Let it stand")), (Report.Decision.TAKEN_DOWN, _("Take it down"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to whoever reported it"),
        help_text=_("Who wrote it reads this too."),
        widget=forms.Textarea(attrs={"rows": 3, "data-grow": ""}),
        max_length=MAX_WORDS,
        required=False,
    )
