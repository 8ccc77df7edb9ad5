"""The form of notification settings: a box for each topic and road, hours, a pause, the summary."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.pagination import pack, unpack
from notifications.choices.reading import CHOSEN, TopicRow
from notifications.models import NotificationSettings, Preference

ROADS: dict[str, str | Promise] = {
    Preference.Channel.INBOX: gettext_lazy("Under Notifications"),
    Preference.Channel.PUSH: gettext_lazy("On my devices"),
    Preference.Channel.EMAIL: gettext_lazy("By e-mail"),
}
USUAL, OWN, NEVER = "usual", "own", "never"
MIDNIGHT = datetime.time(0)
HOURS = [(hour, f"{hour:02}.00") for hour in range(24)]


class TimeInput(forms.TimeInput):
    input_type = "time"


class DateInput(forms.DateInput):
    input_type = "date"


class HoursForm(forms.Form):
    """When it is quiet: as usual, never, or between two times of one's own."""

    quiet = forms.ChoiceField(label=gettext_lazy("When it is quiet"), widget=forms.RadioSelect)
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        required=False,
        widget=TimeInput(format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=TimeInput(format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for both times where they are one's own."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("quiet_from", "quiet_to"):
            if cleaned.get("quiet") == OWN and name not in self.errors and cleaned.get(name) is None:
                self.add_error(name, _("Say both when it begins and when it ends."))
        times = cleaned.get("quiet_from"), cleaned.get("quiet_to")
        if cleaned.get("quiet") == OWN and times[0] is not None and times[0] == times[1]:
            self.add_error("quiet_to", _("That is the same time twice. Choose «Never quiet» if that is what you mean."))
        return cleaned

    def hours(self) -> tuple[datetime.time, datetime.time] | None:
        """Return the hours chosen, midnight to midnight for never; None for the usual ones."""
        if self.cleaned_data["quiet"] == USUAL:
            return None
        if self.cleaned_data["quiet"] == NEVER:
            return MIDNIGHT, MIDNIGHT
        return self.cleaned_data["quiet_from"], self.cleaned_data["quiet_to"]

    def offer(self, usual: str) -> None:
        """Name the choices; `usual` is what holds where nothing is chosen."""
        choices = [(USUAL, usual), (OWN, _("At other hours")), (NEVER, _("Never quiet"))]
        self.fields["quiet"].choices = choices  # type: ignore[attr-defined]


def hours_initial(starts: datetime.time | None, ends: datetime.time | None) -> dict[str, Any]:
    """Return what an `HoursForm` shows for stored hours."""
    if starts is None or ends is None:
        return {"quiet": USUAL}
    return {"quiet": NEVER} if starts == ends else {"quiet": OWN, "quiet_from": starts, "quiet_to": ends}


def words_of_hours(hours: tuple[datetime.time, datetime.time] | None) -> str:
    """Return «20.00–06.00», or that it is never quiet."""
    if hours is None or hours[0] == hours[1]:
        return _("never quiet")
    return f"{hours[0]:%H.%M}–{hours[1]:%H.%M}"


class NotificationSettingsForm(HoursForm):
    """Everything one chooses about notifications, on one page."""

    paused_until = forms.DateField(
        label=gettext_lazy("Quiet until this day"),
        help_text=gettext_lazy("For holidays and days off. Everything waits for you under Notifications."),
        required=False,
        widget=DateInput(format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )
    digest = forms.ChoiceField(
        label=gettext_lazy("A summary by e-mail"),
        help_text=gettext_lazy("What you have not seen, in one e-mail. Then you get fewer single ones."),
        choices=NotificationSettings.Digest.choices,
        widget=forms.RadioSelect,
    )
    digest_hour = forms.TypedChoiceField(label=gettext_lazy("At what time"), choices=HOURS, coerce=int)
    text_on_lock_screen = forms.BooleanField(
        label=gettext_lazy("Show what is written in closed groups on a locked screen"), required=False
    )
    closed_text_in_email = forms.BooleanField(
        label=gettext_lazy("Send what is written in closed groups by e-mail"), required=False
    )

    def __init__(self, data: Any, *, settings: NotificationSettings, topics: list[TopicRow], usual: str) -> None:
        super().__init__(data, initial=_initial(settings))
        self.offer(usual)
        self.topics = topics
        for row in topics:
            for channel, wanted in row.wanted.items():
                self.fields[_box(row.key, channel)] = forms.BooleanField(required=False, initial=wanted)
        shown = {name: str(self.get_initial_for_field(field, name)) for name, field in self.fields.items()}
        # What the page showed goes with it: what was changed meanwhile, elsewhere, is not changed back by saving it.
        self.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=pack(shown))

    def lines(self) -> Iterator[tuple[TopicRow, list[tuple[str | Promise, BoundField]]]]:
        """Yield each topic with its boxes, by road."""
        for row in self.topics:
            yield row, [(ROADS[road], self[_box(row.key, road)]) for road in CHOSEN if road in row.wanted]

    def chosen(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (topic, channel, wanted) for each box that was changed."""
        for row in self.topics:
            for channel, is_wanted in row.wanted.items():
                wanted = self.cleaned_data[_box(row.key, channel)]
                if wanted != is_wanted and self._is_changed(_box(row.key, channel)):
                    yield row.key, channel, wanted

    def settings(self) -> dict[str, Any]:
        """Return the fields of `NotificationSettings` that were changed."""
        hours, day = self.hours() or (None, None), self.cleaned_data["paused_until"]
        until = (
            timezone.make_aware(datetime.datetime.combine(day, MIDNIGHT), timezone.get_default_timezone())
            if day
            else None
        )
        plain = ("digest", "digest_hour", "text_on_lock_screen", "closed_text_in_email")
        quiet = {"quiet_from": hours[0], "quiet_to": hours[1]} if self._is_changed(*HoursForm.base_fields) else {}
        pause = {"paused_until": until} if self._is_changed("paused_until") else {}
        return quiet | pause | {name: self.cleaned_data[name] for name in plain if self._is_changed(name)}

    def _is_changed(self, *names: str) -> bool:
        """Say whether one of these fields differs from what the page showed; yes where that is not known."""
        match unpack(self.cleaned_data["shown"]):
            case [dict(shown)]:
                return any(str(self.cleaned_data.get(name)) != shown.get(name) for name in names)
        return True


def _initial(settings: NotificationSettings) -> dict[str, Any]:
    paused_until = settings.paused_until if settings.paused_until and settings.paused_until > timezone.now() else None
    return {
        **hours_initial(settings.quiet_from, settings.quiet_to),
        "paused_until": timezone.localtime(paused_until, timezone.get_default_timezone()).date()
        if paused_until
        else None,
        "digest": settings.digest,
        "digest_hour": settings.digest_hour,
        "text_on_lock_screen": settings.text_on_lock_screen,
        "closed_text_in_email": settings.closed_text_in_email,
    }


def _box(topic: str, channel: str) -> str:
    return f"{topic}.{channel}"
