from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.addresses import start_in
from groups.models import Group, Invitation, Membership
from groups.pages import GROUPS_PER_PAGE, SUGGESTIONS, groups_with_rights
from groups.reasons import word_reason
from groups.views.finding import me, typed

SIMILAR = 5


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """My groups with suggestions, or all groups, or those found."""
    text = typed(request)
    everything = bool(text) or request.GET.get("show") == "all"
    context: dict[str, Any] = {"q": text, "everything": everything, "pills": _pills(everything)}
    context |= _all_groups(request, text) if everything else _own_groups(request)
    return render(request, "groups/list.html", context)


@require_safe
def similar_groups(request: HttpRequest) -> HttpResponse:
    """Groups whose name resembles the one being typed. For the form that starts a group."""
    return render(request, "groups/similar.html", {"similar": find_similar(request, typed(request, "name"))})


def find_similar(request: HttpRequest, name: str) -> list[Group]:
    """Return live groups the person may know of with a name like this; sensitive ones are not suggested."""
    if len(name) < 3:
        return []
    known = Group.objects.visible_to(me(request)).live().filter(sensitive=False)
    return list(known.with_member_count().named_like(name)[:SIMILAR])


def _own_groups(request: HttpRequest) -> dict[str, Any]:
    mine = {one.group_id: one for one in Membership.objects.filter(employee=me(request))}
    groups: list[Any] = list(groups_with_rights(me(request)).filter(pk__in=mine).by_name())
    for group in groups:
        group.reason = word_reason(mine[group.pk].reason)
    suggested = Group.objects.suggested_to(me(request)).select_related("unit")[:SUGGESTIONS]
    asked = me(request).membership_requests.filter(answered_at=None, group__closed_at=None)
    followed = groups_with_rights(me(request)).filter(follows__employee=me(request))
    live = [group for group in groups if not group.is_archived]
    return {
        "groups": live,
        "archived": [group for group in groups if group.is_archived],
        "suggested": list(suggested),
        "invited": list(Invitation.objects.visible_to(me(request)).select_related("group__unit", "invited_by")),
        "followed": list(followed.by_name()),
        "closed": list(Group.objects.reopenable_by(me(request))),
        "asked": list(asked.select_related("group")),
    }


def _all_groups(request: HttpRequest, text: str) -> dict[str, Any]:
    start = start_in(request.GET)
    known = groups_with_rights(me(request)).live()
    found = known.with_words(text) if text else known.by_name()
    groups = list(found[start : start + GROUPS_PER_PAGE + 1])
    more = urlencode({"show": "all", "q": text, "from": str(start + GROUPS_PER_PAGE)})
    next_url = f"{reverse('groups')}?{more}" if len(groups) > GROUPS_PER_PAGE else ""
    return {"groups": groups[:GROUPS_PER_PAGE], "next_url": next_url}


def _pills(everything: bool) -> list[dict[str, Any]]:
    return [
        {"name": _("Your groups"), "url": reverse("groups"), "active": not everything},
        {"name": _("All groups"), "url": f"{reverse('groups')}?show=all", "active": everything},
    ]
