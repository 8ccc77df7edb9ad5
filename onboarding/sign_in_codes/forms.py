from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.shared_devices import COOKIE
from onboarding.sign_in_codes.codes import HALF, LENGTH


class CodeForm(forms.Form):
    """The code, and the two facts it is bound to."""

    code = forms.CharField(
        label=_("The code you have got"),
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
            | {"data-code-from-address": ""}
        ),
        max_length=40,
        error_messages={"required": _("Write the code that stands on the screen, letter or message.")},
    )
    number = forms.CharField(
        label=_("Employee number"),
        help_text=_("It stands in your contract and on your pay slip."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-next-field": ""}),
        max_length=20,
        error_messages={"required": _("Write your employee number.")},
    )
    fact = forms.CharField(
        label=_("The last four digits of your mobile number"),
        help_text=_("Has your employer no number of yours? Then write your first day of work, such as 01.12.2026."),
        widget=forms.TextInput({"autocomplete": "off"}),
        max_length=20,
        error_messages={"required": _("Write four digits, or your first day of work.")},
    )
    shared = forms.BooleanField(
        label=_("Several people use this device"),
        help_text=_("Nothing is kept on it, and you are signed out when you have left it for some minutes."),
        required=False,
    )

    def __init__(self, data: Any = None, *, cookies: dict[str, str]) -> None:
        super().__init__(data, initial={"shared": COOKIE in cookies})
        self.fields["code"].widget.attrs["placeholder"] = f"{'•' * HALF}-{'•' * (LENGTH - HALF)}"
