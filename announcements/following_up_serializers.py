"""Figures, reminders and requests to the leaders, as the API shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from announcements.models import Reminder
from announcements.unit_figures import UnitFigures


class _ShareSerializer(serializers.Serializer[Any]):
    """A share as it may be told: in whole per cents, in words at either end, or not at all."""

    told = serializers.ChoiceField(choices=["percent", "almost_none", "almost_all", "hidden"])
    percent = serializers.IntegerField(allow_null=True)


def _share(value: int | None) -> dict[str, Any]:
    told = "hidden" if value is None else {0: "almost_none", 100: "almost_all"}.get(value, "percent")
    return {"told": told, "percent": value if told == "percent" else None}


class UnitFiguresSerializer(serializers.Serializer[Any]):
    """One unit, those below it included. `active` is null where the figures are hidden; hidden units come last."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    active = serializers.IntegerField(allow_null=True)
    seen = _ShareSerializer()
    acknowledged = _ShareSerializer()
    has_units_below = serializers.BooleanField()


def as_data(row: UnitFigures) -> dict[str, Any]:
    """Return what the screen shows of one unit, as `UnitFiguresSerializer` describes it."""
    return {
        "id": row.unit.public_id,
        "name": row.unit.name,
        "kind": row.unit.kind,
        "active": row.active if row.is_shown else None,
        "seen": _share(row.share),
        "acknowledged": _share(row.acknowledged_share),
        "has_units_below": row.has_units_below,
    }


class FollowUpSerializer(serializers.Serializer[Any]):
    """`leaders` is null where a count would tell of a few people; `next_at` is when they may be asked again."""

    asked_at = serializers.DateTimeField()
    leaders = serializers.IntegerField(allow_null=True)
    next_at = serializers.DateTimeField()


class RemindSerializer(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=Reminder.To.choices, default=Reminder.To.UNSEEN)


class ReminderSerializer(serializers.Serializer[Any]):
    """`count` is null where the audience is too small to have figures."""

    to = serializers.CharField()
    sent_at = serializers.DateTimeField()
    count = serializers.IntegerField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """Figures about use are null where the audience is below ten; below fifty they are renewed every 30 minutes."""

    state = serializers.CharField()
    audience = serializers.IntegerField()
    frozen = serializers.IntegerField()
    joined_later = serializers.IntegerField()
    left = serializers.IntegerField()
    active = serializers.IntegerField()
    delivered = serializers.IntegerField(allow_null=True)
    seen = serializers.IntegerField(allow_null=True)
    unseen = serializers.IntegerField(allow_null=True)
    acknowledged = serializers.IntegerField(allow_null=True)
