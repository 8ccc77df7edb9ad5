"""Every write to groups, memberships and audiences, one file per noun."""

from groups.actions.audiences import copy_audience, save_audience

__all__ = ["copy_audience", "save_audience"]
