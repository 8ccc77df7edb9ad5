from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.text import check_text
from directory.models import Employee
from directory.search_texts import refresh_search_texts

MAX_SKILLS = 12
MAX_LANGUAGES = 12
MAX_LENGTHS = {
    "about": 1_000,
    "nickname": 60,
    "pronunciation": 120,
    "pronoun": 30,
    "chosen_name": 100,
    "skill": 40,
    "language": 40,
}
TEXT_SIZES = (100, 112, 125)


@transaction.atomic
def change_profile(*, actor: Employee, employee: Employee, **facts: Any) -> None:
    """Change what people themselves write: about, ask_me_about, spoken_languages, nickname, pronunciation, pronoun.

    Besides, who sees their mobile number (mobile_seen_by), and of a person with a protected address `chosen_name`.
    Facts not given stay as they are. Raises
    PermissionDenied when `actor` may not, RefusedError at the field that cannot be taken, TypeError for any other
    fact: those are HR's.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    for name, value in facts.items():
        setattr(employee, name, _check(employee, name, value))
    employee.save(update_fields=[*facts])
    refresh_search_texts([employee.pk])


def hide_profile_hint(*, actor: Employee, hidden: bool = True) -> None:
    """Decline the invitation to fill in the actor's own page, for good, or take that back."""
    actor.profile_hint_hidden = hidden
    actor.save(update_fields=["profile_hint_hidden"])


def change_settings(*, actor: Employee, **wanted: Any) -> None:
    """Change the actor's own `language`, `color_scheme` or `text_size`. Raises RefusedError for what is not offered."""
    offered: dict[str, Iterable[Any]] = {
        "language": dict(settings.LANGUAGES),
        "color_scheme": Employee.ColorScheme.values,
        "text_size": TEXT_SIZES,
    }
    for name, value in wanted.items():
        setattr(actor, name, _check_offered(value, name, offered[name]))
    actor.save(update_fields=[*wanted])


def _check(employee: Employee, name: str, value: Any) -> Any:
    if name == "mobile_seen_by":
        return _check_offered(value, name, Employee.MobileSeenBy.values)
    if name == "spoken_languages":
        return _check_languages(value)
    if name == "ask_me_about":
        return _check_skills(value)
    if name == "chosen_name":
        require(employee.protected)
    if name not in MAX_LENGTHS:
        raise TypeError(f"{name} is not for people to change themselves")
    return _check_text(str(value), name, name)


def _check_offered(value: Any, field: str, offered: Iterable[Any]) -> Any:
    if value not in offered:
        raise RefusedError(_("Choose one of those offered."), field=field)
    return value


def _check_skills(skills: Iterable[Any]) -> list[str]:
    named = _check_words(skills, "skill", "ask_me_about")
    if len(named) > MAX_SKILLS:
        text = _("Choose at most %(count)d things people may ask you about.") % {"count": MAX_SKILLS}
        raise RefusedError(text, field="ask_me_about")
    return named


def _check_languages(languages: Iterable[Any]) -> list[str]:
    named = _check_words((str(name).lower() for name in languages), "language", "spoken_languages")
    if len(named) > MAX_LANGUAGES:
        text = _("Name at most %(count)d languages.") % {"count": MAX_LANGUAGES}
        raise RefusedError(text, field="spoken_languages")
    return named


def _check_words(words: Iterable[Any], kind: str, field: str) -> list[str]:
    kept = dict.fromkeys(" ".join(str(word).split()) for word in words)
    return [_check_text(word, kind, field) for word in kept if word]


def _check_text(text: str, kind: str, field: str) -> str:
    try:
        return check_text(text.strip(), max_length=MAX_LENGTHS[kind])
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=field) from error
