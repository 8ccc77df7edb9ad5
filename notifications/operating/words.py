"""How sending fares, in the operator's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from notifications.kinds import kinds
from notifications.operating.actions import GIVEN_UP
from notifications.operating.reading import ChannelFigures, Heap, PulseFigures
from notifications.topics import OTHER, topics

CHANNELS: dict[str, Any] = {
    "email": gettext_lazy("E-mail"),
    "push": gettext_lazy("Notifications on devices"),
    "sms": gettext_lazy("Text messages"),
}
ICONS = {"email": "EnvelopeClosed", "push": "MobileSmall", "sms": "Chat"}
PROCESSES: dict[str, Any] = {
    "sweeper": pgettext_lazy("a process", "The sweeper, which sends"),
    "worker": pgettext_lazy("a process", "The worker, which speeds it up"),
}


def told_topic(heap: Heap) -> str:
    """Return what the messages are: the kind by its name, or else what people choose it by."""
    kind = kinds.find(heap.kind)
    if kind and kind.name:
        return str(kind.name)
    return str(topics.get(kind.topic if kind else OTHER).name)


def is_named(heap: Heap) -> bool:
    """Say whether the kind has a name of its own; what has none is told apart by its key."""
    kind = kinds.find(heap.kind)
    return bool(kind and kind.name)


def told_why(heap: Heap, channel: ChannelFigures) -> str:
    """Return why the messages have not gone: of what is due, what holds the whole channel."""
    if heap.error == GIVEN_UP:
        return _("Given up by an administrator")
    if heap.why in ("tried", "failed"):
        times = ngettext("tried %(count)d time", "tried up to %(count)d times", heap.attempts) % {
            "count": heap.attempts
        }
        return f"{heap.error or _('No answer')} ({times})"
    if heap.why == "due" and (channel.failing_since or not channel.is_on):
        return _("Nothing gets through this way now: %(error)s") % {"error": channel.last_error or _("No answer")}
    return str(
        {
            "sending": _("Being sent now"),
            "due": _("Next in line"),
            "later": _("For later: quiet hours, a pause, or only if it is not seen"),
        }[heap.why]
    )


def told_state(figures: ChannelFigures) -> tuple[str, str]:
    """Return how a channel fares, and the colour of that."""
    if not figures.is_on:
        return _("Not in use"), "neutral"
    if figures.failing_since:
        return _("Does not get through"), "danger"
    if figures.slow_seconds is not None:
        return _("Slow"), "danger"
    if figures.resting_until:
        return _("Rests"), "warning"
    return _("Works"), "success"


def told_pulse(pulse: PulseFigures) -> tuple[str, str]:
    """Return whether a process is alive, and the colour of that."""
    return (_("Silent"), "danger") if pulse.is_silent else (_("Works"), "success")
