"""What people fill in about themselves. The actions decide; forms only read."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import RefusedError
from core.text import fold
from directory import shared_devices
from directory.actions.absences import possible_stand_ins
from directory.actions.profiles import MAX_LENGTHS, TEXT_SIZES
from directory.actions.units import MAX_NAME, MAX_SHORT_NAME
from directory.models import Absence, Employee
from directory.shared_devices import COOKIE

STAND_INS_SHOWN = 6
# What is edited together on one's own page.
PROFILE_PARTS = {
    "about": ("about", "ask_me_about"),
    "name": ("nickname", "pronunciation", "pronoun", "chosen_name"),
    "languages": ("spoken_languages",),
    "mobile": ("mobile_seen_by",),
}


class ProfileForm(forms.Form):
    """One's own facts: those HR does not own. Only those of one `part` of the page."""

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

    def __init__(self, data: Any = None, *, employee: Employee, part: str) -> None:
        super().__init__(data, initial=_facts_of(employee))
        wanted = {name for name in PROFILE_PARTS[part] if name != "chosen_name" or employee.protected}
        for name in set(self.fields) - wanted:
            del self.fields[name]

    def clean_ask_me_about(self) -> list[str]:
        """Return the skills as a list."""
        return _between_commas(self.cleaned_data["ask_me_about"])

    def clean_spoken_languages(self) -> list[str]:
        """Return the languages as a list."""
        return _between_commas(self.cleaned_data["spoken_languages"])


def _between_commas(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


class AbsenceForm(forms.Form):
    """From when to when one is away, and who is asked meanwhile. Never why."""

    start_date = forms.DateField(label=_("First day away"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    end_date = forms.DateField(label=_("Last day away"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    stand_in_name = forms.CharField(
        label=_("Whom to ask meanwhile"),
        help_text=_("Write the name of a colleague."),
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        max_length=120,
        required=False,
    )
    stand_in = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, employee: Employee) -> None:
        self.employee, self.found = employee, list[Employee]()
        super().__init__(data, initial=_absence_of(employee))
        self.fields["stand_in_name"].widget.attrs |= {
            "hx-get": reverse("find_stand_in"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#stand-ins",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        if not self.is_bound and (chosen := self.initial.get("stand_in")):
            self.found = list(possible_stand_ins(employee).filter(public_id=chosen).with_job())

    def find(self, text: str) -> list[Employee]:
        """Return, and keep for the page, the colleagues whose name `text` may be."""
        words = fold(text.replace("\x00", "")).split()
        hits = possible_stand_ins(self.employee).search(text).with_job() if words else Employee.objects.none()
        for word in words:
            hits = hits.filter(folded_name__contains=word)
        self.found = list(hits[:STAND_INS_SHOWN])
        return self.found

    def clean(self) -> dict[str, Any]:
        """Return the days, and as `stand_in` the colleague chosen, or the only one the name fits."""
        cleaned = super().clean() or self.cleaned_data
        chosen, text = cleaned.get("stand_in", ""), cleaned.pop("stand_in_name", "")
        cleaned["stand_in"] = None
        if text:
            hits = self.find(text)
            fitting = [person for person in hits if person.public_id == chosen] or hits
            if len(fitting) == 1:
                cleaned["stand_in"] = fitting[0]
            elif fitting:
                self.add_error("stand_in_name", _("Several colleagues are called that. Choose one of them."))
            else:
                self.add_error("stand_in_name", _("We found no colleague with that name."))
        return cleaned


class PhotoForm(forms.Form):
    """A new portrait, from a file or straight from the camera."""

    picture = forms.FileField(
        label=_("Choose a picture"),
        help_text=_("Your face, so that colleagues recognise you. At most 20 MB; we cut it to a square."),
        widget=forms.FileInput(attrs={"accept": "image/*,.heic", "data-crop": "#photo-crop"}),
        error_messages={"empty": _("The file is empty.")},
        required=False,
    )
    camera = forms.FileField(
        label=_("Take a picture"),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "user", "data-crop": "#photo-crop"}),
        error_messages={"empty": _("The file is empty.")},
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Return as `picture` the one that was sent, however it was made."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["picture"] = cleaned.get("picture") or cleaned.get("camera")
        if not cleaned["picture"] and not self.errors:
            self.add_error("picture", _("Choose a picture first."))
        return cleaned


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


def _absence_of(employee: Employee) -> dict[str, Any]:
    absence = Absence.objects.filter(employee=employee).select_related("stand_in").first()
    if absence is None:
        return {}
    facts = {"start_date": absence.start_date, "end_date": absence.end_date}
    person = absence.stand_in
    return facts | ({"stand_in": person.public_id, "stand_in_name": person.full_name} if person else {})


class SignInForm(LoginForm):  # type: ignore[misc]
    """The sign-in form without the hints that say the same as our own page, and with the choice of a shared device."""

    shared = forms.BooleanField(
        label=_("Several people use this device"),
        help_text=_("Nothing is kept on it, and you are signed out when you have left it for some minutes."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A passkey is asked for in a form of its own, which takes this along.
        self.fields["shared"].widget.attrs["data-along"] = ""
        if self.request is not None and COOKIE in self.request.COOKIES:
            self.fields["shared"].initial = True
            # So that the browser offers nobody's name to the next one.
            for field in self.fields.values():
                field.widget.attrs["autocomplete"] = "off"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in. A shared device forgets when the browser closes, whatever else was ticked."""
        response: HttpResponse = super().login(request, redirect_url)
        if shared_devices.is_shared(request):
            request.session.set_expiry(0)
        return response


class UnitNameForm(forms.Form):
    """What a unit is called."""

    name = forms.CharField(
        label=_("Name"), max_length=MAX_NAME, error_messages={"required": _("Write what the unit is called.")}
    )
    short_name = forms.CharField(
        label=_("What people say for short"),
        help_text=_("For instance UKE. Colleagues are found by it too."),
        max_length=MAX_SHORT_NAME,
        required=False,
    )


class OrganisationForm(forms.Form):
    """What the organisation decides for itself."""

    second_pair_of_eyes = forms.BooleanField(
        label=_("Another person looks over what goes to everyone before it is sent"),
        help_text=_("Someone else who may write to everyone reads it, and approves it or sends it back."),
        required=False,
    )
