"""What is filled in on the screens of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.national_ids import holds_national_id
from core.spreadsheets import XLSX
from onboarding.hr_file import columns
from onboarding.hr_file.columns import MUST_STAND
from onboarding.hr_file.headings import NEEDED, Headings, free_columns, guess_columns
from onboarding.hr_file.messages import field_name, word
from onboarding.imports.actions import FILE, SOURCE, may_be_source


class UploadForm(forms.Form):
    """Which file, and what it speaks of."""

    KINDS = (
        ("delta", _("Only those who are new or changed")),
        ("full", _("Everyone who works here. Those who are missing have left")),
    )

    file = forms.FileField(
        label=_("File from the payroll system"),
        help_text=_("An Excel file (.xlsx), or a CSV file with «;» between the columns, saved as UTF-8."),
        widget=forms.FileInput(attrs={"accept": f".csv,text/csv,.xlsx,{XLSX}"}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )
    kind = forms.ChoiceField(
        label=_("Who is in the file?"), choices=KINDS, initial="delta", widget=forms.RadioSelect, required=False
    )
    creates_units = forms.BooleanField(label=_("Make agencies and units that we do not know"), required=False)

    source = forms.RegexField(
        SOURCE,
        label=_("Which system does it come from?"),
        help_text=_(
            "Only where there are several. A short name, «visma» for example: we remember its headings,"
            " and a file of everyone ends only jobs that came from the same system."
        ),
        required=False,
        max_length=20,
        error_messages={"invalid": _("Use letters, digits and hyphens.")},
    )

    def clean_source(self) -> str:
        """Where nothing is said there is one system. Names we use ourselves are not for files."""
        source = self.cleaned_data["source"].lower()
        if source and not may_be_source(source):
            raise forms.ValidationError(_("Use another name for the system."))
        return source or FILE

    def clean_kind(self) -> str:
        """A file is a delta unless someone says otherwise: that ends nobody."""
        return "full" if self.cleaned_data.get("kind") == "full" else "delta"


class ColumnsForm(forms.Form):
    """What each heading is that we do not know. What it looks like is chosen beforehand."""

    def __init__(self, known: list[str], unknown: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        guesses = guess_columns(Headings([*known, *unknown], unknown))
        needed = {name: len(either) for either in NEEDED if not set(either) & set(known) for name in either}
        told = [(name, field_name(name)) for name in free_columns(known)]
        choices = [
            ("", _("We do not need this column")),
            *((name, _called(label, needed.get(name, 0))) for name, label in told),
        ]
        for key, heading in unknown.items():
            self.fields[key] = forms.ChoiceField(
                label=f"«{heading}»", choices=choices, initial=guesses[key], required=False
            )


def _called(label: str, needed: int) -> str:
    """A column as it stands among the choices; `needed` is of how many one must be there, 0 where it may be missing."""
    if needed == 0:
        return label
    said = _("%(column)s (needed)") if needed == 1 else _("%(column)s (one of these is needed)")
    return said % {"column": label}


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
                help_text=_("For example 31.12.2026.") if columns.is_date(name) else "",
            )

    def clean(self) -> dict[str, Any]:
        """A national identity number is turned away here too, and does not come back on the page."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in list(cleaned):
            if holds_national_id(cleaned[name]):
                self.add_error(name, word("identity_number", {}))
                self.data = {**self.data.dict(), name: ""}  # type: ignore[attr-defined]
        return cleaned
