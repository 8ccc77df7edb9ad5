from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import add_attachment, open_thread, record_mentions
from conversations.files import StoredFile, Upload, examine
from conversations.models import Thread
from conversations.readers import readers_of
from conversations.texts import MAX_POST, written
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.telling import tell_of_post, tell_of_thanks
from feed.models import Placement, Post, PostRevision
from groups.models import Group
from groups.signals import posted_in_group

UNDO = datetime.timedelta(minutes=10)


def publish_post(
    *,
    actor: Employee,
    groups: Sequence[Group],
    text: str,
    kind: str = Post.Kind.POST,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
    thanked: Employee | None = None,
) -> Post:
    """Publish a post in `groups` (several only where all are open) and return it.

    Tells the people mentioned and the one thanked, and wakes the members' open pages. Raises PermissionDenied where
    `actor` may not write, HouseRulesRequiredError, and RefusedError, with the field, for what cannot be used.
    """
    for group in groups:
        require(actor.has_perm("groups.write", group))
    require_accepted(actor)
    _check_places(groups)
    _check_kind(kind, thanked, groups)
    files = [examine(upload) for upload in uploads]
    kept = written(text, max_length=MAX_POST, empty_is_fine=bool(files))
    with transaction.atomic():
        thread = open_thread(owner_kind="post")
        post = Post.objects.create(
            author=actor, thread=thread, kind=kind, text=kept, thanked=thanked, language=actor.language
        )
        _place(post, groups)
        _attach(actor, thread, files)
        record_mentions(actor=actor, thread=thread, comment=None, text=kept, chosen=mentioned)
        tell_of_thanks(post)
        tell_of_post(post, groups)
        transaction.on_commit(
            lambda: posted_in_group.send_robust(sender=Group, employee=actor, group=groups[0] if groups else None)
        )
    return post


def edit_post(*, actor: Employee, post: Post, text: str, mentioned: Collection[str] = ()) -> Post:
    """Replace the text of one's own post, keeping what it said before. Returns the post.

    Raises PermissionDenied, HouseRulesRequiredError, and RefusedError for a text that cannot be used.
    """
    require(actor.has_perm("feed.edit_post", post))
    require_accepted(actor)
    kept = written(text, max_length=MAX_POST, empty_is_fine=post.thread.attachments.exists())
    if kept == post.text:
        return post
    with transaction.atomic():
        PostRevision.objects.create(post=post, text=post.text)
        post.text, post.edited_at = kept, timezone.now()
        post.save(update_fields=["text", "edited_at"])
        record_mentions(actor=actor, thread=post.thread, comment=None, text=kept, chosen=mentioned)
    return post


@transaction.atomic
def delete_post(*, actor: Employee, post: Post) -> bool:
    """Take back one's own post, or as a moderator take it out of the groups one looks after.

    A post that stands in other groups too stays there. Returns whether the whole post is gone, which can be undone.
    Raises PermissionDenied.
    """
    require(actor.has_perm("feed.delete_post", post))
    if post.author_id != actor.pk:
        moderated = actor.memberships.filter(role__in=["owner", "moderator"]).values("group_id")
        mine = post.placements.filter(group__in=moderated)
        record_audit_event(actor=actor, verb="feed.take_down", obj=post, subject=post.author)
        if post.placements.exclude(pk__in=mine.values("pk")).exists():
            mine.delete()
            return False
    post.deleted_at, post.deleted_by = timezone.now(), actor
    post.save(update_fields=["deleted_at", "deleted_by"])
    return True


@transaction.atomic
def restore_post(*, actor: Employee, post: Post) -> Post:
    """Undo one's own deletion while it is fresh. Returns the post; raises PermissionDenied or RefusedError."""
    require(actor.has_perm("feed.restore_post", post))
    if post.deleted_at is None or timezone.now() - post.deleted_at > UNDO:
        raise RefusedError(_("It is too late to undo this."), code="too_late")
    post.deleted_at = post.deleted_by = None
    post.save(update_fields=["deleted_at", "deleted_by"])
    return post


def _check_places(groups: Sequence[Group]) -> None:
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
    if thanked and not readers_of(*groups).filter(pk=thanked.pk).exists():
        text = _("%(name)s cannot see this group. Choose another group for the thank-you.")
        raise RefusedError(text % {"name": thanked.display_name}, field="thanked", code="cannot_see")


def _place(post: Post, groups: Sequence[Group]) -> None:
    Placement.objects.bulk_create(
        [Placement(post=post, group=group, published_at=post.created_at, placed_by=post.author) for group in groups]
    )


def _attach(actor: Employee, thread: Thread, files: Sequence[StoredFile]) -> None:
    for position, stored in enumerate(files):
        add_attachment(actor=actor, thread=thread, stored=stored, position=position)
