from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.addresses import start_in
from core.fragments import render_slot
from groups.models import Group, Invitation, MembershipRequest
from groups.pages import Head, build_head, members_page, people_to_add, people_to_ask
from groups.views.finding import find_group, me, typed

MOST_INVITED = 50


@require_safe
def group(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """A group's posts; for one who may not read them, what the group is and how to come in."""
    found = find_group(request, public_id)
    if slug != found.slug:
        return redirect(f"{found.get_absolute_url()}?{request.GET.urlencode()}".rstrip("?"))
    head = _head(request, found, "posts")
    if not head.may_read:
        return render(request, "groups/outside.html", _context(head))
    posts = render_slot("group.posts", request, group=found)
    side = render_slot("group.side", request, group=found)
    shown = {"posts": posts, "side": side, "has_joined": head.membership is not None and "joined" in request.GET}
    return render(request, "groups/group.html", _context(head) | shown)


@require_safe
def group_members(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Who is in the group; for those who run it, who asks to come in and a search for whom to add."""
    head = _readable(request, public_id, "members")
    text, adding = typed(request), typed(request, "add")
    context = _context(head) | {
        "q": text,
        "adding": adding,
        "page": members_page(head.group, text, start_in(request.GET)),
    }
    if head.group.may_invite and adding:
        context["hits"] = people_to_add(head.group, me(request), adding)
    if head.group.may_moderate:
        context |= _running(head.group)
    return render(request, "groups/members.html", context)


@require_safe
def group_files(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Pictures and files of the group's posts, for those who may read them."""
    head = _readable(request, public_id, "files")
    files = render_slot("group.files", request, group=head.group)
    return render(request, "groups/files.html", _context(head) | {"files": files})


@require_safe
def group_about(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """What the group is for, who may see it, whom to ask."""
    return render(request, "groups/about.html", _context(_readable(request, public_id, "about")))


def _running(group: Any) -> dict[str, Any]:
    waiting = MembershipRequest.objects.unanswered().filter(group=group).order_by("created_at", "pk")
    invited = Invitation.objects.waiting().filter(group=group).order_by("-created_at", "-pk")
    return {
        "requests": list(waiting.select_related("employee__primary_employment__unit")),
        "invited": list(invited.select_related("employee__primary_employment__unit")[:MOST_INVITED]),
    }


def _readable(request: HttpRequest, public_id: str, tab: str) -> Head:
    head = _head(request, find_group(request, public_id), tab)
    if not head.may_read:
        raise Http404
    return head


def _head(request: HttpRequest, group: Any, tab: str) -> Head:
    readable = group.privacy == Group.Privacy.OPEN or group.is_member
    files = render_slot("group.files.count", request, group=group) if readable else ""
    return build_head(group, me(request), tab, files)


def _context(head: Head) -> dict[str, Any]:
    return {"head": head, "group": head.group, "contacts": people_to_ask(head)}
