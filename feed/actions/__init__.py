"""Every write to posts, one file per noun."""

from feed.actions.placements import pin_post, share_post, unpin_post
from feed.actions.posts import delete_post, edit_post, publish_post, restore_post
from feed.actions.settling import accept_answer, set_stand_in_filled

__all__ = [
    "accept_answer",
    "delete_post",
    "edit_post",
    "pin_post",
    "publish_post",
    "restore_post",
    "set_stand_in_filled",
    "share_post",
    "unpin_post",
]
