"""The pictures and files of a group's posts, newest first, for the group's page «Files»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from conversations.models import Attachment
from conversations.owners import urls_of
from conversations.views import me
from core.fragments import fragment
from core.pagination import Cursor
from directory.models import Employee
from feed.models import Placement
from groups.models import Group

FILES_PER_PAGE = 30
NEWEST = 3
MOST_COUNTED = 999


@dataclass(frozen=True)
class GroupFile:
    """A picture or file with the address of what it belongs to."""

    attachment: Attachment
    post_url: str


def group_files(reader: Employee, group: Group, cursor: Cursor | None, *, kind: str = "") -> list[Attachment]:
    """Return a page of what `reader` may see in the group, and one more where there is more."""
    found = _found(reader, group)
    if kind in Attachment.Kind.values:
        found = found.filter(kind=kind)
    if cursor:
        found = found.filter(Q(created_at__lt=cursor.at) | Q(created_at=cursor.at, pk__lt=cursor.id))
    ordered = found.select_related("uploaded_by", "thread").order_by("-created_at", "-pk")
    return list(ordered[: FILES_PER_PAGE + 1])


def _found(reader: Employee, group: Group) -> QuerySet[Attachment]:
    places = Placement.objects.readable_by(reader).in_group(group)
    said = Q(comment=None) | Q(comment__deleted_at=None, comment__hidden_at=None)
    return Attachment.objects.filter(said, thread__in=places.order_by().values("post__thread"))


@fragment("group.files", order=10)
def files(request: HttpRequest, *, group: Group) -> str:
    """Everything that was put into the group's posts, or only its pictures or files."""
    kind = request.GET.get("kind", "")
    found = group_files(me(request), group, Cursor.decode(request.GET.get("cursor")), kind=kind)
    context = {"files": _with_posts(found[:FILES_PER_PAGE]), "pills": _pills(kind), "older_url": ""}
    if len(found) > FILES_PER_PAGE:
        last = found[FILES_PER_PAGE - 1]
        after = {"kind": kind, "cursor": Cursor(last.created_at, last.pk).encode()}
        context["older_url"] = f"?{urlencode(after)}"
    return render_to_string("feed/group_files.html", context, request)


@fragment("group.files.count")
def number_of_files(request: HttpRequest, *, group: Group) -> str:
    """How many there are, for the tab; nothing where there are none, or more than are worth counting."""
    number = _found(me(request), group)[: MOST_COUNTED + 1].count()
    return str(number) if 0 < number <= MOST_COUNTED else ""


@fragment("group.side", order=20)
def newest_files(request: HttpRequest, *, group: Group) -> str:
    """The newest files, beside the group's posts."""
    found = group_files(me(request), group, None, kind=Attachment.Kind.FILE)[:NEWEST]
    return render_to_string("feed/newest_files.html", {"files": found, "group": group}, request) if found else ""


def _with_posts(found: list[Attachment]) -> list[GroupFile]:
    urls = urls_of({one.thread for one in found})
    return [GroupFile(one, urls.get(one.thread_id, "")) for one in found]


def _pills(kind: str) -> list[dict[str, Any]]:
    names = {"": _("Everything"), "file": _("Files"), "picture": _("Pictures")}
    return [{"name": name, "url": f"?kind={key}" if key else "?", "active": key == kind} for key, name in names.items()]
