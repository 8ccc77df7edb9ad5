"""What groups tell people: who asks to join, answers, invitations, being put in, and what changes for all members."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.models import Employee
from groups.models import Group, Invitation, MembershipRequest
from groups.models.groups import JUST_JOINED
from notifications.kinds import Bundle, NotificationKind, notification_kind

# What stands in an address where the group's name does otherwise.
NAMELESS = "-"

T = TypeVar("T", bound=Group | Invitation | MembershipRequest)


class GroupKind(NotificationKind[T]):
    """About a group. Outside Tunet a hidden or sensitive one is named only to those who chose so."""

    templates = "groups/notifications"
    topic = "groups"
    icon = "PersonGroup"

    def is_closed(self, target: T) -> bool:
        return is_unnamed(_group_of(target))

    def render(self, part: str, bundle: Bundle, target: T, **context: Any) -> str:
        name = name_outside(_group_of(target), reveal=part == "html" or bool(context.get("reveal")))
        return super().render(part, bundle, target, group_name=name, **context)

    def url(self, bundle: Bundle, target: T) -> str:
        return address_outside(_group_of(target))


def is_unnamed(group: Group) -> bool:
    """Say whether not even the group's name leaves Tunet, unless its reader chose so."""
    return group.sensitive or group.privacy == Group.Privacy.SECRET


def name_outside(group: Group, *, reveal: bool) -> str:
    """Return what the group is called in a message; `reveal` where its reader may be told."""
    return group.name if reveal or not is_unnamed(group) else _("a hidden group")


def address_outside(group: Group, page: str = "group") -> str:
    """Return where one of the group's pages is found, without its name, which mail servers and locked screens may read.

    It leads on to the page's usual address.
    """
    return reverse(page, args=[group.public_id, NAMELESS])


def _group_of(target: Group | Invitation | MembershipRequest) -> Group:
    return target if isinstance(target, Group) else target.group


@notification_kind
class MembershipRequestKind(GroupKind[MembershipRequest]):
    """«Amina ber om å bli med i Nattvakter», to those who run the group, until one of them has answered."""

    key = "membership_request"
    icon = "PersonPlus"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, MembershipRequest]:
        requests = MembershipRequest.objects.answerable_by(reader).filter(pk__in=ids)
        return {request.pk: request for request in requests.select_related("group", "employee")}

    def url(self, bundle: Bundle, target: MembershipRequest) -> str:
        return f"{address_outside(target.group, 'group_members')}#requests"


@notification_kind
class MembershipAnswerKind(GroupKind[MembershipRequest]):
    """«Kari slapp deg inn i Nattvakter», to the one who asked."""

    key = "membership_answer"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, MembershipRequest]:
        visible = Group.objects.visible_to(reader)
        answered = MembershipRequest.objects.filter(pk__in=ids, employee=reader, group__in=visible)
        return {request.pk: request for request in answered.select_related("group")}

    def url(self, bundle: Bundle, target: MembershipRequest) -> str:
        return f"{super().url(bundle, target)}{JUST_JOINED if target.accepted else ''}"


@notification_kind
class MembershipAddedKind(GroupKind[Group]):
    """«Kari meldte deg inn i Nattvakter», while one is a member."""

    key = "membership_added"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        return {group.pk: group for group in Group.objects.of_member(reader).filter(pk__in=ids)}

    def url(self, bundle: Bundle, target: Group) -> str:
        return f"{super().url(bundle, target)}{JUST_JOINED}"


@notification_kind
class GroupInvitationKind(GroupKind[Invitation]):
    """«Kari inviterer deg til Nattvakter», until one has answered."""

    key = "group_invitation"
    icon = "PersonPlus"
    email_after = datetime.timedelta(days=1)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Invitation]:
        invitations = Invitation.objects.visible_to(reader).filter(pk__in=ids)
        return {invitation.pk: invitation for invitation in invitations.select_related("group")}


@notification_kind
class GroupPrivacyKind(GroupKind[Group]):
    """«Kari gjorde Nattvakter åpen», to its members: others may see it now than before."""

    key = "group_privacy"
    may_leave_inbox = True
    icon = "Eye"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        return {group.pk: group for group in Group.objects.of_member(reader).filter(pk__in=ids)}

    def url(self, bundle: Bundle, target: Group) -> str:
        return address_outside(target, "group_about")


@notification_kind
class GroupTakenOverKind(GroupKind[Group]):
    """«Kari ser nå etter Nattvakter», to its members, when a group that had no owner gets one."""

    key = "group_taken_over"
    may_leave_inbox = True

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        return {group.pk: group for group in Group.objects.of_member(reader).filter(pk__in=ids)}

    def url(self, bundle: Bundle, target: Group) -> str:
        return address_outside(target, "group_about")


@notification_kind
class GroupInUseKind(GroupKind[Group]):
    """«Er Nattvakter fortsatt i bruk?», to its owners once a year, until one of them has answered."""

    key = "group_in_use"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Group]:
        owned = reader.memberships.filter(role="owner", group__in=ids).values("group_id")
        return {group.pk: group for group in Group.objects.unconfirmed().filter(pk__in=owned)}
