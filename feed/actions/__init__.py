"""Every write to posts, one file per noun."""

from feed.actions.changing import change_planned
from feed.actions.drafts import discard_draft, save_draft
from feed.actions.following import follow_person, unfollow_person
from feed.actions.lines import publish_to_line
from feed.actions.placements import pin_post, share_post, unpin_post, unshare_post
from feed.actions.planning import let_out, publish_due_posts, send_back, take_back_planned
from feed.actions.polls import PollFacts, close_due_polls, close_poll, take_back_vote, vote_in_poll
from feed.actions.posts import delete_post, edit_post, restore_post
from feed.actions.publishing import publish_post
from feed.actions.saving import save_post, unsave_post
from feed.actions.seeing import forget_views, mark_posts_seen
from feed.actions.settling import accept_answer, set_stand_in_filled

__all__ = [
    "PollFacts",
    "accept_answer",
    "change_planned",
    "close_due_polls",
    "close_poll",
    "delete_post",
    "discard_draft",
    "edit_post",
    "follow_person",
    "forget_views",
    "let_out",
    "mark_posts_seen",
    "pin_post",
    "publish_due_posts",
    "publish_post",
    "publish_to_line",
    "restore_post",
    "save_draft",
    "save_post",
    "send_back",
    "set_stand_in_filled",
    "share_post",
    "take_back_planned",
    "take_back_vote",
    "unfollow_person",
    "unpin_post",
    "unsave_post",
    "unshare_post",
    "vote_in_poll",
]
