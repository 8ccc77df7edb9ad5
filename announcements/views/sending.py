"""Sending, and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from announcements.actions import publish_announcement, withdraw_announcement
from announcements.models import Announcement
from announcements.previews import phone_preview
from announcements.reach import Reach, read_reach
from announcements.views.requests import kept_announcement, person_of
from announcements.wording import article_html, minutes_to_read
from core.errors import RefusedError
from directory.models import Employee
from groups.audience_words import describe_audience
from groups.audiences import terms_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Look it over, see how many it reaches, and send it."""
    person, draft = person_of(request), kept_announcement(request, public_id)
    refusal: RefusedError | None = None
    if request.method == "POST":
        try:
            publish_announcement(actor=person, announcement=draft)
            return redirect(draft)
        except RefusedError as error:
            refusal = error
    if draft.is_sent:
        return redirect(draft)
    context = _preview(draft, person) | {"refusal": refusal}
    return render(request, "announcements/publish.html", context, status=422 if refusal else 200)


def _preview(draft: Announcement, person: Employee) -> dict[str, Any]:
    text = draft.text_in(translation.get_language() or "nb")
    terms = terms_of(draft.audience)
    reach: Reach = read_reach(terms)
    return {
        "announcement": draft,
        "preview": phone_preview(draft),
        "text": text,
        "html": article_html(text.body),
        "minutes": minutes_to_read(text.body),
        "picture": draft.thread.attachments.filter(kind="picture", comment=None).first(),
        "to": describe_audience(terms, person),
        "reach": reach,
    }


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
    context = {"announcement": sent, "text": sent.text_in(translation.get_language() or "nb")}
    return render(request, "announcements/withdraw.html", context)
