"""How moments are told to a colleague: «38 min», «i går», «9. okt.»; «i dag 07.12»; and in full on hover."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

HOURS_TOLD_AS_HOURS = 12
DAYS_TOLD_BY_NAME = 7


def local(moment: datetime.datetime) -> datetime.datetime:
    """Return `moment` in the organisation's time zone."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def clock_time(moment: datetime.datetime) -> str:
    """Return the time of day as the reader's language writes it: 07.12 in Norwegian, 07:12 in English."""
    return local(moment).strftime(pgettext("time of day, for strftime", "%H:%M"))


def day_name(date: datetime.date, today: datetime.date) -> str:
    """Return «i dag», «i går», «mandag» within the last week, else «9. okt.», with the year when it is another."""
    days = (today - date).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days == -1:
        return _("tomorrow")
    if 0 < days < DAYS_TOLD_BY_NAME:
        return date_format(date, "l")
    return short_date(date, with_year=date.year != today.year)


def short_date(date: datetime.date, *, with_year: bool = False) -> str:
    """Return «9. okt.», or «9. okt. 2025»."""
    pattern = pgettext("date pattern: day, short month, year", "j M Y") if with_year else _day_month()
    return date_format(date, pattern)


def _day_month() -> str:
    return pgettext("date pattern: day, short month", "j M")


def told_ago(moment: datetime.datetime, now: datetime.datetime) -> str:
    """Return how long ago `moment` was, the way it is said: minutes, hours, then days and dates."""
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < 60:
        return _("now")
    if 0 <= seconds < 3600:
        return _("%(count)d min") % {"count": seconds // 60}
    if 0 <= seconds < HOURS_TOLD_AS_HOURS * 3600:
        return _("%(count)d h") % {"count": seconds // 3600}
    return day_name(local(moment).date(), local(now).date())


def told_clock(moment: datetime.datetime, now: datetime.datetime) -> str:
    """Return day and time: «i dag 07.12», «mandag 07.12», «9. okt. 07.12»."""
    return f"{day_name(local(moment).date(), local(now).date())} {clock_time(moment)}"


def told_ahead(moment: datetime.datetime, now: datetime.datetime) -> str:
    """Return when something is going to happen: «i morgen kl. 07.00», «9. okt. kl. 07.00»."""
    facts = {"day": day_name(local(moment).date(), local(now).date()), "time": clock_time(moment)}
    return _("%(day)s at %(time)s") % facts


def told_in_full(moment: datetime.datetime) -> str:
    """Return the whole moment: «onsdag 18. november 2026 kl. 07.12»."""
    day = date_format(local(moment).date(), pgettext("date pattern: weekday and full date", "l j F Y"))
    return _("%(day)s at %(time)s") % {"day": day, "time": clock_time(moment)}
