"""Looking over and sending, changing one's mind before it goes out, and taking back what has been sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from announcements.actions import (
    approvers_for,
    needs_approval,
    publish_announcement,
    reschedule_announcement,
    take_back_announcement,
    withdraw_announcement,
)
from announcements.models import Announcement
from announcements.previews import phone_preview
from announcements.reach import read_reach
from announcements.sending_forms import SendForm
from announcements.text_messages import text_messages_of
from announcements.unchanged_languages import unchanged_since_former
from announcements.views.requests import kept_announcement, person_of
from core.errors import RefusedError
from core.fragments import render_slot
from core.times import told_ahead
from directory.models import Employee
from groups.audience_words import describe_audience
from groups.audiences import terms_of

State = Announcement.State
APPROVERS_SHOWN = 3
# What stands beside it, by how far it has come.
ASIDES = {State.DRAFT: "send", State.AWAITING_APPROVAL: "waits", State.SCHEDULED: "scheduled"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look it over, see how many it reaches, and send it now or later; while it waits, see what it waits for."""
    person, draft = person_of(request), kept_announcement(request, public_id)
    if draft.is_sent:
        return redirect(draft)
    form = SendForm(request.POST if request.method == "POST" else None, announcement=draft)
    refusal: RefusedError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _after_sending(request, _send(person, draft, form))
        except RefusedError as error:
            refusal = error
            if error.field == "publish_at":
                form.refuse(error)
    context = preview_of(request, draft) | _decision(draft, person) | {"form": form, "refusal": refusal}
    return render(request, "announcements/publish.html", context, status=422 if refusal or form.errors else 200)


def _send(person: Employee, draft: Announcement, form: SendForm) -> Announcement:
    send = reschedule_announcement if draft.state == State.SCHEDULED else publish_announcement
    return send(actor=person, announcement=draft, publish_at=form.publish_at)


def _after_sending(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    if announcement.state == State.SENDING:
        return redirect(announcement)
    if announcement.state == State.SCHEDULED:
        messages.success(request, _("It is sent %(at)s.") % {"at": told_moment(announcement)})
    else:
        messages.success(request, _("Now another person looks it over."))
    return redirect("publish_announcement", announcement.public_id)


def told_moment(announcement: Announcement) -> str:
    """Return when it is sent, in words."""
    return told_ahead(announcement.publish_at, timezone.now()) if announcement.publish_at else ""


def preview_of(request: HttpRequest, draft: Announcement) -> dict[str, Any]:
    """What the announcement says and asks, to whom, and how many that is: for everyone who looks it over."""
    terms = terms_of(draft.audience)
    return {
        "announcement": draft,
        "preview": phone_preview(draft),
        "unchanged": unchanged_since_former(draft),
        "text": draft.text_in(translation.get_language() or "nb"),
        "to": describe_audience(terms, person_of(request)),
        "reach": read_reach(terms),
        "text_messages": None if draft.is_sent else text_messages_of(draft, terms),
        "beside": render_slot("announcement.look_over", request, announcement=draft),
    }


def _decision(draft: Announcement, person: Employee) -> dict[str, Any]:
    waits = draft.state == State.AWAITING_APPROVAL
    needed = waits or (draft.state == State.DRAFT and needs_approval(draft, terms_of(draft.audience)))
    asker = draft.publish_requested_by if waits else person
    return {
        "aside": f"announcements/aside_{ASIDES[State(draft.state)]}.html",
        "needs_approval": needed,
        "approvers": list(approvers_for(draft, asker)[:APPROVERS_SHOWN]) if needed else [],
        "may_approve": waits and person.has_perm("announcements.approve", draft),
    }


@require_POST
def take_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a draft of what waits, and go on writing it."""
    person, waiting = person_of(request), kept_announcement(request, public_id)
    try:
        take_back_announcement(actor=person, announcement=waiting)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("publish_announcement", waiting.public_id)
    messages.success(request, _("It is a draft again. Nothing is sent."))
    return redirect("write_announcement", waiting.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then take back what has been sent."""
    person, sent = person_of(request), kept_announcement(request, public_id)
    if request.method == "POST":
        try:
            withdraw_announcement(actor=person, announcement=sent)
            messages.success(request, _("The message is withdrawn."))
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
        return redirect(sent)
    if sent.state not in (State.SENDING, State.PUBLISHED):
        messages.error(request, _("Only a message that has been sent can be withdrawn."))
        return redirect(sent)
    context = {"announcement": sent, "text": sent.text_in(translation.get_language() or "nb")}
    return render(request, "announcements/withdraw.html", context)
