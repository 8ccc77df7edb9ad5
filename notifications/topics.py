"""What kinds of notifications people choose between: a few plain topics instead of forty kinds."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.registry import Registry


class Topic(NamedTuple):
    """One line of the settings: what happens, why one is told, and an example or a limit in few words."""

    name: str | Promise
    why: str | Promise
    about: str | Promise = ""


topics: Registry[Topic] = Registry("topic")
OTHER = "other"


def topic_row(topic: str) -> str:
    """Return how the choice for a whole topic is called among a person's preferences."""
    return f"topic:{topic}"


topics.add(
    "announcements",
    Topic(_("Important messages"), _("you are among those it was sent to"), _("Critical ones always reach you.")),
)
topics.add(
    "answers", Topic(_("Somebody answers you"), _("you were answered"), _("What you wrote, or a comment of yours"))
)
topics.add("mentions", Topic(_("Somebody mentions you"), _("you were mentioned"), _("In a post or a comment")))
topics.add("reactions", Topic(_("Somebody likes what you wrote"), _("you wrote it"), _("Gathered in one line")))
topics.add("thanks", Topic(_("Somebody thanks you"), _("you, or somebody you lead, was thanked")))
topics.add(
    "groups",
    Topic(
        _("Something happens in your groups"), _("you are in the group"), _("Who asks to join, invitations, changes")
    ),
)
topics.add(
    "tasks",
    Topic(_("Something waits for you"), _("it waits for you"), _("Approvals, reports, new colleagues to receive")),
)
topics.add(
    OTHER,
    Topic(_("Other things about you"), _("it concerns you"), _("Your facts, and answers to what you sent in")),
)
