"""What people fill in about themselves. The actions decide; forms only read."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import RefusedError
from directory.actions.profiles import MAX_LENGTHS, TEXT_SIZES
from directory.models import Employee


class ProfileForm(forms.Form):
    """One's own facts: those HR does not own."""

    about = forms.CharField(
        label=_("About you"),
        help_text=_("A few sentences that make it easy to get in touch with you."),
        widget=forms.Textarea(attrs={"rows": 4, "data-grow": "", "maxlength": MAX_LENGTHS["about"]}),
        required=False,
        strip=False,
    )
    ask_me_about = forms.CharField(
        label=_("Ask me about"),
        help_text=_("What you know and like to help with, with commas between: wound care, Excel, Urdu."),
        required=False,
    )
    spoken_languages = forms.CharField(
        label=_("Languages you speak"), help_text=_("With commas between: Norwegian, Urdu, English."), required=False
    )
    nickname = forms.CharField(
        label=_("What people call you"),
        help_text=_("If it is not your first name. Colleagues find you by it."),
        max_length=MAX_LENGTHS["nickname"],
        required=False,
    )
    pronunciation = forms.CharField(
        label=_("How your name is said"), max_length=MAX_LENGTHS["pronunciation"], required=False
    )
    pronoun = forms.CharField(label=_("Pronoun"), max_length=MAX_LENGTHS["pronoun"], required=False)
    mobile_seen_by = forms.ChoiceField(
        label=_("Who sees your mobile number"), choices=Employee.MobileSeenBy.choices, widget=forms.RadioSelect
    )
    chosen_name = forms.CharField(
        label=_("The name colleagues see"),
        help_text=_("Your address is protected, so your own name is shown only to your leader and HR."),
        max_length=MAX_LENGTHS["chosen_name"],
        required=False,
    )

    def __init__(self, data: Any = None, *, employee: Employee) -> None:
        super().__init__(data, initial=_facts_of(employee))
        if not employee.protected:
            del self.fields["chosen_name"]
        if not employee.private_mobile:
            del self.fields["mobile_seen_by"]

    def clean_ask_me_about(self) -> list[str]:
        """Return the skills as a list."""
        return _between_commas(self.cleaned_data["ask_me_about"])

    def clean_spoken_languages(self) -> list[str]:
        """Return the languages as a list."""
        return _between_commas(self.cleaned_data["spoken_languages"])


def _between_commas(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


class PhotoForm(forms.Form):
    """A new portrait, from a file or straight from the camera."""

    picture = forms.FileField(
        label=_("Picture of you"),
        help_text=_("Your face, so that colleagues recognise you. At most 20 MB; we cut it to a square."),
        widget=forms.FileInput(attrs={"accept": "image/*,.heic", "data-preview": "#photo-preview"}),
        error_messages={"required": _("Choose a picture first."), "empty": _("The file is empty.")},
    )


class SettingsForm(forms.Form):
    """How Tunet looks to oneself."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    color_scheme = forms.ChoiceField(
        label=_("Colours"), choices=Employee.ColorScheme.choices, widget=forms.RadioSelect, required=False
    )
    text_size = forms.TypedChoiceField(
        label=_("Text size"),
        choices=list(zip(TEXT_SIZES, (_("Ordinary"), _("Larger"), _("Largest")), strict=True)),
        coerce=int,
        widget=forms.RadioSelect,
        required=False,
    )

    def wanted(self) -> dict[str, Any]:
        """Return what was sent, and only that: the small form in the menu and the page send different parts."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data and value}


def add_refusal(form: forms.Form, refusal: RefusedError) -> None:
    """Put what an action refused at its field, or on top of the form where it has none."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.message))


def _facts_of(employee: Employee) -> dict[str, Any]:
    return {
        "about": employee.about,
        "ask_me_about": ", ".join(map(str, employee.ask_me_about)),
        "spoken_languages": ", ".join(map(str, employee.spoken_languages)),
        "nickname": employee.nickname,
        "pronunciation": employee.pronunciation,
        "pronoun": employee.pronoun,
        "mobile_seen_by": employee.mobile_seen_by,
        "chosen_name": employee.chosen_name,
    }


class SignInForm(LoginForm):  # type: ignore[misc]
    """The sign-in form without the hints that say the same as our own page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class OrganisationForm(forms.Form):
    """What the organisation decides for itself."""

    second_pair_of_eyes = forms.BooleanField(
        label=_("Another person looks over what goes to everyone before it is sent"),
        help_text=_("Someone else who may write to everyone reads it, and approves it or sends it back."),
        required=False,
    )
