"""What every page's frame shows: places, the person's groups, counts. Worked out before the template runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from announcements.inbox_sources import has_critical
from announcements.models import Announcement
from core.fragments import render_slot
from core.prepared import Prepared
from directory.models import Employee, Organisation
from directory.shared_devices import is_shared, seconds_allowed
from feed.unread import MOST_COUNTED, unread_count
from groups.models import Group, Membership
from notifications.devices.reading import push_offer
from notifications.inbox import count_unread
from onboarding.models import Correction


@dataclass
class Place:
    """One entry of the navigation."""

    name: str
    url: str
    icon: str
    active: bool = False
    count: int = 0

    @property
    def icon_fill(self) -> str:
        """The filled icon, for the place one is in."""
        return f"{self.icon}Fill"


@dataclass
class OwnGroup:
    """One of the person's groups, and how many posts there are new."""

    group: Group
    count: str


@dataclass
class Shell:
    """The frame round a page."""

    places: list[Place] = field(default_factory=list)
    admin_places: list[Place] = field(default_factory=list)
    groups: list[OwnGroup] = field(default_factory=list)
    # What is new in every group of the person's, by the group: asked for where a page tells it.
    new_posts: Any = field(default_factory=dict)
    me_places: list[Place] = field(default_factory=list)
    settings_url: str = ""
    all_groups_url: str = ""
    foot_places: list[Place] = field(default_factory=list)
    unread: int = 0
    # On a device that several people use: after how many seconds without a touch it is left.
    shared_seconds: int = 0
    # What push.js subscribes with, where this device may show notifications.
    push: str = ""
    # What is drawn at the top of the window, on every page.
    band: str = ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` and `organisation`, worked out once however many templates a page is made of.

    Fragments for htmx get neither (and cost no query).
    """
    if not hasattr(request, "shell_context"):
        request.shell_context = _context(request)  # type: ignore[attr-defined]
    known: dict[str, Any] = request.shell_context  # type: ignore[attr-defined]
    return known


def _context(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "htmx", False):
        return {"shell": Shell(), "organisation": SimpleLazyObject(Organisation.load)}
    user = getattr(request, "user", None)
    frame = _frame(request, user) if isinstance(user, Employee) else Shell()
    return {"shell": frame, "organisation": Organisation.load()}


def _frame(request: HttpRequest, employee: Employee) -> Shell:
    unread = count_unread(employee)
    return Shell(
        places=_places(request, unread),
        admin_places=_admin_places(request, employee),
        groups=_own_groups(employee),
        new_posts=SimpleLazyObject(lambda: _new_posts(employee)),
        me_places=_me_places(request),
        settings_url=_address("settings"),
        all_groups_url=_address("groups"),
        foot_places=[Place(_("Accessibility"), _address("accessibility"), "")],
        unread=unread,
        shared_seconds=seconds_allowed() if is_shared(request) else 0,
        push=push_offer(request),
        band=render_slot("page.band", request) if has_critical(employee) else "",
    )


def _memberships(_: None, employee_id: int) -> QuerySet[Membership]:
    mine = Membership.objects.filter(employee=employee_id, group__archived_at__isnull=True).standing()
    return mine.select_related("group").annotate(unread=unread_count()).order_by("may_leave", "joined_at", "pk")[:8]


# On every page.
_OWN_GROUPS: Prepared[Membership] = Prepared(_memberships)


def _own_groups(employee: Employee) -> list[OwnGroup]:
    """The first groups of the person. Of muted ones it is not told what is new."""
    shown: Any = _OWN_GROUPS.ask(None, [employee.pk])
    return [OwnGroup(one.group, "" if one.muted_at else _told(one.unread)) for one in shown]


def _new_posts(employee: Employee) -> dict[int, str]:
    memberships = employee.memberships.standing().filter(group__archived_at__isnull=True, muted_at__isnull=True)
    found: Any = memberships.annotate(unread=unread_count()).values_list("group_id", "unread")
    return {group: _told(unread) for group, unread in found}


def _told(unread: int) -> str:
    return f"{MOST_COUNTED - 1}+" if unread >= MOST_COUNTED else str(unread or "")


def _places(request: HttpRequest, unread: int) -> list[Place]:
    return _present(
        request,
        [
            (_("Home"), "home", "House", 0),
            (_("Groups"), "groups", "PersonGroup", 0),
            (_("Colleagues"), "people", "PersonRectangle", 0),
            (_("Notifications"), "notifications", "Bell", unread),
        ],
    )


def _me_places(request: HttpRequest) -> list[Place]:
    return _present(
        request,
        [
            (_("My page"), "me", "Person", 0),
            (_("Saved posts"), "saved_posts", "Bookmark", 0),
            (_("My waiting posts"), "waiting_posts", "Hourglass", 0),
            (_("Reports"), "reports", "ExclamationmarkTriangle", 0),
            (_("Settings"), "settings", "Cog", 0),
            (_("House rules"), "house_rules", "HandHeart", 0),
        ],
    )


def _admin_places(request: HttpRequest, employee: Employee) -> list[Place]:
    may = employee.has_perm
    lists = bool(employee.led_paths) or may("onboarding.keep_arrival_lists")
    never = bool(employee.led_paths) or may("onboarding.answer_corrections")
    wanted = [
        (may("announcements.write"), _("Important messages"), "manage_announcements", "Megaphone", _waiting_for),
        (may("directory.import_people"), _("New colleagues"), "manage_imports", "PersonPlus", None),
        (may("onboarding.invite"), _("Invitations"), "manage_invitations", "EnvelopeOpen", None),
        (may("onboarding.answer_corrections"), _("Said to be wrong"), "manage_corrections", "PencilWriting", _reported),
        (lists, _("Ready for day one"), "arrivals", "Tasklist", None),
        (never, _("Have never signed in"), "never_signed_in", "KeyHorizontal", None),
        (may("onboarding.keep_arrival_lists"), _("Help where people work"), "manage_help", "LightBulb", None),
        (may("onboarding.import_photos"), _("Pictures of people"), "manage_photos", "Camera", None),
        (may("onboarding.keep_rules"), _("Group rules"), "manage_rules", "Cog", None),
        (may("onboarding.keep_scim"), _("Identity systems"), "manage_scim", "ArrowsSquarepath", None),
        (may("directory.grant_roles"), _("Roles"), "manage_roles", "KeyHorizontal", None),
        (may("notifications.operate"), _("What is sent"), "manage_deliveries", "Paperplane", None),
        (may("directory.keep_settings"), _("The organisation"), "manage_organisation", "Buildings3", None),
    ]
    seen = [
        (name, route, icon, count(employee) if count else 0) for may_see, name, route, icon, count in wanted if may_see
    ]
    return _present(request, seen)


def _reported(employee: Employee) -> int:
    """How much that is said to be wrong waits for the person."""
    return Correction.objects.to_answer(employee).waiting().count()


def _waiting_for(employee: Employee) -> int:
    """How many messages others want to send wait for the person to look them over; asks only for those who may."""
    if not employee.has_perm("announcements.announce_to_everyone"):
        return 0
    return Announcement.objects.waiting_for(employee).count()


def _present(request: HttpRequest, wanted: list[tuple[str, str, str, int]]) -> list[Place]:
    """Places whose address exists; the one that leads furthest into the current path is active."""
    places = []
    for name, route, icon, count in wanted:
        if url := _address(route):
            places.append(Place(str(name), url, icon, count=count))
    for place in places:
        place.active = request.path == place.url if place.url == "/" else request.path.startswith(place.url)
    return places


def _address(route: str) -> str:
    """The address of a route, or "" while its app is not installed."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
