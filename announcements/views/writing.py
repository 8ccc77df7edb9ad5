"""Writing, and correcting what has been sent."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from announcements.actions import (
    correct_announcement,
    delete_draft,
    describe_picture,
    draft_announcement,
    edit_draft,
    set_picture,
)
from announcements.forms import AnnouncementForm, CorrectionForm, chosen, written
from announcements.models import Announcement
from announcements.views.requests import kept_announcement, person_of
from core.errors import RefusedError, require
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
        return redirect("correct_announcement", draft.public_id)
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
    if form.is_valid():
        try:
            saved = _store(person, draft, form, choice)
        except RefusedError as refusal:
            if refusal.field == "audience":
                choice.error = str(refusal.message)
            form.refuse(refusal)
        else:
            return _after_saving(request, saved)
    return _draw(request, form, choice, draft)


@transaction.atomic
def _store(
    person: Employee, draft: Announcement | None, form: AnnouncementForm, choice: AudienceChoice
) -> Announcement:
    content = form.content(choice.terms)
    if draft is None:
        draft = draft_announcement(actor=person, content=content)
    else:
        draft = edit_draft(actor=person, announcement=draft, content=content)
    if form.stored_picture:
        set_picture(actor=person, announcement=draft, picture=form.stored_picture)
    else:
        describe_picture(actor=person, announcement=draft, text=form.cleaned_data["alternative_text"])
    return draft


def _after_saving(request: HttpRequest, draft: Announcement) -> HttpResponse:
    if "look_over" in request.POST:
        return redirect("publish_announcement", draft.public_id)
    messages.success(request, _("The draft is saved."))
    return redirect("write_announcement", draft.public_id)


def _draw(
    request: HttpRequest, form: AnnouncementForm, choice: AudienceChoice, draft: Announcement | None
) -> HttpResponse:
    picture = draft.thread.attachments.filter(kind="picture", comment=None).first() if draft else None
    context = {"form": form, "choice": choice, "draft": draft, "picture": picture}
    return render(request, "announcements/write.html", context, status=422 if form.errors else 200)


@require_POST
def throw_away(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    draft = kept_announcement(request, public_id)
    try:
        delete_draft(actor=person_of(request), announcement=draft)
        messages.success(request, _("The draft is thrown away."))
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
    return redirect("manage_announcements")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct what has been sent."""
    person, sent = person_of(request), kept_announcement(request, public_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=written(sent))
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["change_note"]
            correct_announcement(actor=person, announcement=sent, texts=form.texts, note=note)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The message is corrected."))
            return redirect(sent)
    context = {"form": form, "announcement": sent, "text": sent.text_in(translation.get_language() or "nb")}
    return render(request, "announcements/correct.html", context, status=422 if form.errors else 200)
