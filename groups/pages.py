"""A group's page worked out: its head, its tabs, the people in it. A constant number of queries each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.fragments import is_filled
from core.policies import annotate_allowed
from core.templatetags.tunet import spaced
from directory.finding import search_people
from directory.models import Employee
from groups.contacts import Contact, local_contacts
from groups.models import Group, Invitation, Membership, Takeover
from groups.querysets import IN_USE_DAYS, GroupQuerySet
from groups.reasons import word_reason

FACES = 5
MEMBERS_PER_PAGE = 50
GROUPS_PER_PAGE = 40
SUGGESTIONS = 6


def groups_with_rights(employee: Employee) -> GroupQuerySet:
    """Return the groups `employee` may know of, with what they may do in each, and the number of members."""
    groups: Any = annotate_allowed(
        Group.objects.visible_to(employee).select_related("unit"),
        employee,
        may_write="groups.write",
        may_join="groups.join",
        may_ask="groups.ask_to_join",
        may_follow="groups.follow",
        may_invite="groups.invite",
        may_add="groups.add_members",
        may_manage="groups.manage",
        may_moderate="groups.moderate",
    )
    return groups.with_member_count().with_ties_of(employee)  # type: ignore[no-any-return]


@dataclass
class Head:
    """What stands on top of every page of a group."""

    group: Any
    membership: Membership | None
    has_asked: bool = False
    invitation: Invitation | None = None
    owners: list[Employee] = field(default_factory=list)
    # A colleague who offers to look after the group that has no owner.
    offer: Takeover | None = None
    faces: list[Employee] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def may_read(self) -> bool:
        """Whether posts and members are for this reader."""
        return bool(self.group.privacy == Group.Privacy.OPEN or self.membership)

    @property
    def shows_count(self) -> bool:
        """Whether the reader may know how many the members are."""
        return not self.group.sensitive or self.membership is not None

    @property
    def reason(self) -> str:
        """Why the reader is a member, in words."""
        return word_reason(self.membership.reason) if self.membership else ""

    @property
    def who(self) -> str:
        """«Kari, Mohammed og 62 andre»."""
        names = [person.given_name for person in self.faces[:2]]
        others = self.group.member_count - len(names)
        if not names or others < 1:
            return _(" and ").join(names)
        text = ngettext("%(names)s and %(count)s other", "%(names)s and %(count)s others", others)
        return text % {"names": ", ".join(names), "count": spaced(others)}

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The choices of how much to be told, and which one it is."""
        chosen = self.membership.notification_level if self.membership else ""
        return [
            {"value": value, "name": name, "active": value == chosen}
            for value, name in Membership.NotificationLevel.choices
        ]

    @property
    def level_name(self) -> str:
        """The reader's own choice in words."""
        return self.membership.get_notification_level_display() if self.membership else ""

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the reader, an owner, is to be asked if the group is still in use."""
        since = timezone.now() - datetime.timedelta(days=IN_USE_DAYS)
        return bool(self.group.may_manage and not self.group.is_archived and self.group.in_use_at < since)

    @property
    def is_orphaned(self) -> bool:
        """Whether the reader, a member, is told that nobody owns the group."""
        return self.membership is not None and not self.owners

    @property
    def seen_by_words(self) -> str:
        """What members are told of who has seen posts; "" for others, and where it is off."""
        if self.membership is None:
            return ""
        return {
            Group.SeenBy.COUNT: _("Members are told how many have seen a post here."),
            Group.SeenBy.NAMES: _("Members are told how many have seen a post here, and who."),
        }.get(self.group.seen_by, "")

    @property
    def write_url(self) -> str:
        """Where to write a post here; "" where the reader may not, or where there is no feed."""
        if not self.group.may_write:
            return ""
        try:
            return f"{reverse('new_post')}?group={self.group.public_id}&page={self.group.public_id}"
        except NoReverseMatch:
            return ""


def build_head(group: Any, employee: Employee, tab: str, file_count: str = "") -> Head:
    """Return the head of `group`, which comes from `groups_with_rights`; `file_count` stands on the tab of files."""
    head = Head(group, Membership.objects.filter(group=group, employee=employee).first())
    head.owners = [one.employee for one in _first(group, Membership.objects.filter(role="owner"))]
    if head.may_read:
        head.faces = [one.employee for one in _first(group, Membership.objects.filter(employee__protected=False))]
        head.tabs = _tabs(head, tab, file_count)
    if head.is_orphaned:
        head.offer = Takeover.objects.standing().filter(group=group).select_related("employee").first()
    if group.is_invited:
        head.invitation = (
            Invitation.objects.visible_to(employee).filter(group=group).select_related("invited_by").first()
        )
    elif group.may_ask:
        head.has_asked = employee.membership_requests.filter(group=group, answered_at=None).exists()
    return head


def people_to_ask(head: Head) -> list[Contact]:
    """Return the owners and, where the group belongs to a unit, its superuser and safety representative."""
    contacts = [Contact(person, _("Owner of the group")) for person in head.owners[:3]]
    known = {contact.person.pk for contact in contacts}
    return contacts + [one for one in local_contacts(head.group.unit) if one.person.pk not in known]


@dataclass
class MembersPage:
    """A page of members."""

    memberships: list[Membership]
    next_from: int | None


def members_page(group: Group, text: str, start: int) -> MembersPage:
    """Return members from number `start`, those who run the group first; with `text`, those named so."""
    members = Membership.objects.filter(group=group).active().helpers_first()
    if text:
        members = members.named(text)
    found = list(members[start : start + MEMBERS_PER_PAGE + 1])
    more = len(found) > MEMBERS_PER_PAGE
    return MembersPage(found[:MEMBERS_PER_PAGE], start + MEMBERS_PER_PAGE if more else None)


def people_to_add(group: Group, employee: Employee, text: str) -> list[Employee]:
    """Return colleagues who fit `text` and are not members yet."""
    people = Employee.objects.active().visible_to(employee).filter(protected=False)
    others = people.exclude(pk__in=group.memberships.values("employee_id"))
    found: list[Employee] = Employee.objects.with_job().at(search_people(others, text, employee, stop=8).ids)
    return found


def _first(group: Group, memberships: QuerySet[Membership]) -> list[Membership]:
    found = memberships.filter(group=group, employee__is_active=True).select_related("employee")
    return list(found.order_by("-role", "pk")[:FACES])


def _tabs(head: Head, tab: str, file_count: str) -> list[dict[str, Any]]:
    at = [head.group.public_id, head.group.slug]
    shown = {"name": _("Files"), "url": reverse("group_files", args=at), "active": tab == "files", "count": file_count}
    files = [shown] if is_filled("group.files") else []
    return [
        {"name": _("Posts"), "url": reverse("group", args=at), "active": tab == "posts", "count": None},
        {
            "name": _("Members"),
            "url": reverse("group_members", args=at),
            "active": tab == "members",
            "count": head.group.member_count,
        },
        *files,
        {"name": _("About the group"), "url": reverse("group_about", args=at), "active": tab == "about", "count": None},
    ]
