from __future__ import annotations

from django.utils.translation import gettext as _

from conversations.files import StoredFile
from conversations.models import Attachment, Comment, Thread
from core.errors import RefusedError
from directory.models import Employee

MOST_ATTACHMENTS = 10


def add_attachment(
    *,
    actor: Employee,
    thread: Thread,
    stored: StoredFile,
    comment: Comment | None = None,
    position: int = 0,
) -> Attachment:
    """Attach a file to the thread or to one comment. Whoever calls has asked whether `actor` may write there."""
    if position >= MOST_ATTACHMENTS:
        text = _("At most %(count)d pictures and files fit.") % {"count": MOST_ATTACHMENTS}
        raise RefusedError(text, field="pictures", code="too_many")
    stored.write()
    return Attachment.objects.create(
        public_id=stored.public_id,
        thread=thread,
        comment=comment,
        uploaded_by=actor,
        kind=stored.kind,
        file=stored.path,
        name=stored.name,
        size=stored.size,
        content_type=stored.content_type,
        width=stored.width,
        height=stored.height,
        alternative_text=stored.alternative_text,
        position=position,
    )
