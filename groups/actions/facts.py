"""What an owner decides about a group, and what of it fits together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import RefusedError
from core.text import check_text
from directory.models import Employee, Organisation, OrgUnit
from groups.looks import COLORS, COVERS, ICONS
from groups.models import Group
from groups.units import units_for_groups

NAME_LENGTH = 120
PURPOSE_LENGTH = 2000
# Names of those who have seen a post are for groups in which people know each other.
MOST_NAMED = 250
Kind, Privacy, Joining, SeenBy = Group.Kind, Group.Privacy, Group.Joining, Group.SeenBy


@dataclass(frozen=True)
class GroupFacts:
    """What an owner decides about a group."""

    name: str
    purpose: str = ""
    kind: str = Kind.SUBJECT
    privacy: str = Privacy.OPEN
    # "" for what fits the privacy.
    joining: str = ""
    sensitive: bool = False
    posting: str = Group.Posting.MEMBERS
    approves_posts: bool = False
    seen_by: str = SeenBy.OFF
    open_history: bool = True
    unit: OrgUnit | None = None
    icon: str = "PersonGroup"
    color: str = "accent"
    cover: str = ""

    @classmethod
    def of(cls, group: Group) -> Self:
        """Return what has been decided about `group`."""
        return cls(**{name: getattr(group, name) for name in cls.__dataclass_fields__})


def fitting_joining(privacy: str, joining: str) -> str:
    """Return the door nearest to `joining` that a group of this privacy can have.

    A closed group lets nobody in unasked, and nobody can ask to come into one they do not know of.
    """
    if privacy == Privacy.CLOSED and joining in ("", Joining.ANYONE):
        return Joining.REQUEST
    if privacy == Privacy.SECRET and joining in ("", Joining.ANYONE, Joining.REQUEST):
        return Joining.INVITATION
    return joining or Joining.ANYONE


def checked_values(facts: GroupFacts, actor: Employee, former: Group | None = None) -> dict[str, Any]:
    """Return what is to be stored. Raises RefusedError, with its field, for what cannot be used or does not fit."""
    name = " ".join(facts.name.split())
    if not name:
        raise RefusedError(_("Give the group a name."), field="name")
    if facts.privacy not in Privacy.values:
        raise RefusedError(_("Choose who may see the group."), field="privacy")
    is_open = facts.privacy == Privacy.OPEN
    if facts.sensitive and is_open:
        message = _("In an open group anyone sees the members. Choose closed if membership is sensitive.")
        raise RefusedError(message, field="sensitive")
    kind = _one_of(facts.kind, Kind.values, "kind")
    joining = _one_of(fitting_joining(facts.privacy, facts.joining), Joining.values, "joining")
    posting = _one_of(facts.posting, Group.Posting.values, "posting")
    return {
        "name": _text(name, "name", NAME_LENGTH),
        "purpose": _text(facts.purpose.strip(), "purpose", PURPOSE_LENGTH),
        "kind": kind,
        "privacy": facts.privacy,
        "joining": joining,
        "sensitive": facts.sensitive,
        "posting": Group.Posting.OWNERS if kind == Kind.ANNOUNCEMENTS else posting,
        "approves_posts": facts.approves_posts,
        "seen_by": _seen_by(facts, former),
        # What everyone may read is not kept from those who join.
        "open_history": facts.open_history or is_open,
        "unit": _unit(facts.unit, actor, former),
        "icon": _one_of(facts.icon, [*ICONS, former and former.icon], "icon"),
        "color": _one_of(facts.color, [*COLORS, former and former.color], "color"),
        "cover": _one_of(facts.cover, ["", *COVERS, former and former.cover], "cover"),
    }


def _seen_by(facts: GroupFacts, former: Group | None) -> str:
    wanted = _one_of(facts.seen_by, SeenBy.values, "seen_by")
    if wanted == SeenBy.NAMES and facts.privacy == Privacy.OPEN:
        raise RefusedError(_("In an open group nobody is told who has seen a post. Choose how many."), field="seen_by")
    if wanted == SeenBy.OFF or (former and former.seen_by == wanted):
        return wanted
    if not Organisation.load().may_measure:
        raise RefusedError(_("Your organisation has not turned this on."), field="seen_by")
    if wanted == SeenBy.NAMES and former and former.memberships.active().count() > MOST_NAMED:
        message = _("Names can be shown in groups of at most %(number)s members.") % {"number": MOST_NAMED}
        raise RefusedError(message, field="seen_by")
    return wanted


def _unit(unit: OrgUnit | None, actor: Employee, former: Group | None) -> OrgUnit | None:
    if unit is None or (former and former.unit_id == unit.pk):
        return unit
    if not units_for_groups(actor).filter(pk=unit.pk).exists():
        raise RefusedError(_("Choose one of your own units."), field="unit")
    return unit


def _text(text: str, field: str, length: int) -> str:
    try:
        return check_text(text, max_length=length)
    except ValidationError as error:
        raise RefusedError(error.messages[0], field=field) from error


def _one_of(value: str, known: Any, field: str) -> str:
    if value not in known:
        raise RefusedError(_("Choose one of those shown."), field=field)
    return value
