"""Every write to threads, one file per noun."""

from conversations.actions.attachments import add_attachment
from conversations.actions.comments import UNDO, add_comment, delete_comment, edit_comment, restore_comment
from conversations.actions.mentions import record_mentions
from conversations.actions.reactions import react, take_back_reaction
from conversations.actions.removing import remove_attachments
from conversations.actions.reporting import decide_report, report
from conversations.actions.threads import close_comments, open_comments, open_thread

__all__ = [
    "UNDO",
    "add_attachment",
    "add_comment",
    "close_comments",
    "decide_report",
    "delete_comment",
    "edit_comment",
    "open_comments",
    "open_thread",
    "react",
    "record_mentions",
    "remove_attachments",
    "report",
    "restore_comment",
    "take_back_reaction",
]
