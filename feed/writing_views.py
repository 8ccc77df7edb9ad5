"""The composer, and what authors and moderators do with a post: each a plain form that works alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.forms import Writing
from conversations.models import Comment
from conversations.readers import readers_of
from conversations.views import me
from core.errors import RefusedError, require
from directory.house_rules import has_accepted, require_accepted
from feed.actions import (
    accept_answer,
    delete_post,
    edit_post,
    pin_post,
    publish_post,
    restore_post,
    set_stand_in_filled,
    share_post,
    unpin_post,
)
from feed.forms import PostWriting, asks_for_stand_ins, groups_to_write_in
from feed.models import Placement, Post
from feed.reading import load_posts
from groups.models import Group

FORM_METHODS = ["GET", "HEAD", "POST"]


def _post(request: HttpRequest, public_id: str) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(me(request)).select_related("thread", "author"), public_id=public_id
    )


@require_http_methods(FORM_METHODS)
def new_post(request: HttpRequest) -> HttpResponse:
    """The composer: which group, what, pictures. The house rules come first, on a page and not in the dialog."""
    if request.method != "POST" and request.htmx and not has_accepted(me(request)):  # type: ignore[attr-defined]
        rules = f"{reverse('house_rules')}?{urlencode({'next': request.get_full_path()})}"
        return HttpResponse(headers={"HX-Redirect": rules})
    require_accepted(me(request))
    if request.method != "POST":
        return _show(request, PostWriting.begun(request, me(request)))
    form = PostWriting.sent_by(request, me(request))
    if form.group and form.is_whole(me(request)):
        try:
            return _published(request, form, _publish(request, form, form.group))
        except RefusedError as refusal:
            form.refuse(refusal)
    else:
        form.is_whole(me(request))
    return _show(request, form, status=422)


def _publish(request: HttpRequest, form: PostWriting, group: Group) -> Post:
    return publish_post(
        actor=me(request),
        groups=[group],
        text=form.typed,
        kind=form.kind,
        mentioned=form.chosen,
        uploads=form.uploads,
        thanked=form.thanked,
    )


def _show(request: HttpRequest, form: PostWriting, status: int = 200) -> HttpResponse:
    groups = list(groups_to_write_in(me(request))[:300])
    if form.group is None and len(groups) == 1:
        form.group = groups[0]
    context: dict[str, Any] = {"form": form, "groups": groups, "kinds": Post.Kind, "may_stand_in": True}
    context["seen_by"] = _seen_by(form.group)
    context["may_stand_in"] = asks_for_stand_ins(form.group) or any(asks_for_stand_ins(group) for group in groups)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "feed/new_post.html", context, status=status)
    answer = render(request, "feed/composer.html", context)
    if status != 200:
        answer["HX-Retarget"], answer["HX-Reswap"], answer["X-Keep-Text"] = "#new-post-form", "outerHTML", "1"
    return answer


def _seen_by(group: Group | None) -> dict[str, Any]:
    return {"group": group, "count": readers_of(group).count() if group else 0}


def _published(request: HttpRequest, form: PostWriting, post: Post) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Your post is out."))
        return redirect(post)
    placement = post.placements.get()
    here = form.page in ("home", form.group.public_id if form.group else "")
    [view] = load_posts(me(request), [placement.pk], in_group=form.page != "home")
    answer = render(request, "feed/published.html", {"post": view, "here": here, "text": _("Your post is out.")})
    answer["HX-Trigger"] = "tunet:posted"
    return answer


@require_safe
def seen_by(request: HttpRequest) -> HttpResponse:
    """Who will see what is written in the group chosen."""
    group = groups_to_write_in(me(request)).filter(public_id=request.GET.get("group", "")).first()
    return render(request, "feed/seen_by.html", {"seen_by": _seen_by(group)})


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct one's own post."""
    post = _post(request, public_id)
    require(me(request).has_perm("feed.edit_post", post))
    form = Writing(typed=post.text)
    if request.method == "POST":
        form = Writing.sent(request)
        try:
            edit_post(actor=me(request), post=post, text=form.typed, mentioned=form.chosen)
            return redirect(post)
        except RefusedError as refusal:
            form.refuse(refusal)
    return render(request, "feed/edit_post.html", {"post": post, "form": form}, status=422 if form.errors else 200)


@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete at once; the answer carries the way back."""
    post = _post(request, public_id)
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
    """Share a post from an open group into another of mine."""
    post = _post(request, public_id)
    require(me(request).has_perm("feed.share_post", post))
    groups = groups_to_write_in(me(request)).exclude(placements__post=post)
    error = ""
    if request.method == "POST":
        group = groups.filter(public_id=request.POST.get("group", "")).first()
        if group:
            share_post(actor=me(request), post=post, group=group)
            messages.success(request, _("The post is shared with %(group)s.") % {"group": group.name})
            return redirect(group)
        error = _("Choose the group you share with.")
    context = {"post": post, "groups": groups[:300], "error": error}
    return render(request, "feed/share.html", context, status=422 if error else 200)


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
    post = _post(request, public_id)
    try:
        if "filled" in request.POST:
            set_stand_in_filled(actor=me(request), post=post, filled=request.POST["filled"] == "1")
        else:
            wanted = request.POST.get("comment")
            comment = get_object_or_404(Comment.objects.standing(), public_id=wanted) if wanted else None
            accept_answer(actor=me(request), post=post, comment=comment)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect(post)
