"""Every write of what people choose about notifications."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.database import lock_for_transaction
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, Employment, OrgUnit
from notifications.choices.reading import Chosen, may_choose, settings_of
from notifications.digests.reading import KIND as DIGEST
from notifications.kinds import kinds
from notifications.models import Delivery, NotificationSettings, PlaceLevel, Preference, UnitQuietHours
from notifications.quiet import wake
from notifications.topics import topic_row

LONGEST_PAUSE = datetime.timedelta(days=366)
# Why a message that waited was not sent; taken back with the choice.
DECLINED = "turned off by the person"
ON_DELIVERIES = frozenset(Delivery.Channel.values)
# What was stopped longer ago is old news when the road is opened again.
UNDONE_WITHIN = datetime.timedelta(days=1)


def lock_choices(employee: Employee) -> None:
    """Let one after another change what `employee` has chosen, within the transaction."""
    lock_for_transaction(f"choices of {employee.pk}")


@transaction.atomic
def choose_kind(*, actor: Employee, kind: str, channel: str, wanted: bool) -> None:
    """Turn one kind on or off on one channel; what is on its way stops, or goes after all.

    Raises RefusedError for a kind nobody can turn off, or a channel it does not have.
    """
    lock_choices(actor)
    found = kinds.find(kind)
    if found is None or not may_choose(found, channel):
        raise RefusedError(_("This cannot be turned off."), field="kind")
    _store(actor, kind, channel, wanted=wanted)
    _settle_waiting(actor, [kind], channel, wanted=wanted)


@transaction.atomic
def choose_topic(*, actor: Employee, topic: str, channel: str, wanted: bool) -> None:
    """Turn a whole topic on or off on one channel, and forget what was chosen otherwise for its kinds by themselves.

    Raises RefusedError for a topic there is not, or a channel it does not have.
    """
    lock_choices(actor)
    within = _within(topic, channel)
    if not within:
        raise RefusedError(_("Choose one of those shown."), field="topic")
    actor.notification_preferences.filter(kind__in=within, channel=channel).exclude(wanted=wanted).delete()
    _store(actor, topic_row(topic), channel, wanted=wanted)
    _settle_waiting(actor, within, channel, wanted=wanted)


def chosen_within(employee: Employee, topic: str, channel: str) -> dict[str, bool]:
    """Return what is stored of a topic and its kinds on one channel, for `restore_topic`."""
    rows = employee.notification_preferences.filter(
        channel=channel, kind__in=[topic_row(topic), *_within(topic, channel)]
    )
    return dict(rows.values_list("kind", "wanted"))


@transaction.atomic
def restore_topic(*, actor: Employee, topic: str, channel: str, chosen: Mapping[str, bool]) -> None:
    """Turn a topic on again as it was: what was chosen for its kinds by themselves stands, before it or in `chosen`."""
    lock_choices(actor)
    within = _within(topic, channel)
    chosen = {row: wanted for row, wanted in chosen.items() if row in within or row == topic_row(topic)}
    for row, wanted in {topic_row(topic): True, **chosen}.items():
        _store(actor, row, channel, wanted=wanted)
    stands = Chosen.of(actor)
    _settle_waiting(actor, [key for key in within if stands.wants(kinds.get(key), channel)], channel, wanted=True)


def _within(topic: str, channel: str) -> list[str]:
    return [kind.key for kind in kinds if kind.topic == topic and may_choose(kind, channel)]


def _store(actor: Employee, row: str, channel: str, *, wanted: bool) -> None:
    mine: dict[str, Any] = {"employee": actor, "kind": row, "channel": channel}
    Preference.objects.update_or_create(**mine, defaults={"wanted": wanted})


def _settle_waiting(actor: Employee, within: Collection[str], channel: str, *, wanted: bool) -> None:
    if channel not in ON_DELIVERIES:
        return
    mine = Delivery.objects.filter(recipient=actor, kind__in=within, channel=channel)
    if wanted:
        lately = timezone.now() - UNDONE_WITHIN
        stopped = mine.filter(state=Delivery.State.SKIPPED, last_error=DECLINED, created_at__gt=lately)
        stopped.update(state=Delivery.State.WAITING, last_error="")
    else:
        waiting = mine.filter(state=Delivery.State.WAITING, is_urgent=False)
        waiting.update(state=Delivery.State.SKIPPED, last_error=DECLINED)


@transaction.atomic
def change_settings(*, actor: Employee, **wanted: Any) -> NotificationSettings:
    """Store some of a person's settings (fields of `NotificationSettings`) and return all.

    What waits for a quiet that no longer holds is looked at anew; a summary that is turned off is not sent. Raises
    RefusedError where only one quiet hour would be stored, or a pause has no end within a year.
    """
    lock_choices(actor)
    _check_pause(wanted.get("paused_until"))
    former = settings_of(actor)
    hours = [wanted.get(name, getattr(former, name)) for name in ("quiet_from", "quiet_to")]
    if (hours[0] is None) != (hours[1] is None):
        raise RefusedError(_("Say both when it begins and when it ends."), field="quiet_from")
    settings, _created = NotificationSettings.objects.update_or_create(employee=actor, defaults=wanted)
    if hours != [former.quiet_from, former.quiet_to]:
        wake(Employee.objects.filter(pk=actor.pk))
    if settings.digest == NotificationSettings.Digest.OFF:
        waiting = actor.deliveries.filter(kind=DIGEST, state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.SKIPPED, last_error=DECLINED)
    return settings


def _check_pause(until: datetime.datetime | None) -> None:
    if until and until > timezone.now() + LONGEST_PAUSE:
        raise RefusedError(_("Choose a day within a year."), field="paused_until")
    if until and until <= timezone.now():
        raise RefusedError(_("Choose a day that is still to come."), field="paused_until")


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
    wake(
        Employee.objects.filter(
            Exists(Employment.objects.current().in_branch(unit.path).filter(employee=OuterRef("pk")))
        )
    )
    said = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else ""
    record_audit_event(actor=actor, verb="notifications.unit_hours_set", obj=unit, facts={"hours": said})
