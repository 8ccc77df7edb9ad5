"""The organisation's own date. What is «active» turns at its midnight, not the server's."""

from __future__ import annotations

import datetime

from django.utils import timezone


def local_today() -> datetime.date:
    """Return today's date in the organisation's time zone (`settings.TIME_ZONE`)."""
    return timezone.localdate(timezone=timezone.get_default_timezone())
