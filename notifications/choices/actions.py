"""Every write of what people choose about notifications."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from notifications.kinds import kinds
from notifications.models import Delivery, NotificationSettings, PlaceLevel, Preference, UnitQuietHours
from notifications.topics import topic_row, topics

LONGEST_PAUSE = datetime.timedelta(days=366)
# Why a message that waited was not sent; taken back with the choice.
DECLINED = "turned off by the person"
ON_DELIVERIES = frozenset(Delivery.Channel.values)
INBOX = Preference.Channel.INBOX


@transaction.atomic
def choose_kind(*, actor: Employee, kind: str, channel: str, wanted: bool) -> None:
    """Turn one kind on or off on one channel; what is on its way stops, or goes after all.

    Raises RefusedError for a kind nobody can turn off, or a channel there is not.
    """
    found = kinds.find(kind)
    stays = found is None or found.is_essential or (channel == INBOX and not found.may_leave_inbox)
    if stays or channel not in Preference.Channel.values:
        raise RefusedError(_("This cannot be turned off."), field="kind")
    _store(actor, kind, channel, wanted=wanted)
    _settle_waiting(actor, [kind], channel, wanted=wanted)


@transaction.atomic
def choose_topic(*, actor: Employee, topic: str, channel: str, wanted: bool) -> None:
    """Turn a whole topic on or off on one channel, and forget what was chosen for its kinds by themselves.

    Raises RefusedError for a topic or a channel there is not.
    """
    if topics.find(topic) is None or channel not in Preference.Channel.values:
        raise RefusedError(_("Choose one of those shown."), field="topic")
    within = [kind.key for kind in kinds if kind.topic == topic and not kind.is_essential]
    actor.notification_preferences.filter(kind__in=within, channel=channel).delete()
    _store(actor, topic_row(topic), channel, wanted=wanted)
    _settle_waiting(actor, within, channel, wanted=wanted)


def _store(actor: Employee, row: str, channel: str, *, wanted: bool) -> None:
    mine: dict[str, Any] = {"employee": actor, "kind": row, "channel": channel}
    Preference.objects.update_or_create(**mine, defaults={"wanted": wanted})


def _settle_waiting(actor: Employee, within: Collection[str], channel: str, *, wanted: bool) -> None:
    if channel not in ON_DELIVERIES:
        return
    mine = Delivery.objects.filter(recipient=actor, kind__in=within, channel=channel)
    if wanted:
        stopped = mine.filter(state=Delivery.State.SKIPPED, last_error=DECLINED)
        stopped.update(state=Delivery.State.WAITING, last_error="")
    else:
        waiting = mine.filter(state=Delivery.State.WAITING, is_urgent=False)
        waiting.update(state=Delivery.State.SKIPPED, last_error=DECLINED)


def change_settings(*, actor: Employee, **wanted: Any) -> NotificationSettings:
    """Store some of a person's settings (fields of `NotificationSettings`) and return all.

    Raises RefusedError where only one quiet hour is given, or a pause has no end within a year.
    """
    paused_until = wanted.get("paused_until")
    if paused_until and paused_until > timezone.now() + LONGEST_PAUSE:
        raise RefusedError(_("Choose a day within a year."), field="paused_until")
    if paused_until and paused_until <= timezone.now():
        raise RefusedError(_("Choose a day that is still to come."), field="paused_until")
    if ("quiet_from" in wanted or "quiet_to" in wanted) and (
        (wanted.get("quiet_from") is None) != (wanted.get("quiet_to") is None)
    ):
        raise RefusedError(_("Say both when it begins and when it ends."), field="quiet_from")
    settings, _created = NotificationSettings.objects.update_or_create(employee=actor, defaults=wanted)
    return settings


def set_place_level(*, actor: Employee, place: str, level: str) -> None:
    """Keep how much `actor` hears from `place`. Raises RefusedError for an unknown level."""
    if level not in PlaceLevel.Level.values:
        raise RefusedError(_("Choose one of those shown."), field="level")
    if level == PlaceLevel.Level.MINE:
        actor.place_levels.filter(place=place).delete()
    else:
        PlaceLevel.objects.update_or_create(employee=actor, place=place, defaults={"level": level})


@transaction.atomic
def set_unit_hours(*, actor: Employee, unit: OrgUnit, hours: tuple[datetime.time, datetime.time] | None) -> None:
    """Set when it is quiet for those who work in `unit` or below it; None for what holds above it.

    Raises PermissionDenied for whoever neither leads nor administers the unit.
    """
    require(actor.has_perm("notifications.set_quiet_hours", unit))
    former = UnitQuietHours.objects.filter(unit=unit)
    if hours is None:
        former.delete()
    else:
        UnitQuietHours.objects.update_or_create(unit=unit, defaults={"starts": hours[0], "ends": hours[1]})
    said = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else ""
    record_audit_event(actor=actor, verb="notifications.unit_hours_set", obj=unit, facts={"hours": said})
