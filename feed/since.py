"""«Nytt siden i går»: since when something is new, as people say it."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.times import clock_time, day_name, local


def new_since(seen_until: datetime.datetime | None) -> str:
    """Return «Nytt siden i går», or with the time of day when I was here today; "" where I have never been."""
    return _("New since %(day)s") % {"day": _day(seen_until)} if seen_until else ""


def seen_since(seen_until: datetime.datetime | None) -> str:
    """Return «Du har sett alt nytt siden i går.»"""
    if seen_until is None:
        return _("You have seen everything new. What follows is older.")
    return _("You have seen everything new since %(day)s.") % {"day": _day(seen_until)}


def _day(at: datetime.datetime) -> str:
    seen, today = local(at).date(), timezone.localdate()
    return _("at %(time)s") % {"time": clock_time(at)} if seen == today else day_name(seen, today)
