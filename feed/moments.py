"""Moments as they are typed into a form."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import local_moment, moment_in
from core.errors import RefusedError


def read_moment(text: str, *, field: str) -> datetime.datetime | None:
    """Return the moment a field of day and time holds, in the organisation's zone; None where it is empty.

    Raises RefusedError at `field` for what is no moment.
    """
    if not text.strip():
        return None
    if (moment := moment_in(text.strip())) is not None:
        return moment
    try:
        wall = datetime.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise RefusedError(_("Choose a date and a time."), field=field, code="no_moment") from None
    moment = local_moment(wall.date(), wall.time())
    if moment is None:
        text = _("That hour does not exist: the clocks go forward. Choose another.")
        raise RefusedError(text, field=field, code="no_such_hour")
    return moment


def as_typed(moment: datetime.datetime | None) -> str:
    """Return the moment as a field of day and time holds it, in the organisation's zone; "" for none."""
    there = timezone.localtime(moment, timezone.get_default_timezone()) if moment else None
    return there.strftime("%Y-%m-%dT%H:%M") if there else ""
