"""Makes known what groups have done in the background, and the words of what they log."""

from __future__ import annotations

from groups import audit_words, fan_outs
from groups.actions import purge_closed_groups
from notifications.sweeping import purges

__all__ = ["audit_words", "fan_outs"]

purges.add("groups: closed for 30 days", purge_closed_groups)
purges.add("groups: whether in use", fan_outs.ask_whether_in_use)
