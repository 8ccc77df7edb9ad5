from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.attachments import add_attachment
from conversations.actions.mentions import record_mentions
from conversations.actions.telling import tell_of_comment, tell_threads_page
from conversations.files import Upload, examine
from conversations.models import Comment, Thread
from conversations.texts import MAX_COMMENT, written
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee

# What was deleted can be brought back so long.
UNDO = datetime.timedelta(minutes=10)


def add_comment(
    *,
    actor: Employee,
    thread: Thread,
    text: str,
    parent: Comment | None = None,
    mentioned: Collection[str] = (),
    uploads: Sequence[Upload] = (),
) -> Comment:
    """Answer what the thread belongs to, or `parent`; tells those it concerns. Returns the comment.

    A reply to a reply stands beside it: there is one level. `mentioned` holds the public ids of people chosen from
    the menu; names typed in full count too. Raises PermissionDenied, HouseRulesRequiredError, and RefusedError for a
    text or picture that cannot be used.
    """
    require(actor.has_perm("conversations.comment", thread))
    require_accepted(actor)
    parent = _place_of_reply(thread, parent)
    files = [examine(upload) for upload in uploads]
    kept = written(text, max_length=MAX_COMMENT, empty_is_fine=bool(files))
    with transaction.atomic():
        comment = Comment.objects.create(thread=thread, parent=parent, author=actor, text=kept)
        for place, file in enumerate(files):
            add_attachment(actor=actor, thread=thread, comment=comment, stored=file, position=place)
        named = record_mentions(actor=actor, thread=thread, comment=comment, text=kept, chosen=mentioned)
        tell_of_comment(comment, named)
    return comment


def edit_comment(*, actor: Employee, comment: Comment, text: str, mentioned: Collection[str] = ()) -> Comment:
    """Replace the text of one's own comment; people newly named in it are told. Returns the comment.

    Raises PermissionDenied, HouseRulesRequiredError, and RefusedError for a text that cannot be used.
    """
    require(actor.has_perm("conversations.edit_comment", comment))
    require_accepted(actor)
    kept = written(text, max_length=MAX_COMMENT, empty_is_fine=comment.attachments.exists())
    with transaction.atomic():
        comment.text, comment.edited_at = kept, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        record_mentions(actor=actor, thread=comment.thread, comment=comment, text=kept, chosen=mentioned)
        tell_threads_page(comment.thread, comment)
    return comment


@transaction.atomic
def delete_comment(*, actor: Employee, comment: Comment) -> None:
    """Take back one's own comment, or as a moderator take one down. Raises PermissionDenied."""
    require(actor.has_perm("conversations.delete_comment", comment))
    # Who was first is the one who may undo it.
    Comment.objects.filter(pk=comment.pk, deleted_at=None).update(deleted_at=timezone.now(), deleted_by=actor)
    comment.refresh_from_db(fields=["deleted_at", "deleted_by"])
    tell_threads_page(comment.thread, comment)


@transaction.atomic
def restore_comment(*, actor: Employee, comment: Comment) -> None:
    """Undo one's own deletion of a comment while it is fresh. Raises PermissionDenied or RefusedError."""
    require(actor.has_perm("conversations.restore_comment", comment))
    if comment.deleted_at is None or timezone.now() - comment.deleted_at > UNDO:
        raise RefusedError(_("It is too late to undo this."), code="too_late")
    comment.deleted_at = comment.deleted_by = None
    comment.save(update_fields=["deleted_at", "deleted_by"])
    tell_threads_page(comment.thread, comment)


def _place_of_reply(thread: Thread, parent: Comment | None) -> Comment | None:
    if parent is None:
        return None
    if parent.thread_id != thread.pk or not parent.is_standing:
        raise RefusedError(_("The comment you answer is no longer there."), field="parent", code="gone")
    return parent.parent or parent
