from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import UNDO, record_mentions, remove_attachments
from conversations.files import Upload, examine
from conversations.texts import MAX_POST, written
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.planning import waits_for_approval
from feed.actions.storing import add_files
from feed.models import Placement, Post, PostRevision
from groups.models import Group


def edit_post(
    *,
    actor: Employee,
    post: Post,
    text: str,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
    removed: Collection[str] = (),
) -> Post:
    """Replace the text of one's own post, keeping what it said before; add pictures and files, or take some away.

    Returns the post. `removed` are public ids of attachments. Raises PermissionDenied, HouseRulesRequiredError, and
    RefusedError, with the field, for what cannot be used.
    """
    require(actor.has_perm("feed.edit_post", post))
    require_accepted(actor)
    _require_unapproved(actor, post)
    files = [examine(upload) for upload in uploads]
    left = post.thread.attachments.filter(comment=None).exclude(public_id__in=removed)
    holds = bool(files) or left.exists() or hasattr(post, "poll")
    kept = written(text, max_length=MAX_POST, empty_is_fine=holds)
    if kept == post.text and not files and not removed:
        return post
    with transaction.atomic():
        PostRevision.objects.create(post=post, text=post.text, files_changed=bool(files or removed))
        remove_attachments(thread=post.thread, public_ids=removed)
        add_files(post, files)
        post.text, post.edited_at = kept, timezone.now()
        post.save(update_fields=["text", "edited_at"])
        record_mentions(actor=actor, thread=post.thread, comment=None, text=kept, chosen=mentioned)
    return post


@transaction.atomic
def delete_post(*, actor: Employee, post: Post) -> bool:
    """Take back one's own post, or as a moderator take it out of the groups one looks after.

    A post that stands in other groups they know of stays there. Returns whether the whole post is gone, which can be
    undone. Raises PermissionDenied.
    """
    require(actor.has_perm("feed.delete_post", post))
    if post.author_id != actor.pk:
        mine = Placement.objects.moderated_by(actor).filter(post=post)
        record_audit_event(actor=actor, verb="feed.take_down", obj=post, subject=post.author)
        # Groups the moderator knows nothing of lose what was shared to them, and change nothing of the answer.
        if Placement.objects.readable_by(actor).filter(post=post).exclude(pk__in=mine.values("pk")).exists():
            mine.delete()
            return False
    # Who was first is the one who may undo it.
    Post.objects.filter(pk=post.pk, deleted_at=None).update(deleted_at=timezone.now(), deleted_by=actor)
    post.refresh_from_db(fields=["deleted_at", "deleted_by"])
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


def _require_unapproved(actor: Employee, post: Post) -> None:
    """Raise RefusedError where moderators read first: what they let out is not changed behind their backs."""
    groups = Group.objects.filter(placements__post=post, approves_posts=True)
    if any(waits_for_approval(actor, group) for group in groups):
        text = _("This post has been let out by those who look after the group. Delete it and write a new one.")
        raise RefusedError(text, field="text", code="approved")
