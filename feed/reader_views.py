"""What single readers do with the feed: have posts in view, see who else had, follow a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.views import me
from directory.models import Employee
from feed.actions import follow_person, mark_posts_seen, unfollow_person
from feed.finding import find_post
from feed.seen_by import named_readers


@require_POST
def see_posts(request: HttpRequest) -> HttpResponse:
    """The posts (`post`, repeated) that have been in view for a second: one request for a screenful."""
    mark_posts_seen(actor=me(request), public_ids=request.POST.getlist("post"))
    return HttpResponse(status=204)


@require_safe
def post_readers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who has seen a post, where its group shows that to its members; nowhere else is there such a page."""
    post = find_post(me(request), public_id)
    found = named_readers(me(request), post)
    if found is None:
        raise Http404
    seen, people = found
    return render(request, "feed/readers.html", {"post": post, "seen": seen, "people": people})


@require_POST
def follow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Follow a colleague (`follow` 1) or no longer (0); back to where one was."""
    people = Employee.objects.visible_to(me(request)).filter(protected=False)
    person = get_object_or_404(people, public_id=public_id)
    wanted = request.POST.get("follow") == "1"
    if wanted:
        follow_person(actor=me(request), person=person)
        text = _("You follow %(name)s. What they write stands under «From leaders».")
    else:
        unfollow_person(actor=me(request), person=person)
        text = _("You no longer follow %(name)s.")
    if request.htmx:  # type: ignore[attr-defined]
        context = {"person": person, "follows": wanted, "text": text % {"name": person.display_name}}
        context["in_menu"] = request.POST.get("in_menu") == "1"
        return render(request, "feed/followed.html", context)
    messages.success(request, text % {"name": person.display_name})
    return redirect(person)
