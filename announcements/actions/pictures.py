"""The picture of a draft."""

from __future__ import annotations

from django.db import transaction

from announcements.actions.writing import require_draft
from announcements.models import Announcement
from conversations.actions import add_attachment
from conversations.files import StoredFile
from conversations.models import Attachment
from core.errors import require
from core.public_ids import new_public_id
from directory.models import Employee


@transaction.atomic
def set_picture(*, actor: Employee, announcement: Announcement, picture: StoredFile) -> Attachment:
    """Let a draft carry this picture in place of the one it had."""
    remove_picture(actor=actor, announcement=announcement)
    return add_attachment(actor=actor, thread=announcement.thread, stored=picture)


@transaction.atomic
def remove_picture(*, actor: Employee, announcement: Announcement) -> bool:
    """Take the picture off a draft; return whether there was one."""
    require(actor.has_perm("announcements.manage", announcement))
    require_draft(announcement)
    return bool(announcement.thread.attachments.filter(comment=None).delete()[0])


@transaction.atomic
def describe_picture(*, actor: Employee, announcement: Announcement, text: str) -> None:
    """Say what the picture shows, for those who do not see it; nothing for a picture that only decorates."""
    require(actor.has_perm("announcements.manage", announcement))
    announcement.thread.attachments.filter(comment=None).update(alternative_text=text[:500])


def copy_picture(source: Announcement, draft: Announcement) -> None:
    """Let `draft` carry the picture of `source`, if it has one. The stored file is shared."""
    for picture in source.thread.attachments.filter(kind=Attachment.Kind.PICTURE, comment=None):
        picture.pk, picture.public_id, picture.thread = None, new_public_id(), draft.thread
        picture.save(force_insert=True)
