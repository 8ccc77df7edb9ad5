"""What an administrator fills in about identity systems."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.name_choice import NameChoiceField
from directory.models import OrgUnit
from directory.named import options_of_units


class ClientForm(forms.Form):
    """What the system is called, and for whom it speaks."""

    name = forms.CharField(
        label=_("What the system is called"), help_text=_("For example Entra ID or Okta."), max_length=80
    )
    unit = NameChoiceField(
        required=False,
        label=_("Whom it tells of"),
        help_text=_(
            "An agency; empty means the whole organisation. It can change nobody outside. People whose department we do"
            " not know are placed at the top."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        agencies = OrgUnit.objects.active().filter(kind=OrgUnit.Kind.AGENCY).order_by("name")
        self.fields["unit"].offer(options_of_units(agencies))  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """How long the former key is good beside the new one."""

    overlap_days = forms.TypedChoiceField(
        label=_("When the former key ends"),
        choices=[(0, _("At once")), (1, _("In a day")), (7, _("In a week")), (30, _("In 30 days"))],
        coerce=int,
        initial=7,
    )


class HeldForm(forms.Form):
    """That so many accounts are to be shut, by their number."""

    number = forms.IntegerField(
        label=_("How many accounts are to be shut?"),
        help_text=_("Write the number, so that we know you have seen it."),
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ConnectForm(forms.Form):
    """Which group here, and whether its members may leave it."""

    group = forms.CharField(max_length=20, required=False)
    may_leave = forms.BooleanField(
        label=_("Members may leave the group"),
        help_text=_("Whoever leaves is not put back."),
        required=False,
        initial=True,
    )
