"""Writing drafts. They save themselves: the same form, sent by a script, is answered with what was stored."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from announcements.actions import (
    EditedElsewhereError,
    describe_picture,
    discard_draft,
    draft_announcement,
    draft_update,
    edit_draft,
    last_saved_at,
    remove_picture,
    restore_draft,
    set_picture,
    try_on_oneself,
    version_of,
)
from announcements.forms import AnnouncementForm, chosen
from announcements.models import Announcement
from announcements.views.requests import kept_announcement, person_of
from conversations.models import Attachment
from core.errors import RefusedError, require
from core.fragments import render_slot
from core.times import clock_time
from directory.models import Employee
from groups.audience_choice import AudienceChoice
from groups.audiences import terms_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write_announcement(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Write a draft, new or old; «Look it over» leads on to sending."""
    person = person_of(request)
    require(person.has_perm("announcements.write"))
    draft = kept_announcement(request, public_id) if public_id else None
    if draft and draft.state != Announcement.State.DRAFT:
        return redirect("correct_announcement" if draft.is_sent else "publish_announcement", draft.public_id)
    if request.method == "POST":
        return _save(request, person, draft)
    terms = terms_of(draft.audience) if draft else []
    form = AnnouncementForm(author=person, initial=chosen(draft) if draft else None)
    return _draw(request, form, AudienceChoice(employee=person, terms=terms), draft)


def _save(request: HttpRequest, person: Employee, draft: Announcement | None) -> HttpResponse:
    choice = AudienceChoice(employee=person, data=request.POST)
    if choice.is_editing:
        return _draw(request, AnnouncementForm.unsaved(request.POST, author=person), choice, draft)
    form = AnnouncementForm(request.POST, request.FILES, author=person)
    elsewhere: EditedElsewhereError | None = None
    if form.is_valid():
        try:
            saved = _store(request, person, draft, form, choice)
        except EditedElsewhereError as refusal:
            elsewhere = refusal
        except RefusedError as refusal:
            if refusal.field == "audience":
                choice.error = str(refusal.message)
            form.refuse(refusal)
        else:
            return _after_saving(request, person, saved, form)
    if "autosave" in request.POST:
        return _say_unsaved(form, choice, draft, elsewhere)
    return _draw(request, form, choice, draft, elsewhere)


@transaction.atomic
def _store(
    request: HttpRequest,
    person: Employee,
    draft: Announcement | None,
    form: AnnouncementForm,
    choice: AudienceChoice,
) -> Announcement:
    content = form.content(choice.terms)
    if draft is None:
        draft = draft_announcement(actor=person, content=content)
    else:
        version = None if "overwrite" in request.POST else request.POST.get("version")
        draft = edit_draft(actor=person, announcement=draft, content=content, version=version)
    if form.stored_picture:
        set_picture(actor=person, announcement=draft, picture=form.stored_picture)
    elif "remove_picture" in request.POST:
        remove_picture(actor=person, announcement=draft)
    else:
        describe_picture(actor=person, announcement=draft, text=form.cleaned_data["alternative_text"])
    return draft


def _after_saving(request: HttpRequest, person: Employee, draft: Announcement, form: AnnouncementForm) -> HttpResponse:
    if "autosave" in request.POST:
        return _say_saved(request, draft, form)
    if "look_over" in request.POST:
        picture = _picture_of(draft)
        if picture and not picture.alternative_text and not form.cleaned_data["decorative"]:
            return redirect(f"{reverse('write_announcement', args=[draft.public_id])}?describe=1")
        return redirect("publish_announcement", draft.public_id)
    if "try_it" in request.POST:
        return _try(request, person, draft)
    messages.success(request, _("The draft is saved."))
    return redirect("write_announcement", draft.public_id)


def _try(request: HttpRequest, person: Employee, draft: Announcement) -> HttpResponse:
    try:
        try_on_oneself(actor=person, announcement=draft)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("write_announcement", draft.public_id)
    messages.success(request, _("Sent to you alone. It is among your notifications."))
    return redirect("announcement_trial", draft.public_id)


def _say_saved(request: HttpRequest, draft: Announcement, form: AnnouncementForm) -> JsonResponse:
    told = {
        "url": reverse("write_announcement", args=[draft.public_id]),
        "discard": reverse("delete_announcement", args=[draft.public_id]),
        "version": version_of(draft),
        "message": _say_when(timezone.now()),
    }
    if not request.POST.get("version"):
        told["beside"] = render_slot("announcement.write", request, announcement=draft)
    if form.stored_picture:
        context = {"picture": _picture_of(draft)}
        told["picture"] = render_to_string("announcements/picture_now.html", context, request)
    return JsonResponse(told)


def _say_when(moment: datetime.datetime) -> str:
    return _("Draft saved at %(time)s") % {"time": clock_time(moment)}


def _say_unsaved(
    form: AnnouncementForm,
    choice: AudienceChoice,
    draft: Announcement | None,
    elsewhere: EditedElsewhereError | None,
) -> JsonResponse:
    if elsewhere and draft:
        look = reverse("write_announcement", args=[draft.public_id])
        return JsonResponse({"message": str(elsewhere.message), "look": look}, status=409)
    errors = {name: " ".join(str(each) for each in found) for name, found in form.errors.items() if name != "__all__"}
    if choice.error:
        errors["audience"] = choice.error
    text = _("Not saved yet: see what must be mended. What you have written stands here.")
    return JsonResponse({"message": text, "errors": errors}, status=422)


def _draw(
    request: HttpRequest,
    form: AnnouncementForm,
    choice: AudienceChoice,
    draft: Announcement | None,
    elsewhere: EditedElsewhereError | None = None,
) -> HttpResponse:
    typed = request.method == "POST"
    context: dict[str, Any] = {
        "form": form,
        "choice": choice,
        "draft": draft,
        "elsewhere": elsewhere,
        "beside": render_slot("announcement.write", request, announcement=draft) if draft else "",
        "picture": _picture_of(draft) if draft else None,
        "version": request.POST.get("version", "") if typed else version_of(draft) if draft else "",
        "saved": _say_when(last_saved_at(draft)) if draft and not typed else "",
        "describe": "describe" in request.GET,
    }
    status = 409 if elsewhere else 422 if form.errors else 200
    return render(request, "announcements/write.html", context, status=status)


def _picture_of(draft: Announcement) -> Attachment | None:
    return draft.thread.attachments.filter(kind="picture", comment=None).first()


@require_POST
def throw_away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away at once; the answer carries the way back."""
    draft = kept_announcement(request, public_id)
    try:
        discard_draft(actor=person_of(request), announcement=draft)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    else:
        undo = reverse("restore_announcement", args=[draft.public_id])
        messages.success(request, _("The draft is thrown away."), extra_tags=f"undo:{undo}")
    return redirect("manage_announcements")


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a draft back that was thrown away."""
    person = person_of(request)
    require(person.has_perm("announcements.write"))
    draft = get_object_or_404(Announcement.objects.thrown_away_by(person), public_id=public_id)
    restore_draft(actor=person, announcement=draft)
    messages.success(request, _("The draft is here again."))
    return redirect("write_announcement", draft.public_id)


@require_POST
def write_update(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin an update of a sent message: a draft like it."""
    sent = kept_announcement(request, public_id)
    try:
        draft = draft_update(actor=person_of(request), announcement=sent)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect(sent)
    return redirect("write_announcement", draft.public_id)
