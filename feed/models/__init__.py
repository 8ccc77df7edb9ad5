"""The tables of the feed, one file per noun."""

from feed.models.placements import UNIT, Placement, PlannedPlacement
from feed.models.polls import FEWEST_ANONYMOUS, Ballot, Poll, PollOption, Vote
from feed.models.posts import Post, PostRevision
from feed.models.readers import VIEWS_KEPT, LineMarker, PersonFollow, PostDraft, SavedPost, View

__all__ = [
    "FEWEST_ANONYMOUS",
    "UNIT",
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
