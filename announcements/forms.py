"""What an author fills in. Validates; `content` hands it to the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from announcements.actions import Content, Wording
from announcements.actions.writing import LANGUAGES, MAX_BODY, MAX_BUTTON, MAX_REASON, MAX_TITLE
from announcements.models import Announcement
from announcements.policies import branches_of
from conversations.files import StoredFile, Upload, examine
from core.errors import RefusedError
from core.text import check_text
from directory.models import Employee, OrgUnit
from groups.models import AudienceTerm

TITLES = {"nb": _("Title"), "nn": _("Title in Nynorsk"), "en": _("Title in English")}
BODIES = {"nb": _("Message"), "nn": _("Message in Nynorsk"), "en": _("Message in English")}
BUTTONS = {
    "nb": _("What the button for confirming says"),
    "nn": _("What the button says in Nynorsk"),
    "en": _("What the button says in English"),
}
LONGEST = (("title", MAX_TITLE), ("body", MAX_BODY), ("button", MAX_BUTTON))
DAYS = [(number, str(number)) for number in range(1, 8)]
REMINDING = [("", _("No, I do that myself")), (24, _("After 24 hours")), (48, _("After 48 hours"))]
KEEPING = [(30, _("30 days")), (90, _("90 days")), (365, _("365 days"))]
# Where an action's field has another name on the screen.
FIELDS = {"pictures": "picture", "files": "picture"}


def usual_button(language: str) -> str:
    """Return what the button for confirming says in `language` where the author has written nothing else."""
    with translation.override(language):
        return gettext("I have read this")


class WordingForm(forms.Form):
    """Title, body and the confirming button's text in three languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            title = forms.CharField(label=TITLES[language], required=False, strip=True)
            title.widget.attrs.update(maxlength=MAX_TITLE)
            body = forms.CharField(label=BODIES[language], required=False, widget=forms.Textarea(attrs={"rows": 10}))
            body.widget.attrs.update({"data-grow": "", "maxlength": MAX_BODY})
            body.validators.clear()
            title.validators.clear()
            button = forms.CharField(label=BUTTONS[language], required=False, strip=True)
            button.widget.attrs.update(maxlength=MAX_BUTTON, placeholder=usual_button(language), lang=language)
            button.validators.clear()
            fields = {f"title_{language}": title, f"body_{language}": body, f"button_{language}": button}
            self.fields.update(fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, most in LONGEST:
            for language in LANGUAGES:
                self._check(f"{name}_{language}", most)
        return data

    def _check(self, name: str, most: int) -> None:
        try:
            check_text(self.cleaned_data.get(name, ""), max_length=most)
        except ValidationError as error:
            self.add_error(name, error)

    @property
    def has_other_languages(self) -> bool:
        """Whether anything is written, or must be mended, in another language than bokmål."""
        fields = [self[f"{name}_{code}"] for name, _most in LONGEST for code in LANGUAGES if code != "nb"]
        return any(field.value() or field.errors for field in fields)

    @property
    def texts(self) -> dict[str, Wording]:
        """What was written, by language."""
        data = self.cleaned_data
        return {
            code: Wording(data[f"title_{code}"], data[f"body_{code}"], data[f"button_{code}"]) for code in LANGUAGES
        }

    def refuse(self, refusal: RefusedError) -> None:
        """Put an action's refusal at its field, or on top."""
        name = FIELDS.get(refusal.field or "", refusal.field or "")
        self.add_error(name if name in self.fields else None, str(refusal.message))


class AnnouncementForm(WordingForm):
    """Everything about an announcement but its audience, which has a chooser of its own."""

    picture = forms.FileField(label=_("Picture"), required=False)
    alternative_text = forms.CharField(
        label=_("What does the picture show?"),
        help_text=_("Read out to those who do not see it: «Dark clouds over the fjord»."),
        max_length=500,
        required=False,
    )
    decorative = forms.BooleanField(
        label=_("Send it without a description"),
        help_text=_("For a picture that only decorates and says nothing the text does not say."),
        required=False,
    )
    asks_confirmation = forms.BooleanField(label=_("Ask everyone to confirm that they have read it"), required=False)
    days_on_top = forms.TypedChoiceField(label=_("Days on top of the home page"), choices=DAYS, coerce=int, initial=3)
    keeps_confirmations_days = forms.TypedChoiceField(
        label=_("How long it is kept who has confirmed"), choices=KEEPING, coerce=int, initial=90
    )
    reminds_after_hours = forms.TypedChoiceField(
        label=_("Remind by itself"),
        help_text=_("Sent once to those who are left, while it still stands on top."),
        choices=REMINDING,
        coerce=int,
        empty_value=None,
        required=False,
    )
    level = forms.ChoiceField(
        label=_("Level"),
        help_text=_(
            "Critical is for life and health. It goes out without approval, in quiet hours too, to those who have "
            "muted messages, and by text message where that is in use."
        ),
        choices=Announcement.Level.choices,
        initial=Announcement.Level.NORMAL,
    )
    urgent_reason = forms.CharField(
        label=_("It is urgent because"),
        help_text=_(
            "Fill this in only if it cannot wait: then it comes in quiet hours too. All who read it see the reason."
        ),
        max_length=MAX_REASON,
        required=False,
    )
    comments_open = forms.BooleanField(label=_("Let people ask and comment"), required=False, initial=True)
    sender = forms.ChoiceField(label=_("Sender"), required=False)

    def __init__(self, *args: Any, author: Employee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._author = author
        self.fields["sender"].choices = [("", author.display_name)] + [  # type: ignore[attr-defined]
            (unit.public_id, unit.name) for unit in self.units
        ]
        self.fields["picture"].widget.attrs.update({"accept": "image/*", "data-preview": "#picture-preview"})
        if not author.has_perm("announcements.write_critical"):
            del self.fields["level"]
        if not author.led_paths:
            del self.fields["urgent_reason"]

    @classmethod
    def unsaved(cls, data: QueryDict, *, author: Employee) -> AnnouncementForm:
        """Return the form as it was typed so far, nothing checked yet: while the audience is being chosen."""
        form = cls(author=author)
        form.initial = {name: data.get(name, "") for name in form.fields}
        return form

    @cached_property
    def units(self) -> list[OrgUnit]:
        """The units the author may send on behalf of: the own one and those above, within the own right."""
        job = self._author.primary_employment
        if job is None:
            return []
        paths = branches_of(self._author)
        above = OrgUnit.objects.above(job.unit)
        return [unit for unit in above if any(unit.path.startswith(path) for path in paths)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.stored_picture: StoredFile | None = None
        if (file := data.get("picture")) and not self.errors.get("picture"):
            self._examine(Upload(file, f"{file.name}.jpg", data.get("alternative_text", "")))
        return data

    def _examine(self, upload: Upload) -> None:
        try:
            self.stored_picture = examine(upload)
        except RefusedError as refusal:
            self.refuse(refusal)

    def content(self, terms: list[AudienceTerm]) -> Content:
        """Return what was filled in, with the audience chosen beside it."""
        data = self.cleaned_data
        return Content(
            texts=self.texts,
            terms=terms,
            asks_confirmation=data["asks_confirmation"],
            days_on_top=data["days_on_top"],
            level=data.get("level") or Announcement.Level.NORMAL,
            urgent_reason=data.get("urgent_reason", "").strip(),
            comments_open=data["comments_open"],
            sender_unit=next((unit for unit in self.units if unit.public_id == data["sender"]), None),
            keeps_confirmations_days=data["keeps_confirmations_days"],
            reminds_after_hours=data["reminds_after_hours"],
        )


class CorrectionForm(WordingForm):
    """A new wording, and what changed."""

    change_note = forms.CharField(
        label=_("What has changed?"),
        help_text=_("Shown on top: «Changed at 09.10: …»."),
        max_length=200,
        required=False,
    )
    tell_again = forms.BooleanField(
        label=_("Tell everyone again"),
        help_text=_("Those it was sent to are told that it has changed, by e-mail too where they want it."),
        required=False,
    )
    ask_again = forms.BooleanField(
        label=_("Ask everyone to confirm again"),
        help_text=_("Those who have confirmed the former wording are asked anew. Their first confirmation is kept."),
        required=False,
    )

    def __init__(self, *args: Any, asks_confirmation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_confirmation:
            del self.fields["ask_again"]


def written(announcement: Announcement) -> dict[str, str]:
    """Return the wording in force as a form's initial values."""
    values: dict[str, str] = {}
    for language, text in announcement.current_texts.items():
        values |= {f"title_{language}": text.title, f"body_{language}": text.body}
        values |= {f"button_{language}": text.button_text}
    return values


def chosen(announcement: Announcement) -> dict[str, Any]:
    """Return a draft as a form's initial values."""
    picture = announcement.thread.attachments.filter(kind="picture", comment=None).first()
    return written(announcement) | {
        "alternative_text": picture.alternative_text if picture else "",
        "asks_confirmation": announcement.asks_confirmation,
        "days_on_top": announcement.days_on_top,
        "keeps_confirmations_days": announcement.keeps_confirmations_days,
        "reminds_after_hours": announcement.reminds_after_hours or "",
        "level": announcement.level,
        "urgent_reason": announcement.urgent_reason,
        "comments_open": announcement.thread.comments_open,
        "sender": announcement.sender_unit.public_id if announcement.sender_unit else "",
    }
