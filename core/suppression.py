"""Which units' figures may be shown without telling about a few people. One rule for every figure there is.

A unit of fewer than ten is hidden. Where hiding one would let it be worked out as the rest of the whole, the next
smallest is hidden too, level by level down the tree; people placed directly in a unit with units below count as one
of those. What lies under a hidden unit is hidden with it. The choice rests on how many people there are, never on
the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 10
RENEWED_BELOW = 50


@dataclass(frozen=True)
class Branch:
    """A unit and how many people a figure rests on there, those in units below it included."""

    id: int
    parent_id: int | None
    count: int


def hidden_branches(branches: Iterable[Branch]) -> set[int]:
    """Return the ids of the branches whose figures must not be shown. Branches without people are never shown."""
    people = [branch for branch in branches if branch.count > 0]
    known = {branch.id for branch in people}
    below: defaultdict[int | None, list[Branch]] = defaultdict(list)
    for branch in people:
        below[branch.parent_id if branch.parent_id in known else None].append(branch)
    hidden = _hide_among([(branch.count, branch.id) for branch in below[None]])
    todo = list(below[None])
    while todo:
        branch = todo.pop()
        hidden |= _hide_below(branch, below[branch.id], branch.id in hidden)
        todo += below[branch.id]
    return hidden


def _hide_below(parent: Branch, children: list[Branch], parent_is_hidden: bool) -> set[int]:
    if parent_is_hidden:
        return {child.id for child in children}
    parts = [(child.count, child.id) for child in children]
    directly = parent.count - sum(count for count, _ in parts)
    if children and directly > 0:
        parts.append((directly, -parent.id))
    return {number for number in _hide_among(parts) if number > 0}


def _hide_among(siblings: list[tuple[int, int]]) -> set[int]:
    """Return which of the (count, id) that add up to a shown whole must be hidden: none, or two of ten together."""
    hidden = [part for part in siblings if part[0] < LEAST]
    shown = sorted(part for part in siblings if part[0] >= LEAST)
    while hidden and shown and (len(hidden) == 1 or sum(count for count, _ in hidden) < LEAST):
        hidden.append(shown.pop(0))
    return {number for _, number in hidden}
