"""Every write to groups, memberships and audiences, one file per noun."""

from groups.actions.audiences import copy_audience, save_audience
from groups.actions.closing import archive_group, close_group, purge_closed_groups, reopen_group, unarchive_group
from groups.actions.facts import GroupFacts
from groups.actions.following import follow_group, set_muted, unfollow_group
from groups.actions.groups import change_group, confirm_in_use, create_group
from groups.actions.invitations import answer_invitation, invite_to_group, take_back_invitation, undo_decline
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
from groups.actions.takeovers import agree_to_takeover, offer_to_take_over, take_back_offer

__all__ = [
    "GroupFacts",
    "add_members",
    "agree_to_takeover",
    "answer_invitation",
    "answer_request",
    "archive_group",
    "ask_to_join",
    "change_group",
    "close_group",
    "confirm_in_use",
    "copy_audience",
    "create_group",
    "follow_group",
    "invite_to_group",
    "join_group",
    "leave_group",
    "mark_read",
    "offer_to_take_over",
    "purge_closed_groups",
    "remove_member",
    "reopen_group",
    "save_audience",
    "set_muted",
    "set_notification_level",
    "set_role",
    "take_back_invitation",
    "take_back_offer",
    "take_back_request",
    "unarchive_group",
    "undo_decline",
    "undo_leaving",
    "unfollow_group",
]
