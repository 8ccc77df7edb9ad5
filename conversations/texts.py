"""What may be written in a thread: not nothing, not without end, nothing that cannot be stored."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import RefusedError
from core.text import check_text

MAX_COMMENT = 5_000
MAX_POST = 20_000


def written(text: str, *, max_length: int, empty_is_fine: bool = False) -> str:
    """Return `text` as typed, without space around it. Raises RefusedError at `text` when it cannot be used.

    `empty_is_fine` where a picture says it all.
    """
    try:
        kept = check_text(text.replace("\r\n", "\n").strip(), max_length=max_length)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="text", code=str(error.code)) from None
    if not kept and not empty_is_fine:
        raise RefusedError(_("Write something first."), field="text", code="empty")
    return kept
