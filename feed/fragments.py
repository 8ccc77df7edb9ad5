"""What the feed shows on other pages: the home feed, a group's posts, a person's, what was said before one came."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.views import me
from core.fragments import fragment
from core.policies import allows
from directory.models import Employee
from feed.forms import asks_for_stand_ins
from feed.models import PersonFollow, Placement, PlannedPlacement
from feed.pages import FOR_YOU, FORMS, LEADERS, NEWEST, discover_page, group_page, home_page, person_page
from feed.reading import load_posts
from feed.stand_ins import STATES, stand_in_pills
from groups.actions import mark_read
from groups.models import Group

MOST_HISTORY, MOST_PINNED = 5, 3
# A home feed with fewer posts than this also shows what is new in open groups.
FEW = 3


@fragment("home.feed", order=10)
def home_feed(request: HttpRequest) -> str:
    """Composer, the three forms of the feed, posts. Drawing page 1 moves my markers."""
    wanted = request.GET.get("feed", FOR_YOU)
    form = wanted if wanted in FORMS else FOR_YOU
    page = home_page(me(request), form, mark=is_read(request))
    context = {"page": page, "form": form, "pills": _pills(form), "since": page.moment or timezone.now()}
    if form != LEADERS and len(page.posts) < FEW and not page.older_url:
        context["discover"] = discover_page(me(request))
    return render_to_string("feed/home.html", context | {"why": _why(form)}, request)


@fragment("group.posts", order=10)
def group_posts(request: HttpRequest, *, group: Group) -> str:
    """Composer, what is pinned, posts with the line where the new ones end. Drawing them moves my marker."""
    membership = me(request).memberships.filter(group=group).first()
    seen_until = (membership.read_until or membership.joined_at) if membership else None
    now = timezone.now()
    may_stand_in = asks_for_stand_ins(group)
    stand_in = request.GET.get("stand_in", "") if may_stand_in else ""
    stand_in = stand_in if stand_in in STATES else ""
    page = group_page(me(request), group, seen_until=None if stand_in else seen_until, stand_in=stand_in)
    if membership and not stand_in and is_read(request):
        mark_read(employee=me(request), group=group, until=now)
    context: dict[str, Any] = {"page": page, "group": group, "since": now, "seen_until": seen_until}
    context["may_write"] = allows(me(request), "groups.write", group)
    context["may_stand_in"], context["stand_in"] = may_stand_in, stand_in
    context["stand_ins"] = stand_in_pills(group, stand_in) if may_stand_in else []
    context["waiting"] = _waiting_in(request, group) if group.approves_posts else {}
    context["draft_url"] = f"{reverse('new_post')}?group={group.public_id}&page={group.public_id}"
    return render_to_string("feed/group.html", context, request)


@fragment("person.acts", order=10)
def thank_button(request: HttpRequest, *, person: Employee) -> str:
    """Saying thank you, to a colleague who can be named."""
    if person.pk == me(request).pk or person.protected or not person.is_active:
        return ""
    return render_to_string("feed/thank.html", {"person": person}, request)


@fragment("person.actions", order=10)
def follow_button(request: HttpRequest, *, person: Employee) -> str:
    """Following the colleague, where that can be done."""
    if person.pk == me(request).pk or person.protected or not person.is_active:
        return ""
    follows = PersonFollow.objects.filter(follower=me(request), followed=person).exists()
    return render_to_string("feed/follow.html", {"person": person, "follows": follows}, request)


@fragment("person.main", order=50)
def person_posts(request: HttpRequest, *, person: Employee) -> str:
    """The newest posts of a colleague that I may read."""
    page = person_page(me(request), person)
    return render_to_string("feed/person.html", {"page": page, "person": person}, request) if page.posts else ""


@fragment("welcome.history", order=10)
def history(request: HttpRequest, *, employee: Employee) -> str:
    """What is pinned in my groups, and what was most discussed there during the last three months; the newest first."""
    places = Placement.objects.in_groups_of(employee)
    pinned = list(places.pinned()[:MOST_PINNED])
    since = timezone.now() - datetime.timedelta(days=92)
    discussed = places.filter(published_at__gt=since, pinned_at=None).most_discussed()[: 2 * MOST_HISTORY]
    # A post that stands in several of my groups is told of once.
    once: dict[int, int] = {}
    for place in (*pinned, *discussed):
        once.setdefault(place.post_id, place.pk)
    posts = load_posts(employee, list(once.values())[:MOST_HISTORY])
    posts.sort(key=lambda post: post.placement.published_at, reverse=True)
    return render_to_string("feed/history_before.html", {"posts": posts}, request) if posts else ""


def is_read(request: HttpRequest) -> bool:
    """Say whether a person looks at the page: not a browser that fetches ahead, nor a fragment that renews itself."""
    ahead = (
        request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "") or request.headers.get("X-Moz", "")
    )
    return request.method == "GET" and "prefetch" not in ahead and not getattr(request, "htmx", False)


def _pills(form: str) -> list[dict[str, Any]]:
    names = {FOR_YOU: _("For you"), NEWEST: _("Newest first"), LEADERS: _("From leaders")}
    return [
        {"name": name, "url": "/" if key == FOR_YOU else f"/?feed={key}", "active": key == form}
        for key, name in names.items()
    ]


def _why(form: str) -> str:
    return {
        FOR_YOU: _(
            "What is unread in groups you are in or follow, and from your own leaders, newest first; where you are "
            "mentioned stands on top. Nothing is hidden."
        ),
        NEWEST: _("Everything in groups you are in or follow, and from your own leaders, newest first."),
        LEADERS: _("What the leaders of your own line write, and those you follow, newest first."),
    }[form]


def _waiting_in(request: HttpRequest, group: Group) -> dict[str, int]:
    """How many posts wait for me to let them out, and how many of mine wait for others."""
    waiting = PlannedPlacement.objects.awaiting().filter(group=group)
    return {
        "for_me": PlannedPlacement.objects.waiting_for(me(request)).filter(group=group).count(),
        "mine": waiting.filter(post__author=me(request)).count(),
    }
