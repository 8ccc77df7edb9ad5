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
NEARLY = {"nb": ("i dag", "i morgen"), "nn": ("i dag", "i morgon"), "en": ("today", "tomorrow")}
PLACEHOLDER = re.compile(r"\{(weekday|Weekday|date|week|year)([+-]\d+)?\}")
# Nobody posts at night: what is new then was written until nine in the evening before.
DAY_BEGINS, DAY_ENDS, EVENING = datetime.time(6, 30), datetime.time(22), datetime.time(21)
FIRST_HOUR = datetime.timedelta(hours=1)
# As far back as «today» goes, once the day is old enough to hold it.
STRETCH = datetime.timedelta(minutes=190)


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

        `minutes_ago`, with the clock `at` which the words fit where they fit only one; or `days_ago` with a clock `at`,
        moved back to the nearest `weekday` where one is given ("work" is any working day).
        """
        if "minutes_ago" in when:
            return self._lately(datetime.timedelta(minutes=when["minutes_ago"]), when.get("at"))
        date = self.today - datetime.timedelta(days=when["days_ago"])
        if "weekday" in when:
            date -= datetime.timedelta(days=_days_back(date, when["weekday"]))
        clock = datetime.time.fromisoformat(when["at"])
        moment = datetime.datetime.combine(date, clock, tzinfo=self.zone)
        if moment <= self.now:
            return moment
        # Later today: then it was last week on that weekday, or yesterday.
        return moment - datetime.timedelta(days=7 if when.get("weekday", "work") != "work" else 1)

    def _lately(self, ago: datetime.timedelta, clock: str | None) -> datetime.datetime:
        """The time of something new: of this day if people are up, else of the evening before."""
        now = self.now.astimezone(self.zone)
        begins = self._at(now.date(), DAY_BEGINS)
        day, latest = now.date(), now
        if now < begins + FIRST_HOUR or now >= self._at(day, DAY_ENDS):
            day = day if now >= begins + FIRST_HOUR else day - datetime.timedelta(days=1)
            latest = self._at(day, EVENING)
        elif now - begins < STRETCH:
            ago *= (now - begins) / STRETCH
        moment = latest - ago
        return min(moment, self._at(day, datetime.time.fromisoformat(clock))) if clock else moment

    def _at(self, date: datetime.date, clock: datetime.time) -> datetime.datetime:
        return datetime.datetime.combine(date, clock, tzinfo=self.zone)

    def fill(self, text: str, language: str = "nb", written: datetime.datetime | None = None) -> str:
        """Return `text` with {week}, {weekday+1}, {Weekday+1}, {date-3} and {year-6} put as of the day it was written.

        {today} is the day the demo shows: «i morgen» when written the evening before.
        """
        day = (written or self.now).astimezone(self.zone).date()
        nearly = NEARLY.get(language, NEARLY["nb"])[min(1, max(0, (self.today - day).days))]
        text = text.replace("{today}", nearly).replace("{Today}", nearly[0].upper() + nearly[1:])
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
    if kind.lower() == "weekday":
        name = DAY_NAMES.get(language, DAY_NAMES["nb"])[other.weekday()]
        return name.capitalize() if kind == "Weekday" else name
    month = MONTHS["en" if language == "en" else "nb"][other.month - 1]
    return f"{other.day} {month}" if language == "en" else f"{other.day}. {month}"
