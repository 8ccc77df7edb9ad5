"""What is filled in where an announcement is looked over: when it goes out, and what should be changed first."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.actions.scheduling import MAX_NOTE, check_publish_at
from announcements.models import Announcement
from core.clock import local_moment, local_today
from core.errors import RefusedError

NOW, LATER = "now", "later"


class SendForm(forms.Form):
    """Now, or later at a date and time in the organisation's own zone."""

    when = forms.ChoiceField(
        label=gettext_lazy("When?"),
        choices=[(NOW, gettext_lazy("Send now")), (LATER, gettext_lazy("Send later"))],
        widget=forms.RadioSelect,
        required=False,
        initial=NOW,
    )
    send_date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        required=False,
    )
    send_time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        required=False,
    )

    def __init__(self, data: Any = None, *, announcement: Announcement) -> None:
        super().__init__(data, initial=_chosen(announcement))
        self.fields["send_date"].widget.attrs["min"] = local_today().isoformat()

    @property
    def is_later(self) -> bool:
        """Whether a moment to come is chosen."""
        return bool(self["when"].value() == LATER)

    @property
    def publish_at(self) -> datetime.datetime | None:
        """The moment that was filled in; None stands for now."""
        moment: datetime.datetime | None = self.cleaned_data.get("publish_at")
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("when") == LATER and not self.errors:
            data["publish_at"] = self._moment(data.get("send_date"), data.get("send_time"))
        return data

    def _moment(self, date: datetime.date | None, time: datetime.time | None) -> datetime.datetime | None:
        if date is None or time is None:
            self.add_error("send_date" if date is None else "send_time", _("Choose a date and a time."))
            return None
        moment = local_moment(date, time)
        if moment is None:
            self.add_error("send_time", _("That hour does not exist: the clocks go forward. Choose another."))
            return None
        try:
            check_publish_at(moment)
        except RefusedError as refusal:
            self.refuse(refusal)
        return moment

    def refuse(self, refusal: RefusedError) -> None:
        """Put an action's refusal at its field, or on top."""
        text = str(refusal.message)
        if refusal.field == "publish_at":
            today = self.cleaned_data.get("send_date") == local_today()
            self.add_error("send_time" if today else "send_date", text)
        else:
            self.add_error(None, text)


def _chosen(announcement: Announcement) -> dict[str, Any]:
    """What was chosen before, while it is still to come; or else tomorrow at seven, for those who choose later."""
    chosen = announcement.publish_at
    if chosen and chosen > timezone.now():
        local = timezone.localtime(chosen, timezone.get_default_timezone())
        return {"when": LATER, "send_date": local.date(), "send_time": local.time().replace(microsecond=0)}
    tomorrow = local_today() + datetime.timedelta(days=1)
    return {"when": NOW, "send_date": tomorrow, "send_time": datetime.time(7)}


class SendBackForm(forms.Form):
    """Why it is sent back."""

    note = forms.CharField(
        label=gettext_lazy("What should be changed?"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_NOTE, "data-grow": ""}),
        required=False,
    )

    def refuse(self, refusal: RefusedError) -> None:
        """Put an action's refusal at its field, or on top."""
        self.add_error("note" if refusal.field == "note" else None, str(refusal.message))
