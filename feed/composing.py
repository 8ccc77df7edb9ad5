"""What the composer offers one writer: where a post may stand, and who would see it there."""

from __future__ import annotations

from typing import Any

from conversations.readers import readers_of
from directory.models import Employee, OrgUnit
from feed.actions.planning import waits_for_approval
from feed.forms import PostWriting, asks_for_stand_ins, groups_to_write_in, units_to_write_to
from feed.models import Poll, Post
from feed.readers import readers_of_line
from groups.models import Group

# A leader of many is shown the highest of the units; the address can name any.
MOST_UNITS, MOST_GROUPS = 40, 300


def what_to_choose(writer: Employee, form: PostWriting) -> dict[str, Any]:
    """Return what the composer's templates need besides the form itself. Chooses the only group there is."""
    groups = list(groups_to_write_in(writer)[:MOST_GROUPS])
    units = list(units_to_write_to(writer)[:MOST_UNITS])
    if form.unit and form.unit not in units:
        units.append(form.unit)
    if form.group is None and form.unit is None and len(groups) == 1:
        form.group = groups[0]
    return {
        "form": form,
        "groups": groups,
        "units": units,
        "others": others_than(writer, form.group),
        "kinds": Post.Kind,
        "votes": Poll.Votes,
        "may_stand_in": asks_for_stand_ins(form.group) or any(asks_for_stand_ins(group) for group in groups),
        "seen_by": who_would_see(writer, form.group, form.unit),
    }


def others_than(writer: Employee, group: Group | None) -> list[Group]:
    """Return where else a post may stand that stands in `group`: other open groups, and none for one that is closed."""
    if group is None or group.privacy != Group.Privacy.OPEN:
        return []
    others = groups_to_write_in(writer).filter(privacy=Group.Privacy.OPEN).exclude(pk=group.pk)
    return list(others[:MOST_GROUPS])


def who_would_see(writer: Employee, group: Group | None, unit: OrgUnit | None = None) -> dict[str, Any]:
    """Return how many read what `writer` writes there, and whether it waits for a moderator first."""
    if unit:
        return {"unit": unit, "count": readers_of_line(unit, writer).count()}
    if group is None:
        return {"group": None, "count": 0}
    return {"group": group, "count": readers_of(group).count(), "waits": waits_for_approval(writer, group)}
