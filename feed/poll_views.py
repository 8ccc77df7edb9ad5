"""Polls: answering, answering anew, who has answered what, closing."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.people import job_line
from conversations.views import me
from core.errors import RefusedError
from feed.actions import close_poll, vote_in_poll
from feed.models import Poll, Post
from feed.polls import PollView, people_by_choice
from feed.reading import load_post

# The number of a choice.
CHOICE = re.compile(r"[0-9]{1,18}")


def _poll(request: HttpRequest, public_id: str) -> Poll:
    posts = Post.objects.visible_to(me(request)).values("pk")
    return get_object_or_404(Poll.objects.select_related("post"), post__public_id=public_id, post__in=posts)


def _view_of(request: HttpRequest, poll: Poll) -> PollView:
    view = load_post(me(request), poll.post)
    if view is None or view.poll is None:
        raise Http404
    return view.poll


@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: the poll with who has answered what, or its choices anew (`change`). POST: answer it."""
    found = _poll(request, public_id)
    if request.method == "POST":
        return _answer(request, found)
    view = _view_of(request, found)
    view.changing = request.GET.get("change") == "1"
    return _show(request, view)


def _answer(request: HttpRequest, found: Poll) -> HttpResponse:
    wanted = {int(each) for each in request.POST.getlist("choice") if CHOICE.fullmatch(each)}
    try:
        vote_in_poll(actor=me(request), poll=found, choices=wanted)
    except RefusedError as refusal:
        view = _view_of(request, found)
        view.error, view.wanted, view.changing = str(refusal.message), wanted, True
        return _show(request, view, status=422)
    if request.htmx:  # type: ignore[attr-defined]
        return _show(request, _view_of(request, found))
    messages.success(request, _("Your answer is counted."))
    return redirect(found.post)


def _show(request: HttpRequest, view: PollView, status: int = 200) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        # htmx puts in place only what went well; the refusal is told in the poll itself.
        return render(request, "feed/poll.html", {"poll": view, "focus": True})
    people = people_by_choice(view.poll)
    named = [
        (choice, [(person, job_line(person)) for person in people.get(choice.position, [])]) for choice in view.choices
    ]
    return render(request, "feed/poll_page.html", {"poll": view, "named": named, "post": view.post}, status=status)


@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close one's own poll before its time."""
    found = _poll(request, public_id)
    try:
        close_poll(actor=me(request), poll=found)
        messages.success(request, _("The poll is closed."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(found.post)
