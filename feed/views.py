"""Pages and fragments of posts. The home feed and a group's posts are fragments (`feed.fragments`)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conversations.models import Comment
from conversations.notification_kinds import conversation_of
from conversations.views import me
from core.clock import moment_in
from feed.finding import find_post
from feed.models import Placement, PostRevision
from feed.pages import FOR_YOU, FORMS, group_page, home_page
from feed.reading import load_post, may_read_history
from feed.saved import saved_page
from feed.stand_ins import STATES
from groups.models import Group
from notifications.actions import stop_what_waits


@require_safe
def post(request: HttpRequest, public_id: str) -> HttpResponse:
    """A post with its whole thread."""
    found = find_post(me(request), public_id)
    wanted = request.GET.get("comment", "")
    view = load_post(me(request), found, everything=request.GET.get("all") == "1", wanted=wanted)
    if view is None:
        raise Http404
    stop_what_waits(reader=me(request), place=conversation_of(found.thread))
    context = {"post": view, "lit": wanted, "reply_to": request.GET.get("reply", ""), "whole": True}
    if context["reply_to"]:
        context["parent"] = get_object_or_404(
            Comment.objects.standing(), thread=found.thread, public_id=context["reply_to"]
        )
    return render(request, "feed/post_page.html", context)


@require_safe
def post_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a post said before, for its author and for those who look after its group."""
    found = find_post(me(request), public_id)
    if not may_read_history(me(request), found):
        raise Http404
    revisions = PostRevision.objects.filter(post=found).order_by("-replaced_at", "-pk")[:50]
    return render(request, "feed/history.html", {"post": found, "revisions": revisions})


@require_safe
def older_posts(request: HttpRequest) -> HttpResponse:
    """The next page of the home feed: a fragment for htmx, else a page."""
    form = request.GET.get("feed", FOR_YOU)
    page = home_page(me(request), form if form in FORMS else FOR_YOU, request.GET.get("cursor", ""))
    template = "feed/list.html" if request.htmx else "feed/older.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page})


@require_safe
def saved_posts(request: HttpRequest) -> HttpResponse:
    """What I have saved for later, the next page of it as a fragment for htmx."""
    page = saved_page(me(request), request.GET.get("cursor", ""))
    template = "feed/list.html" if request.htmx else "feed/saved.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page})


@require_safe
def older_group_posts(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next page of a group's posts: a fragment for htmx, else a page."""
    group = get_object_or_404(Group.objects.readable_by(me(request)), public_id=public_id)
    wanted = request.GET.get("stand_in", "")
    page = group_page(me(request), group, request.GET.get("cursor", ""), stand_in=wanted if wanted in STATES else "")
    template = "feed/list.html" if request.htmx else "feed/older.html"  # type: ignore[attr-defined]
    return render(request, template, {"page": page, "group": group})


@require_safe
def new_count(request: HttpRequest) -> HttpResponse:
    """The «3 nye innlegg» pill: posts by others in my feed, or in one group, since the page was drawn."""
    wanted = request.GET.get("since", "").replace(" ", "+")
    since = moment_in(wanted) if wanted else timezone.now()
    if since is None:
        raise Http404
    places = Placement.objects.in_feed_of(me(request))
    if group := request.GET.get("group"):
        places = Placement.objects.standing().readable_by(me(request)).filter(group__public_id=group)
    places = places.filter(published_at__gt=since)
    newest = places.exclude(post__author=me(request)).order_by("-published_at").select_related("post__author")[:100]
    authors = {place.post_id: place.post.author for place in newest}
    faces = list({author.pk: author for author in authors.values()}.values())[:2]
    url = get_object_or_404(Group, public_id=group).get_absolute_url() if group and authors else "/"
    return render(request, "feed/pill.html", {"count": len(authors), "faces": faces, "url": url})
