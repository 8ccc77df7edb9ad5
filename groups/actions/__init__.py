"""Every write to groups, memberships and audiences, one file per noun."""

from groups.actions.audiences import copy_audience, save_audience
from groups.actions.groups import GroupFacts, archive_group, change_group, create_group, reopen_group
from groups.actions.memberships import (
    add_members,
    join_group,
    leave_group,
    mark_read,
    remove_member,
    set_notification_level,
    set_role,
    undo_leaving,
)
from groups.actions.requests import answer_request, ask_to_join, take_back_request

__all__ = [
    "GroupFacts",
    "add_members",
    "answer_request",
    "archive_group",
    "ask_to_join",
    "change_group",
    "copy_audience",
    "create_group",
    "join_group",
    "leave_group",
    "mark_read",
    "remove_member",
    "reopen_group",
    "save_audience",
    "set_notification_level",
    "set_role",
    "take_back_request",
    "undo_leaving",
]
