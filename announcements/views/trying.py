"""Trying a draft on oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from announcements.actions import try_on_oneself
from announcements.articles import read_article
from announcements.views.requests import kept_announcement, person_of
from announcements.wording import LANGUAGE_NAMES
from core.errors import RefusedError


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def trial(request: HttpRequest, public_id: str) -> HttpResponse:
    """The draft as its readers will see it; POST sends it to the author alone."""
    draft = kept_announcement(request, public_id)
    if request.method == "POST":
        try:
            try_on_oneself(actor=person_of(request), announcement=draft)
        except RefusedError as refusal:
            messages.error(request, str(refusal.message))
            return redirect("write_announcement", draft.public_id)
        messages.success(request, _("Sent to you alone. It is among your notifications."))
        return redirect("announcement_trial", draft.public_id)
    if draft.is_sent:
        return redirect(draft)
    article = read_article(draft)
    text = article.text_in(request.GET.get("lang") or translation.get_language() or "nb")
    context = {
        "announcement": draft,
        "text": text,
        "html": article.html_of(text),
        "minutes": article.minutes_of(text),
        "picture": article.picture,
        "languages": [
            (code, name, code == text.language) for code, name in LANGUAGE_NAMES.items() if code in article.texts
        ],
    }
    return render(request, "announcements/trial.html", context)
