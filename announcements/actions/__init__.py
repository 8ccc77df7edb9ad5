"""Every write to announcements and to the ledger, one file per stage."""

from announcements.actions.following_up import (
    add_newcomers,
    next_reminder_at,
    open_team_list,
    remind,
    start_adding_newcomers,
)
from announcements.actions.reading import acknowledge, mark_delivered, mark_seen
from announcements.actions.sending import correct_announcement, publish_announcement, withdraw_announcement
from announcements.actions.writing import (
    Content,
    Wording,
    delete_draft,
    describe_picture,
    draft_announcement,
    edit_draft,
    set_picture,
)

__all__ = [
    "Content",
    "Wording",
    "acknowledge",
    "add_newcomers",
    "correct_announcement",
    "delete_draft",
    "describe_picture",
    "draft_announcement",
    "edit_draft",
    "mark_delivered",
    "mark_seen",
    "next_reminder_at",
    "open_team_list",
    "publish_announcement",
    "remind",
    "set_picture",
    "start_adding_newcomers",
    "withdraw_announcement",
]
