"""What groups let others hear. Sent by those who write in groups, on commit."""

from __future__ import annotations

from django.dispatch import Signal

# employee, group: a person has written a post in a group.
posted_in_group = Signal()

# group: it is no longer open to everyone, within the same transaction.
group_narrowed = Signal()

# group: from now its members are told by name who has seen its posts, within the same transaction.
names_shown = Signal()

# group_ids: these groups are about to be removed for good, within the same transaction.
groups_purged = Signal()
