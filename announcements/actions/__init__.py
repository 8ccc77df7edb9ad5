"""Every write to announcements and to the ledger, one file per stage."""

from announcements.actions.approving import (
    approve_announcement,
    approvers_for,
    countersign_announcement,
    needs_approval,
    send_back_announcement,
)
from announcements.actions.correcting import correct_announcement, set_former_confirmations_aside
from announcements.actions.discarding import discard_draft, purge_discarded_drafts, restore_draft
from announcements.actions.following_up import (
    add_newcomers,
    next_reminder_at,
    open_team_list,
    remind,
    start_adding_newcomers,
)
from announcements.actions.pictures import describe_picture, remove_picture, set_picture
from announcements.actions.reading import acknowledge, mark_delivered, mark_seen
from announcements.actions.scheduling import begin_scheduled, reschedule_announcement, take_back_announcement
from announcements.actions.sending import publish_announcement, withdraw_announcement
from announcements.actions.trying import try_on_oneself
from announcements.actions.updating import draft_update
from announcements.actions.writing import (
    Content,
    EditedElsewhereError,
    Wording,
    draft_announcement,
    edit_draft,
    last_saved_at,
    version_of,
    wordings_of,
)

__all__ = [
    "Content",
    "EditedElsewhereError",
    "Wording",
    "acknowledge",
    "add_newcomers",
    "approve_announcement",
    "approvers_for",
    "begin_scheduled",
    "correct_announcement",
    "countersign_announcement",
    "describe_picture",
    "discard_draft",
    "draft_announcement",
    "draft_update",
    "edit_draft",
    "last_saved_at",
    "mark_delivered",
    "mark_seen",
    "needs_approval",
    "next_reminder_at",
    "open_team_list",
    "publish_announcement",
    "purge_discarded_drafts",
    "remind",
    "remove_picture",
    "reschedule_announcement",
    "restore_draft",
    "send_back_announcement",
    "set_former_confirmations_aside",
    "set_picture",
    "start_adding_newcomers",
    "take_back_announcement",
    "try_on_oneself",
    "version_of",
    "withdraw_announcement",
    "wordings_of",
]
