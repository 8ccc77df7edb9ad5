"""Posts that wait: the own ones, and those that wait for a moderator."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.views import me
from core.errors import RefusedError
from core.policies import allows
from feed.actions import change_planned, let_out, send_back, take_back_planned
from feed.composing import what_to_choose
from feed.forms import PostWriting
from feed.models import PlannedPlacement, Post
from feed.waiting import view_planned
from groups.models import Group


@require_safe
def waiting_posts(request: HttpRequest) -> HttpResponse:
    """What I have written that is not out yet: sent back, waiting for a moderator, or for its time."""
    rows = PlannedPlacement.objects.of_author(me(request)).with_parts()[:100]
    return render(request, "feed/waiting.html", {"waiting": view_planned(me(request), rows)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a waiting post of one's own in place; what is out in some group already is corrected there."""
    mine = PlannedPlacement.objects.of_author(me(request)).with_parts()
    planned = get_object_or_404(mine, public_id=public_id)
    waiting = sorted(mine.filter(post=planned.post_id), key=lambda row: row.pk != planned.pk)
    if planned.post.placements.exists():
        return redirect("edit_post", planned.post.public_id)
    form = PostWriting.sent_by(request, me(request)) if request.method == "POST" else PostWriting.of_waiting(waiting)
    form.kind, form.thanked = planned.post.kind, planned.post.thanked
    if request.method == "POST" and form.is_whole(me(request)):
        try:
            post = _change(request, planned, form)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The post is changed."))
            return redirect(post if post.placements.exists() else "waiting_posts")
    wrong = form.errors or form.asks_to_be_sure
    kept = planned.post.thread.attachments.filter(comment=None).order_by("position", "pk")
    context = what_to_choose(me(request), form) | {"kept": kept, "removed": request.POST.getlist("removed")}
    return render(request, "feed/edit_planned.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest, planned: PlannedPlacement, form: PostWriting) -> Post:
    return change_planned(
        actor=me(request),
        planned=planned,
        groups=form.groups,
        unit=form.unit,
        text=form.typed,
        mentioned=form.chosen,
        uploads=form.uploads,
        removed=request.POST.getlist("removed"),
        publish_at=form.moments.get("publish_at"),
        ends_at=form.moments.get("ends_at"),
    )


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back a waiting post of one's own; its text lies in the composer again."""
    mine = PlannedPlacement.objects.of_author(me(request)).select_related("post__author", "group")
    planned = get_object_or_404(mine, public_id=public_id)
    try:
        post = take_back_planned(actor=me(request), planned=planned)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("waiting_posts")
    if not post.deleted_at:
        messages.success(request, _("The post is taken back."))
        return redirect("waiting_posts")
    place = planned.group.public_id if planned.group else "home"
    messages.success(request, _("The post is taken back, and is a draft again. Add pictures and files anew."))
    return redirect(f"{reverse('new_post')}?{urlencode({'page': place})}")


@require_safe
def queue(request: HttpRequest, public_id: str) -> HttpResponse:
    """What waits in a group for those who look after it."""
    group = get_object_or_404(Group.objects.readable_by(me(request)), public_id=public_id)
    if not allows(me(request), "groups.moderate", group):
        raise Http404
    rows = PlannedPlacement.objects.waiting_for(me(request)).filter(group=group).with_parts()[:100]
    return render(request, "feed/queue.html", {"group": group, "waiting": view_planned(me(request), rows)})


@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a post out, or send it back with a note."""
    planned = get_object_or_404(
        PlannedPlacement.objects.waiting_for(me(request)).select_related("group"), public_id=public_id
    )
    group = planned.group
    assert group
    try:
        if request.POST.get("let_out") == "1":
            let_out(actor=me(request), planned=planned)
            messages.success(request, _("The post is let out."))
        else:
            send_back(actor=me(request), planned=planned, note=request.POST.get("note", ""))
            messages.success(request, _("The post is sent back to its author."))
    except RefusedError as refusal:
        if refusal.field == "note":
            return _ask_for_note(request, group, planned, str(refusal.message))
        messages.error(request, str(refusal.message))
    return redirect("post_queue", group.public_id)


def _ask_for_note(request: HttpRequest, group: Group, planned: PlannedPlacement, error: str) -> HttpResponse:
    rows = PlannedPlacement.objects.waiting_for(me(request)).filter(group=group).with_parts()[:100]
    context = {"group": group, "waiting": view_planned(me(request), rows), "refused": planned.pk, "error": error}
    return render(request, "feed/queue.html", context, status=422)
