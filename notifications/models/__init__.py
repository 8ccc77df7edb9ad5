"""The tables of notifications, one file per noun."""

from notifications.models.deliveries import ChannelState, Delivery, RefusedAddress
from notifications.models.fan_outs import FanOut
from notifications.models.inbox import Notification
from notifications.models.preferences import NotificationSettings, PlaceLevel, Preference, UnitQuietHours
from notifications.models.pulses import Pulse
from notifications.models.push import PushQuestion, PushSubscription

__all__ = [
    "ChannelState",
    "Delivery",
    "FanOut",
    "Notification",
    "NotificationSettings",
    "PlaceLevel",
    "Preference",
    "Pulse",
    "PushQuestion",
    "PushSubscription",
    "RefusedAddress",
    "UnitQuietHours",
]
