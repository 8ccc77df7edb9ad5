from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions import remove_attachments
from conversations.files import StoredFile, Upload, examine
from conversations.texts import MAX_POST, written
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee, OrgUnit
from feed.actions.lines import check_thanked_in_line
from feed.actions.moments import check_moment
from feed.actions.planning import call_in, lock_waiting, send_out
from feed.actions.publishing import check_places, check_thanked
from feed.actions.storing import add_files
from feed.models import PlannedPlacement, Post
from groups.models import Group


def change_planned(
    *,
    actor: Employee,
    planned: PlannedPlacement,
    groups: Sequence[Group],
    unit: OrgUnit | None = None,
    text: str,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
    removed: Collection[str] = (),
    publish_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> Post:
    """Change one's own post while it waits, and return it: text, pictures and files, times, places.

    It is sent anew: it comes out at once where it waits for nothing any more, and moderators look at what it says now.
    `removed` are the public ids of attachments to take away. Its kind and its poll stay. Raises PermissionDenied,
    HouseRulesRequiredError, and RefusedError, with the field, for what cannot be used and when it has come out.
    """
    require(planned.post.author_id == actor.pk)
    for group in groups:
        require(actor.has_perm("groups.write", group))
    require(unit is None or actor.has_perm("feed.write_to_line", unit))
    require_accepted(actor)
    _check(planned.post, groups, unit, publish_at, ends_at)
    files = [examine(upload) for upload in uploads]
    with transaction.atomic():
        post = lock_waiting(planned)[0].post
        if post.placements.exists():
            raise RefusedError(_("The post has come out in the meantime."), code="conflict")
        _rewrite(post, text, files, removed, ends_at)
        call_in(post)
        post.thread.mentions.filter(comment=None).delete()
        send_out(post, groups, unit, publish_at=publish_at, mentioned=mentioned)
    return post


def _check(
    post: Post,
    groups: Sequence[Group],
    unit: OrgUnit | None,
    publish_at: datetime.datetime | None,
    ends_at: datetime.datetime | None,
) -> None:
    check_moment(publish_at, field="publish_at")
    check_moment(ends_at, field="ends_at", after=publish_at)
    poll = getattr(post, "poll", None)
    if publish_at and poll and poll.closes_at and poll.closes_at <= publish_at:
        raise RefusedError(_("Its poll closes before that. Choose an earlier moment."), field="publish_at")
    if unit:
        check_thanked_in_line(post.thanked, unit, post.author)
    else:
        check_places(groups)
        check_thanked(post.thanked, groups)


def _rewrite(
    post: Post,
    text: str,
    files: Sequence[StoredFile],
    removed: Collection[str],
    ends_at: datetime.datetime | None,
) -> None:
    remove_attachments(thread=post.thread, public_ids=removed)
    holds = bool(files) or post.thread.attachments.filter(comment=None).exists() or hasattr(post, "poll")
    post.text, post.ends_at = written(text, max_length=MAX_POST, empty_is_fine=holds), ends_at
    post.save(update_fields=["text", "ends_at"])
    add_files(post, files)
