"""What is filled in on the screens of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.hr_file.columns import MUST_STAND
from onboarding.hr_file.identity_numbers import holds_identity_number
from onboarding.hr_file.messages import field_name, word


class UploadForm(forms.Form):
    """Which file, and what it speaks of."""

    KINDS = (
        ("delta", _("Only those who are new or changed")),
        ("full", _("Everyone who works here. Those who are missing have left")),
    )

    file = forms.FileField(
        label=_("File from the payroll system"),
        help_text=_("A CSV file with «;» between the columns, saved as UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )
    kind = forms.ChoiceField(
        label=_("Who is in the file?"), choices=KINDS, initial="delta", widget=forms.RadioSelect, required=False
    )
    creates_units = forms.BooleanField(label=_("Make agencies and units that we do not know"), required=False)

    def clean_kind(self) -> str:
        """A file is a delta unless someone says otherwise: that ends nobody."""
        return "full" if self.cleaned_data.get("kind") == "full" else "delta"


class LeaversForm(forms.Form):
    """The number of people who leave, typed by the one who stands for it."""

    confirm_leavers = forms.IntegerField(
        label=_("How many leave?"), help_text=_("Type the number to go on."), min_value=0, required=True
    )


class RowForm(forms.Form):
    """Some columns of one row, to be mended. What was typed stands there."""

    def __init__(self, names: list[str], values: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        for name in names:
            self.fields[name] = forms.CharField(
                label=field_name(name),
                initial=values.get(name, ""),
                required=name in MUST_STAND,
                max_length=300,
                strip=True,
                help_text=_("For example 31.12.2026.") if name.endswith(("dato", "_til")) else "",
            )

    def clean(self) -> dict[str, Any]:
        """A national identity number is turned away here too, and does not come back on the page."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in list(cleaned):
            if holds_identity_number(cleaned[name]):
                self.add_error(name, word("identity_number", {}))
                self.data = {**self.data.dict(), name: ""}  # type: ignore[attr-defined]
        return cleaned
