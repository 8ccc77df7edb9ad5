from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.text import check_text
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee, OrgUnit
from groups.looks import COLORS, COVERS, ICONS
from groups.models import Group, Membership

NAME_LENGTH = 120
PURPOSE_LENGTH = 2000


@dataclass(frozen=True)
class GroupFacts:
    """What an owner decides about a group."""

    name: str
    purpose: str = ""
    privacy: str = Group.Privacy.OPEN
    sensitive: bool = False
    posting: str = Group.Posting.MEMBERS
    icon: str = "PersonGroup"
    color: str = "accent"
    cover: str = ""


@transaction.atomic
def create_group(*, actor: Employee, facts: GroupFacts, unit: OrgUnit | None = None) -> Group:
    """Start a group with `actor` as its owner, and log it.

    Raises PermissionDenied without the right (a secret group needs one of its own), RefusedError when the name is
    missing or something does not fit together. A name that is taken is no hindrance: names need not be unique.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.create"))
    if facts.privacy == Group.Privacy.SECRET:
        require(actor.has_perm("groups.create_secret"))
    group = Group.objects.create(created_by=actor, unit=unit, **_checked(facts))
    Membership.objects.create(
        group=group, employee=actor, role=Membership.Role.OWNER, notification_level=Membership.NotificationLevel.ALL
    )
    record_audit_event(actor=actor, verb="groups.created", obj=group, facts={"privacy": group.privacy})
    return group


@transaction.atomic
def change_group(*, actor: Employee, group: Group, facts: GroupFacts) -> Group:
    """Store what an owner has decided; a change of who may see the group is logged.

    Raises PermissionDenied for others than owners and for making a group secret without the right, RefusedError when
    something does not fit together.
    """
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    former = Group.objects.select_for_update().get(pk=group.pk)
    if facts.privacy == Group.Privacy.SECRET != former.privacy:
        require(actor.has_perm("groups.create_secret"))
    values = _checked(facts, former)
    for name, value in values.items():
        setattr(group, name, value)
    group.save(update_fields=list(values))
    _log_visibility(actor, former, group)
    return group


@transaction.atomic
def archive_group(*, actor: Employee, group: Group) -> None:
    """Let the group be read only. Raises PermissionDenied for others than owners."""
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    if group.archived_at is None:
        group.archived_at = timezone.now()
        group.save(update_fields=["archived_at"])
        record_audit_event(actor=actor, verb="groups.archived", obj=group)


@transaction.atomic
def reopen_group(*, actor: Employee, group: Group) -> None:
    """Let members write again. Raises PermissionDenied for others than owners."""
    require_accepted(actor)
    require(actor.has_perm("groups.manage", group))
    if group.archived_at is not None:
        group.archived_at = None
        group.save(update_fields=["archived_at"])
        record_audit_event(actor=actor, verb="groups.reopened", obj=group)


def _log_visibility(actor: Employee, former: Group, group: Group) -> None:
    if former.privacy != group.privacy:
        facts = {"from": former.privacy, "to": group.privacy}
        record_audit_event(actor=actor, verb="groups.privacy_changed", obj=group, facts=facts)
    if former.sensitive != group.sensitive:
        record_audit_event(
            actor=actor, verb="groups.sensitive_changed", obj=group, facts={"sensitive": group.sensitive}
        )


def _checked(facts: GroupFacts, former: Group | None = None) -> dict[str, Any]:
    name = " ".join(facts.name.split())
    if not name:
        raise RefusedError(_("Give the group a name."), field="name")
    if facts.privacy not in Group.Privacy.values:
        raise RefusedError(_("Choose who may see the group."), field="privacy")
    if facts.sensitive and facts.privacy == Group.Privacy.OPEN:
        message = _("In an open group anyone sees the members. Choose closed if membership is sensitive.")
        raise RefusedError(message, field="sensitive")
    return {
        "name": _text(name, "name", NAME_LENGTH),
        "purpose": _text(facts.purpose.strip(), "purpose", PURPOSE_LENGTH),
        "privacy": facts.privacy,
        "sensitive": facts.sensitive,
        "posting": _one_of(facts.posting, Group.Posting.values, "posting"),
        "icon": _one_of(facts.icon, [*ICONS, former and former.icon], "icon"),
        "color": _one_of(facts.color, [*COLORS, former and former.color], "color"),
        "cover": _one_of(facts.cover, ["", *COVERS, former and former.cover], "cover"),
    }


def _text(text: str, field: str, length: int) -> str:
    try:
        return check_text(text, max_length=length)
    except ValidationError as error:
        raise RefusedError(error.messages[0], field=field) from error


def _one_of(value: str, known: Any, field: str) -> str:
    if value not in known:
        raise RefusedError(_("Choose one of those shown."), field=field)
    return value
