"""The composer: which group, what, pictures, a poll, when. One form in the dialog and on a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conversations.views import me
from core.database import lock_for_transaction
from core.errors import RefusedError
from directory.house_rules import has_accepted, require_accepted
from feed.actions import discard_draft, publish_post, publish_to_line, save_draft
from feed.composing import others_than, what_to_choose, who_would_see
from feed.forms import PostWriting, groups_to_write_in, units_to_write_to
from feed.models import UNIT, Post
from feed.reading import load_posts

FORM_METHODS = ["GET", "HEAD", "POST"]
# Where a discarded draft lies until the session ends, for those who regret it.
DISCARDED = "feed.discarded_draft"


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
    if form.is_whole(me(request)):
        try:
            post = _publish(request, form)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            discard_draft(actor=me(request), place=form.page)
            return _published(request, form, post)
    return _show(request, form, status=422)


@transaction.atomic
def _publish(request: HttpRequest, form: PostWriting) -> Post:
    """Publish what the form holds, or return what it became when the same was sent a moment ago: by two taps, or by
    going back and sending again."""
    lock_for_transaction(f"composer:{me(request).pk}")
    sent = Post.objects.sent_just_now(me(request), form.kind, form.typed.replace("\r\n", "\n").strip())
    return (form.typed and sent.in_places(form.groups, form.unit).first()) or _publish_anew(request, form)


def _publish_anew(request: HttpRequest, form: PostWriting) -> Post:
    content: dict[str, Any] = {
        "text": form.typed,
        "kind": form.kind,
        "mentioned": form.chosen,
        "uploads": form.uploads,
        "thanked": form.thanked,
        "poll": form.poll,
        "publish_at": form.moments.get("publish_at"),
        "ends_at": form.moments.get("ends_at"),
    }
    if form.unit:
        return publish_to_line(actor=me(request), unit=form.unit, **content)
    return publish_post(actor=me(request), groups=form.groups, **content)


def _show(request: HttpRequest, form: PostWriting, status: int = 200) -> HttpResponse:
    context = what_to_choose(me(request), form)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "feed/new_post.html", context, status=status)
    answer = render(request, "feed/composer.html", context)
    if status != 200:
        answer["HX-Retarget"], answer["HX-Reswap"], answer["X-Keep-Text"] = "#new-post-form", "outerHTML", "1"
    return answer


def _published(request: HttpRequest, form: PostWriting, post: Post) -> HttpResponse:
    placement = post.placements.order_by("pk").first()
    text = _what_became(form, post, is_out=placement is not None)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, text)
        return redirect(post if placement else "waiting_posts")
    here = form.page == "home" or any(form.page == group.public_id for group in form.groups)
    context: dict[str, Any] = {"text": text, "here": False}
    if placement:
        [context["post"]] = load_posts(me(request), [placement.pk], in_group=form.page != "home")
        context["here"] = here
    answer = render(request, "feed/published.html", context)
    answer["HX-Trigger"] = "tunet:posted"
    return answer


def _what_became(form: PostWriting, post: Post, *, is_out: bool) -> str:
    moment = form.moments.get("publish_at")
    if post.planned.filter(needs_approval=True).exists():
        return _("Your post waits for those who look after the group.")
    if moment and not is_out and moment > timezone.now():
        return _("Your post comes out at the time you chose. You find it under «My waiting posts».")
    return _("Your post is out.")


@require_safe
def seen_by(request: HttpRequest) -> HttpResponse:
    """Who will see what is written in the group chosen, and what the group is for."""
    place = request.GET.get("group", "")
    group = groups_to_write_in(me(request)).filter(public_id=place).first()
    unit = units_to_write_to(me(request)).filter(public_id=place[len(UNIT) :]).first() if place[:5] == UNIT else None
    context = {"seen_by": who_would_see(me(request), group, unit), "others": others_than(me(request), group)}
    return render(request, "feed/seen_by.html", context)


@require_POST
def draft(request: HttpRequest, place: str) -> HttpResponse:
    """Keep what has been typed so far; answers with a line to show beside the button."""
    fields: dict[str, Any] = request.POST.dict()
    fields |= {name: request.POST.getlist(name) for name in ("choices", "also", "mentioned")}
    try:
        kept = save_draft(actor=me(request), place=_place(place), fields=fields)
    except RefusedError as refusal:
        return JsonResponse({"message": str(refusal.message)}, status=422)
    return JsonResponse({"message": _("Draft saved") if kept else "", "kept": kept is not None})


@require_POST
def throw_away_draft(request: HttpRequest, place: str) -> HttpResponse:
    """Throw the draft away; the answer carries the way back."""
    fields = discard_draft(actor=me(request), place=_place(place))
    request.session[DISCARDED] = {"place": _place(place), "fields": fields}
    undo = reverse("restore_post_draft", args=[_place(place)])
    messages.success(request, _("The draft is thrown away"), extra_tags=f"undo:{undo}" if fields else "")
    return redirect("home")


@require_POST
def restore_draft(request: HttpRequest, place: str) -> HttpResponse:
    """Bring back the draft thrown away last, and the composer with it."""
    kept = request.session.pop(DISCARDED, None) or {}
    if kept.get("place") == _place(place):
        save_draft(actor=me(request), place=_place(place), fields=kept["fields"])
    return redirect(f"{reverse('new_post')}?{urlencode({'page': _place(place)})}")


def _place(place: str) -> str:
    return place[:12]
