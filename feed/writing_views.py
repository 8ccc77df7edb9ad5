"""What authors, readers and moderators do with a post: each a plain form that works alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from conversations.forms import Writing
from conversations.models import Comment
from conversations.views import me
from core.errors import RefusedError, require
from directory.views.safely import safe_address
from feed.actions import (
    accept_answer,
    delete_post,
    edit_post,
    pin_post,
    restore_post,
    save_post,
    set_stand_in_filled,
    share_post,
    unpin_post,
    unsave_post,
    unshare_post,
)
from feed.finding import find_post
from feed.forms import groups_to_write_in
from feed.models import Placement, Post
from groups.audience_words import join_words
from groups.models import Group

SHARED = "feed.sharing"
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct one's own post."""
    post = find_post(me(request), public_id)
    require(me(request).has_perm("feed.edit_post", post))
    form, removed = Writing(typed=post.text), request.POST.getlist("removed")
    if request.method == "POST":
        form = Writing.sent(request)
        content: dict[str, Any] = {"text": form.typed, "mentioned": form.chosen, "uploads": form.uploads}
        try:
            if form.is_careful():
                edit_post(actor=me(request), post=post, removed=removed, **content)
                return redirect(post)
        except RefusedError as refusal:
            form.refuse(refusal)
    wrong = form.errors or form.asks_to_be_sure
    kept = post.thread.attachments.filter(comment=None).order_by("position", "pk")
    context = {"post": post, "form": form, "kept": kept, "removed": removed}
    return render(request, "feed/edit_post.html", context, status=422 if wrong else 200)


@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete at once; the answer carries the way back."""
    post = find_post(me(request), public_id)
    whole = delete_post(actor=me(request), post=post)
    text = _("The post is deleted") if whole else _("The post is taken out of the group")
    undo = reverse("restore_post", args=[post.public_id]) if whole else ""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "conversations/deleted.html", {"text": text, "undo_url": undo})
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("home")


@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo a deletion."""
    post = get_object_or_404(Post, public_id=public_id, deleted_by=me(request))
    try:
        restore_post(actor=me(request), post=post)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("home")
    return redirect(post)


@require_http_methods(FORM_METHODS)
def share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Share a post from an open group into others of mine; the answer carries the way back."""
    post = find_post(me(request), public_id)
    require(me(request).has_perm("feed.share_post", post))
    groups = groups_to_write_in(me(request)).exclude(placements__post=post)
    error, chosen = "", list(groups.filter(public_id__in=request.POST.getlist("group")))
    if request.method == "POST":
        try:
            share_post(actor=me(request), post=post, groups=chosen)
        except RefusedError as refusal:
            error = str(refusal.message)
        else:
            _tell_shared(request, post, chosen)
            return redirect(chosen[0] if len(chosen) == 1 else post)
    context = {"post": post, "groups": groups[:300], "error": error, "chosen": chosen}
    return render(request, "feed/share.html", context, status=422 if error else 200)


def _tell_shared(request: HttpRequest, post: Post, groups: list[Group]) -> None:
    text = _("The post is shared with %(groups)s.") % {"groups": join_words([group.name for group in groups])}
    token = signing.dumps([group.public_id for group in groups], salt=SHARED)
    undo = reverse("unshare_post", args=[post.public_id, token])
    messages.success(request, text, extra_tags=f"undo:{undo}")


@require_POST
def unshare(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Undo a sharing, by the token it gave."""
    post = find_post(me(request), public_id)
    try:
        shared = signing.loads(token, salt=SHARED)
    except signing.BadSignature as error:
        raise Http404 from error
    groups = list(Group.objects.visible_to(me(request)).filter(public_id__in=shared))
    if not unshare_post(actor=me(request), post=post, groups=groups):
        raise Http404
    messages.success(request, _("The post is no longer shared."))
    return redirect(post)


@require_POST
def pin(request: HttpRequest, public_id: str, group_id: str) -> HttpResponse:
    """Fasten the post to the top of the group, or loosen it."""
    places = Placement.objects.standing().readable_by(me(request)).select_related("group")
    placement = get_object_or_404(places, post__public_id=public_id, group__public_id=group_id)
    try:
        if placement.pinned_at:
            unpin_post(actor=me(request), placement=placement)
        else:
            pin_post(actor=me(request), placement=placement)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(placement.group or placement.post)


@require_POST
def settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept an answer (`comment`, empty for none), or say that the stand-in was found (`filled` 1 or 0)."""
    post = find_post(me(request), public_id)
    try:
        if "filled" in request.POST:
            set_stand_in_filled(actor=me(request), post=post, filled=request.POST["filled"] == "1")
        else:
            wanted = request.POST.get("comment")
            comment = get_object_or_404(Comment.objects.standing(), public_id=wanted) if wanted else None
            accept_answer(actor=me(request), post=post, comment=comment)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    # Where one stood in the feed one stays.
    came_from = safe_address(request, request.headers.get("Referer")).partition("#")[0]
    return redirect(f"{came_from}#post-{post.public_id}" if came_from else post)


@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the post on one's list, or (`saved` 0) take it off; the answer carries the way back."""
    post = find_post(me(request), public_id)
    keeps = request.POST.get("saved", "1") != "0"
    if keeps:
        save_post(actor=me(request), post=post)
    else:
        unsave_post(actor=me(request), post=post)
    text = _("Saved for later") if keeps else _("Taken off your list")
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "feed/saved_toast.html", {"post": post, "text": text, "saved": keeps})
    messages.success(request, text)
    return redirect("saved_posts")
