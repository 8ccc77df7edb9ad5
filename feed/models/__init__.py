"""The tables of the feed, one file per noun."""

from feed.models.placements import Placement, PlannedPlacement
from feed.models.polls import Ballot, Poll, PollOption, Vote
from feed.models.posts import Post, PostRevision
from feed.models.readers import VIEWS_KEPT, LineMarker, PersonFollow, PostDraft, SavedPost, View

__all__ = [
    "VIEWS_KEPT",
    "Ballot",
    "LineMarker",
    "PersonFollow",
    "Placement",
    "PlannedPlacement",
    "Poll",
    "PollOption",
    "Post",
    "PostDraft",
    "PostRevision",
    "SavedPost",
    "View",
    "Vote",
]
