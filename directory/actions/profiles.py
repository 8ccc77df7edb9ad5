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
MAX_LENGTHS = {"about": 1_000, "spoken_languages": 200, "pronoun": 30, "chosen_name": 100, "skill": 40}
TEXT_SIZES = (100, 112, 125)


@transaction.atomic
def change_profile(*, actor: Employee, employee: Employee, **facts: Any) -> None:
    """Change what people themselves write about: about, ask_me_about, spoken_languages, pronoun, mobile_visible.

    `chosen_name` too, for a person with a protected address. Facts not given stay as they are. Raises
    PermissionDenied when `actor` may not, RefusedError at the field that cannot be taken, TypeError for any other
    fact: those are HR's.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    for name, value in facts.items():
        setattr(employee, name, _check(employee, name, value))
    employee.save(update_fields=[*facts])
    refresh_search_texts([employee.pk])


def change_settings(*, actor: Employee, **wanted: Any) -> None:
    """Change the actor's own `language`, `color_scheme` or `text_size`. Raises RefusedError for what is not offered."""
    offered: dict[str, Iterable[Any]] = {
        "language": dict(settings.LANGUAGES),
        "color_scheme": Employee.ColorScheme.values,
        "text_size": TEXT_SIZES,
    }
    for name, value in wanted.items():
        if value not in offered[name]:
            raise RefusedError(_("Choose one of those offered."), field=name)
        setattr(actor, name, value)
    actor.save(update_fields=[*wanted])


def _check(employee: Employee, name: str, value: Any) -> Any:
    if name == "mobile_visible":
        return bool(value)
    if name == "ask_me_about":
        return _check_skills(value)
    if name == "chosen_name":
        require(employee.protected)
    if name not in MAX_LENGTHS:
        raise TypeError(f"{name} is not for people to change themselves")
    return _check_text(str(value), name, name)


def _check_skills(skills: Iterable[Any]) -> list[str]:
    kept = dict.fromkeys(" ".join(str(skill).split()) for skill in skills)
    named = [_check_text(skill, "skill", "ask_me_about") for skill in kept if skill]
    if len(named) > MAX_SKILLS:
        text = _("Choose at most %(count)d things people may ask you about.") % {"count": MAX_SKILLS}
        raise RefusedError(text, field="ask_me_about")
    return named


def _check_text(text: str, kind: str, field: str) -> str:
    try:
        return check_text(text.strip(), max_length=MAX_LENGTHS[kind])
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=field) from error
