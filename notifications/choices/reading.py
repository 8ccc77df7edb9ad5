"""What a person has chosen, and what there is to choose, in a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from directory.models import Employee
from notifications.channels import email, push
from notifications.kinds import NotificationKind, kinds
from notifications.models import NotificationSettings, Preference
from notifications.topics import Topic, topic_row, topics

Channel = Preference.Channel
# SMS is for what is critical and for signing in; nobody chooses it.
CHOSEN = (Channel.INBOX, Channel.PUSH, Channel.EMAIL)


@dataclass(frozen=True)
class TopicRow:
    """One topic: which roads it has, which of them the person wants."""

    key: str
    name: str | Promise
    about: str | Promise
    # By channel; a channel the topic has not is left out.
    wanted: dict[str, bool]


@dataclass(frozen=True)
class Chosen:
    """A person's preferences, read at once."""

    rows: dict[tuple[str, str], bool]

    @classmethod
    def of(cls, employee: Employee) -> Chosen:
        """Read them."""
        mine = employee.notification_preferences.values_list("kind", "channel", "wanted")
        return cls({(kind, channel): wanted for kind, channel, wanted in mine})

    def wants(self, kind: NotificationKind[Any], channel: str) -> bool:
        """Say whether the person wants `kind` on `channel`: what was chosen for it, for its topic, or what is usual."""
        for_topic = self.rows.get((topic_row(kind.topic), channel), True)
        return kind.is_essential or self.rows.get((kind.key, channel), for_topic)


def settings_of(employee: Employee) -> NotificationSettings:
    """Return the person's settings, as they come where nothing has been chosen."""
    found = NotificationSettings.objects.filter(employee=employee).first()
    return found or NotificationSettings(employee=employee)


def topics_of(employee: Employee) -> list[TopicRow]:
    """Return every topic that has kinds, with what the person wants; a topic is on while one of its kinds is."""
    chosen = Chosen.of(employee)
    return [row for key, topic in topics.items() if (row := _row(key, topic, chosen)).wanted]


def roads_of(employee: Employee, kind: NotificationKind[Any]) -> list[str]:
    """Return the channels on which the person gets `kind` now and need not."""
    chosen = Chosen.of(employee)
    return [road.value for road in CHOSEN if _is_open(road) and may_choose(kind, road) and chosen.wants(kind, road)]


def may_choose(kind: NotificationKind[Any], channel: str) -> bool:
    """Say whether people turn `kind` on and off on `channel`: it has that road, and it is theirs to choose."""
    has_road = {
        Channel.INBOX: kind.may_leave_inbox,
        Channel.PUSH: kind.push_after is not None,
        Channel.EMAIL: kind.email_after is not None,
    }
    return not kind.is_essential and has_road.get(channel, False)  # type: ignore[call-overload]


def _row(key: str, topic: Topic, chosen: Chosen) -> TopicRow:
    within = [kind for kind in kinds if kind.topic == key]
    wanted = {
        channel.value: any(chosen.wants(kind, channel) for kind in within if may_choose(kind, channel))
        for channel in CHOSEN
        if _is_open(channel) and any(may_choose(kind, channel) for kind in within)
    }
    return TopicRow(key, topic.name, topic.about, wanted)


def _is_open(channel: str) -> bool:
    return channel == Channel.INBOX or (push.is_on() if channel == Channel.PUSH else email.is_on())
