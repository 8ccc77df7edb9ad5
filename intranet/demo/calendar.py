"""Puts what was written for «yesterday at seven» on a real date, whatever day the demo is made."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY_NAMES = {
    "nb": ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    "nn": ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember".split(),  # noqa: SIM905
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
}
PLACEHOLDER = re.compile(r"\{(weekday|date|week|year)([+-]\d+)?\}")


@dataclass(frozen=True)
class Calendar:
    """The day the demo shows, and the moment from which «46 minutes ago» is counted."""

    now: datetime.datetime
    zone: ZoneInfo

    @property
    def today(self) -> datetime.date:
        """The organisation's date of `now`."""
        return self.now.astimezone(self.zone).date()

    def moment(self, when: dict[str, Any]) -> datetime.datetime:
        """Return the time `when` names; never later than now.

        `minutes_ago`; or `days_ago` with a clock `at`, moved back to the nearest `weekday` where one is given
        ("work" is any working day).
        """
        if "minutes_ago" in when:
            return self.now - datetime.timedelta(minutes=when["minutes_ago"])
        date = self.today - datetime.timedelta(days=when["days_ago"])
        if "weekday" in when:
            date -= datetime.timedelta(days=_days_back(date, when["weekday"]))
        clock = datetime.time.fromisoformat(when["at"])
        moment = datetime.datetime.combine(date, clock, tzinfo=self.zone)
        if moment <= self.now:
            return moment
        # Later today: then it was last week on that weekday, or yesterday.
        return moment - datetime.timedelta(days=7 if when.get("weekday", "work") != "work" else 1)

    def fill(self, text: str, language: str = "nb", written: datetime.datetime | None = None) -> str:
        """Return `text` with {week}, {weekday+1}, {date-3} and {year-6} put as of the day it was written."""
        day = (written or self.now).astimezone(self.zone).date()
        return PLACEHOLDER.sub(lambda match: _word(day, match[1], int(match[2] or 0), language), text)


def _days_back(date: datetime.date, wanted: str) -> int:
    """Return how many days before `date` the nearest such day is: a weekday, or any working day ("work")."""
    if wanted == "work":
        return max(0, date.weekday() - 4)
    return (date.weekday() - WEEKDAYS.index(wanted)) % 7


def _word(day: datetime.date, kind: str, shift: int, language: str) -> str:
    if kind == "week":
        return str((day + datetime.timedelta(weeks=shift)).isocalendar().week)
    if kind == "year":
        return str(day.year + shift)
    other = day + datetime.timedelta(days=shift)
    if kind == "weekday":
        return DAY_NAMES.get(language, DAY_NAMES["nb"])[other.weekday()]
    month = MONTHS["en" if language == "en" else "nb"][other.month - 1]
    return f"{other.day} {month}" if language == "en" else f"{other.day}. {month}"
