"""Pages and fragments of threads: comments, reactions, and people to mention."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.actions import (
    add_comment,
    close_comments,
    delete_comment,
    edit_comment,
    open_comments,
    react,
    restore_comment,
    take_back_reaction,
)
from conversations.finding import find_comment, find_thread
from conversations.forms import Writing
from conversations.models import Comment, Reaction, Thread
from conversations.owners import owner_of
from conversations.people import job_line
from conversations.reading import CommentView, ThreadView, load_comment, load_threads, load_whole_thread
from conversations.tallies import EMOJI
from core.errors import RefusedError, require
from directory.models import Employee


def me(request: HttpRequest) -> Employee:
    """Return who asks."""
    assert isinstance(request.user, Employee)
    return request.user


def _view_of(request: HttpRequest, thread: Thread) -> ThreadView:
    return load_threads(me(request), [thread])[thread.pk]


def _find(view: ThreadView, comment: Comment) -> CommentView | None:
    for top in view.comments:
        for one in (top, *top.replies):
            if one.comment.pk == comment.pk:
                return one
    return None


def _to_comment(comment: Comment) -> str:
    anchor = f"comment-{comment.public_id}"
    return f"{owner_of(comment.thread).url(comment.thread)}?comment={comment.public_id}#{anchor}"


@require_http_methods(["GET", "HEAD", "POST"])
def comment_thread(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET: the thread's comments as a fragment, or the page it stands on. POST: answer it."""
    thread = find_thread(me(request), public_id)
    if request.method == "POST":
        return _answer(request, thread)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(owner_of(thread).url(thread))
    whole = request.GET.get("whole") == "1"
    view = load_whole_thread(me(request), thread) if whole else _view_of(request, thread)
    return render(request, "conversations/refresh.html", {"view": view, "whole": whole})


def _answer(request: HttpRequest, thread: Thread) -> HttpResponse:
    require(me(request).has_perm("conversations.comment", thread))
    form, parent = Writing.sent(request), _parent(request, thread)
    if form.is_ready(me(request), owner_of(thread).readers(thread)):
        try:
            comment = add_comment(
                actor=me(request),
                thread=thread,
                text=form.typed,
                parent=parent,
                mentioned=form.chosen,
                uploads=form.uploads,
            )
            return _answered(request, comment)
        except RefusedError as refusal:
            form.refuse(refusal)
    return _ask_again(request, {"form": form, "parent": parent, "view": _view_of(request, thread)})


def _parent(request: HttpRequest, thread: Thread) -> Comment | None:
    wanted = request.POST.get("parent") or request.GET.get("parent")
    return get_object_or_404(thread.comments.standing(), public_id=wanted) if wanted else None


def _answered(request: HttpRequest, comment: Comment) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_to_comment(comment))
    view = load_threads(me(request), [comment.thread], comments=1, replies=1)[comment.thread_id]
    context = {"view": view, "comment": _find(view, comment), "oob": True}
    return render(request, "conversations/new_comment.html", context)


def _ask_again(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the form once more with what was typed: alone for htmx, else on a page of its own."""
    parent = context.get("parent")
    context["key"] = parent.public_id if parent else context["view"].thread.public_id
    context["action"] = context["view"].comment_url
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "conversations/write_page.html", context, status=422)
    answer = render(request, "conversations/write.html", context)
    answer["HX-Reswap"], answer["X-Keep-Text"] = "outerHTML", "1"
    return answer


@require_POST
def closing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close the thread for comments, or with `open=1` let people answer again."""
    thread = find_thread(me(request), public_id)
    if request.POST.get("open") == "1":
        open_comments(actor=me(request), thread=thread)
        messages.success(request, _("People can comment again"))
    else:
        close_comments(actor=me(request), thread=thread)
        messages.success(request, _("Nobody can comment any more. What stands stays."))
    return redirect(owner_of(thread).url(thread))


@require_safe
def reply_form(request: HttpRequest, public_id: str) -> HttpResponse:
    """The field for answering one comment: a fragment, or a page of its own."""
    comment = find_comment(me(request), public_id)
    require(me(request).has_perm("conversations.comment", comment.thread))
    view = _view_of(request, comment.thread)
    context = {"view": view, "parent": comment, "key": comment.public_id, "action": view.comment_url}
    page = "conversations/write.html" if request.htmx else "conversations/write_page.html"  # type: ignore[attr-defined]
    return render(request, page, context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct one's own comment."""
    comment = find_comment(me(request), public_id)
    require(me(request).has_perm("conversations.edit_comment", comment))
    form = Writing(typed=comment.text)
    if request.method == "POST":
        form = Writing.sent(request)
        try:
            if form.is_careful():
                edit_comment(actor=me(request), comment=comment, text=form.typed, mentioned=form.chosen)
                return redirect(_to_comment(comment))
        except RefusedError as refusal:
            form.refuse(refusal)
    context = {"comment": comment, "form": form, "url": _to_comment(comment)}
    wrong = form.errors or form.asks_to_be_sure
    return render(request, "conversations/edit_comment.html", context, status=422 if wrong else 200)


@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete at once; the answer carries the way back."""
    comment = find_comment(me(request), public_id)
    delete_comment(actor=me(request), comment=comment)
    undo = reverse("restore_comment", args=[comment.public_id])
    if request.htmx:  # type: ignore[attr-defined]
        context = {"text": _("The comment is deleted"), "undo_url": undo}
        return render(request, "conversations/deleted.html", context)
    messages.success(request, _("The comment is deleted"), extra_tags=f"undo:{undo}")
    return redirect(owner_of(comment.thread).url(comment.thread))


@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo a deletion."""
    comment = find_comment(me(request), public_id, deleted=True)
    try:
        restore_comment(actor=me(request), comment=comment)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(owner_of(comment.thread).url(comment.thread))
    return redirect(_to_comment(comment))


@require_POST
def react_to_thread(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give, change or (with an empty `kind`) take back one's reaction to what the thread belongs to."""
    thread = find_thread(me(request), public_id)
    _react(request, thread, None)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(owner_of(thread).url(thread))
    return render(request, "conversations/reacted.html", {"view": _view_of(request, thread), "oob": True})


@require_POST
def react_to_comment(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give, change or take back one's reaction to a comment."""
    comment = find_comment(me(request), public_id)
    _react(request, comment.thread, comment)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_to_comment(comment))
    context = {"comment": load_comment(me(request), comment)}
    return render(request, "conversations/comment_reaction.html", context)


def _react(request: HttpRequest, thread: Thread, comment: Comment | None) -> None:
    kind = request.POST.get("kind", "")
    if kind:
        react(actor=me(request), thread=thread, comment=comment, kind=kind)
    else:
        take_back_reaction(actor=me(request), thread=thread, comment=comment)


@require_safe
def thread_reactions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who reacted, and how."""
    thread = find_thread(me(request), public_id)
    newest = Reaction.objects.on(thread, None).with_people()[:500]
    rows = [(each.employee, job_line(each.employee), EMOJI[each.kind], each.get_kind_display()) for each in newest]
    context = {"rows": rows, "url": owner_of(thread).url(thread)}
    return render(request, "conversations/reactions.html", context)
