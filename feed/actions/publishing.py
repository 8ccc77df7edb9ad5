from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.files import Upload, examine
from conversations.readers import readers_of
from conversations.texts import MAX_POST, written
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.moments import check_moment
from feed.actions.planning import send_out
from feed.actions.polls import PollFacts, check_poll
from feed.actions.storing import store_post
from feed.models import Post
from groups.models import Group


def publish_post(
    *,
    actor: Employee,
    groups: Sequence[Group],
    text: str,
    kind: str = Post.Kind.POST,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
    thanked: Employee | None = None,
    poll: PollFacts | None = None,
    publish_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> Post:
    """Publish a post in `groups` (several only where all are open) and return it.

    With `publish_at` it waits for its time, and in groups that approve posts for a moderator: until then it stands
    nowhere and is a `PlannedPlacement`. Else the people mentioned and the one thanked are told, and the members' open
    pages wake. `ends_at` takes it out of feeds. Raises PermissionDenied where `actor` may not write,
    HouseRulesRequiredError, and RefusedError, with the field, for what cannot be used.
    """
    for group in groups:
        require(actor.has_perm("groups.write", group))
    require_accepted(actor)
    check_places(groups)
    _check_kind(kind, thanked, groups)
    check_moment(publish_at, field="publish_at")
    check_moment(ends_at, field="ends_at", after=publish_at)
    asked = check_poll(poll, begins_at=publish_at) if poll else None
    files = [examine(upload) for upload in uploads]
    kept = written(text, max_length=MAX_POST, empty_is_fine=bool(files or asked))
    with transaction.atomic():
        post = store_post(author=actor, kind=kind, text=kept, thanked=thanked, files=files, poll=asked, ends_at=ends_at)
        send_out(post, groups, publish_at=publish_at, mentioned=mentioned)
    return post


def check_places(groups: Sequence[Group]) -> None:
    """Raise RefusedError where a post cannot stand in all of `groups`."""
    if not groups:
        raise RefusedError(_("Choose the group the post belongs in."), field="group", code="no_group")
    if len(groups) > 1 and any(group.privacy != Group.Privacy.OPEN for group in groups):
        text = _("What is written in a closed or hidden group stays in that group. Choose it alone.")
        raise RefusedError(text, field="group", code="stays_inside")


def _check_kind(kind: str, thanked: Employee | None, groups: Sequence[Group]) -> None:
    if kind not in Post.Kind.values:
        raise RefusedError(_("This kind of post does not exist."), field="kind", code="unknown_kind")
    if kind == Post.Kind.THANKS and thanked is None:
        raise RefusedError(_("Say whom you thank."), field="thanked", code="nobody_thanked")
    check_thanked(thanked, groups)


def check_thanked(thanked: Employee | None, groups: Sequence[Group]) -> None:
    """Raise RefusedError where the one thanked could not read it."""
    if thanked and not readers_of(*groups).filter(pk=thanked.pk).exists():
        text = _("%(name)s cannot see this group. Choose another group for the thank-you.")
        raise RefusedError(text % {"name": thanked.display_name}, field="thanked", code="cannot_see")
