"""What is asked to happen later: when a post comes out, when it ends, when its poll closes."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError

MOST_AHEAD = datetime.timedelta(days=365)


def check_moment(
    moment: datetime.datetime | None, *, field: str, after: datetime.datetime | None = None
) -> datetime.datetime | None:
    """Return `moment`. Raises RefusedError at `field` for one that is over, before `after`, or too far away.

    The years are looked at first: the ends of the calendar cannot be compared across zones.
    """
    if moment is None:
        return None
    if moment.year < timezone.now().year or moment <= timezone.now():
        raise RefusedError(_("That moment is over. Choose one that is to come."), field=field, code="past")
    if moment.year > timezone.now().year + 2 or moment > timezone.now() + MOST_AHEAD:
        raise RefusedError(_("Choose a moment within a year."), field=field, code="too_far_ahead")
    if after and moment <= after:
        text = _("The post comes out later than that. Choose a moment after it.")
        raise RefusedError(text, field=field, code="before_publishing")
    return moment
