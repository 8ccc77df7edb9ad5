from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.files import Upload, examine
from conversations.texts import MAX_POST, written
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee, OrgUnit
from feed.actions.moments import check_moment
from feed.actions.planning import send_out
from feed.actions.polls import PollFacts, check_poll
from feed.actions.storing import store_post
from feed.models import Post
from feed.readers import readers_of_line

# A question whose answer is sought, and a stand-in, belong in groups.
LINE_KINDS = (Post.Kind.POST, Post.Kind.THANKS)


def publish_to_line(
    *,
    actor: Employee,
    unit: OrgUnit,
    text: str,
    kind: str = Post.Kind.POST,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
    thanked: Employee | None = None,
    poll: PollFacts | None = None,
    publish_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> Post:
    """Publish a post to everyone who works in `unit` or below it («min linje») and return it.

    With `publish_at` it waits for its time: until then it stands nowhere and is a `PlannedPlacement`.
    Raises PermissionDenied where `actor` does not lead the unit, HouseRulesRequiredError, and RefusedError, with the
    field, for what cannot be used.
    """
    require(actor.has_perm("feed.write_to_line", unit))
    require_accepted(actor)
    _check_kind(kind, thanked, unit, actor)
    check_moment(publish_at, field="publish_at")
    check_moment(ends_at, field="ends_at", after=publish_at)
    asked = check_poll(poll, begins_at=publish_at) if poll else None
    files = [examine(upload) for upload in uploads]
    kept = written(text, max_length=MAX_POST, empty_is_fine=bool(files or asked))
    with transaction.atomic():
        post = store_post(author=actor, kind=kind, text=kept, thanked=thanked, files=files, poll=asked, ends_at=ends_at)
        send_out(post, unit=unit, publish_at=publish_at, mentioned=mentioned)
    return post


def _check_kind(kind: str, thanked: Employee | None, unit: OrgUnit, actor: Employee) -> None:
    if kind not in LINE_KINDS:
        raise RefusedError(_("Questions and stand-ins belong in a group."), field="kind", code="unknown_kind")
    if kind == Post.Kind.THANKS and thanked is None:
        raise RefusedError(_("Say whom you thank."), field="thanked", code="nobody_thanked")
    check_thanked_in_line(thanked, unit, actor)


def check_thanked_in_line(thanked: Employee | None, unit: OrgUnit, actor: Employee) -> None:
    """Raise RefusedError where the one thanked could not read what is written to the unit."""
    if thanked and not readers_of_line(unit, actor).filter(pk=thanked.pk).exists():
        text = _("%(name)s does not work in this unit. Choose a group for the thank-you.")
        raise RefusedError(text % {"name": thanked.display_name}, field="thanked", code="cannot_see")
