"""Looking over what leaders, HR and desks type about new colleagues, and to them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import RefusedError
from core.national_ids import holds_national_id
from core.text import check_visible
from onboarding.hr_file.messages import word
from onboarding.hr_file.tidying import UnreadableError, check_name


def checked(text: str, *, field: str, max_length: int, required: bool = True) -> str:
    """Return `text` without space around it.

    Raises RefusedError at `field` for one that is missing, too long, cannot be stored, or holds hidden characters or
    an identity number.
    """
    try:
        kept = check_visible(text.strip(), max_length=max_length)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=field) from error
    if required and not any(character.isprintable() and character != " " for character in kept):
        raise RefusedError(_("Write a few words."), field=field)
    if holds_national_id(kept):
        raise RefusedError(_("Take out the national identity number. It must not stand here."), field=field)
    return kept


def checked_line(text: str, *, field: str, max_length: int, required: bool = True) -> str:
    """Return the same as one line."""
    return checked(" ".join(text.split()), field=field, max_length=max_length, required=required)


def checked_name(text: str, *, max_length: int) -> str:
    """Return a name as one line. Raises RefusedError at "name" for what HR's file cannot bring as one either."""
    name = checked_line(text, field="name", max_length=max_length)
    try:
        check_name(name)
    except UnreadableError as error:
        raise RefusedError(word(error.code, {"field": _("Name"), "value": name}), field="name") from error
    return name
