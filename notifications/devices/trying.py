"""A trial: one notification to one device at once, and a plain answer where it does not come."""

from __future__ import annotations

import datetime
from http import HTTPStatus

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError
from directory.models import Employee
from notifications.channels import push
from notifications.channels.push_text import words_of_trial
from notifications.devices.reading import devices_of
from notifications.models import PushSubscription

# No sooner after the last one that came.
BETWEEN = datetime.timedelta(seconds=5)
OUR_KEY = (str(HTTPStatus.UNAUTHORIZED.value), str(HTTPStatus.FORBIDDEN.value))


def send_trial(*, actor: Employee, subscription: PushSubscription) -> None:
    """Show a notification on `actor`'s device now, also when it is quiet: they ask for it themselves.

    Raises RefusedError that says why it did not come, and what to do.
    """
    if not push.is_on() or subscription not in devices_of(actor):
        raise RefusedError(_("Notifications are turned off there. Turn them on again."), code="gone")
    if subscription.taken_at and timezone.now() - subscription.taken_at < BETWEEN:
        raise RefusedError(_("One has just been sent. Wait a moment."), code="too_soon")
    outcome = push.give(subscription, words_of_trial(actor))
    if not outcome.taken:
        raise _refusal(outcome)


def _refusal(outcome: push.Outcome) -> RefusedError:
    if outcome.is_gone:
        return RefusedError(_("Notifications are turned off there. Turn them on again."), code="gone")
    if outcome.refusal.endswith(OUR_KEY):
        words = _("The browser’s notification service does not take anything from here. Tell those who run Tunet.")
        return RefusedError(words, code="service_refused")
    if outcome.later:
        words = _("The browser’s notification service does not answer just now. Try again in a moment.")
        return RefusedError(words, code="service_away")
    words = _("The browser’s notification service would not take it. Turn notifications off here, and on again.")
    return RefusedError(words, code="service_refused")
