"""Correcting what has been sent, and how it stood before."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from announcements.actions import correct_announcement, wordings_of
from announcements.forms import CorrectionForm, written
from announcements.models import Announcement
from announcements.reading import find_for_reader
from announcements.unchanged_languages import unchanged_languages
from announcements.versions import read_versions
from announcements.views.requests import kept_announcement, person_of
from core.errors import RefusedError

State = Announcement.State


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct what has been sent."""
    person, sent = person_of(request), kept_announcement(request, public_id)
    if request.method != "POST" and sent.state not in (State.SENDING, State.PUBLISHED):
        messages.error(request, _("Only a message that has been sent can be corrected."))
        return redirect(sent)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        initial=written(sent),
        asks_confirmation=sent.asks_confirmation,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            correct_announcement(
                actor=person,
                announcement=sent,
                texts=form.texts,
                note=data["change_note"],
                tell_again=data["tell_again"],
                ask_again=data.get("ask_again", False),
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The message is corrected."))
            _ask_about_languages(request, unchanged_languages(wordings_of(sent), form.texts))
            return redirect(sent)
    context = {"form": form, "announcement": sent, "text": sent.text_in(translation.get_language() or "nb")}
    return render(request, "announcements/correct.html", context, status=422 if form.errors else 200)


def _ask_about_languages(request: HttpRequest, unchanged: list[str]) -> None:
    if unchanged:
        languages = ", ".join(unchanged)
        messages.warning(request, _("Stands as before: %(languages)s. Is it still right?") % {"languages": languages})


@require_safe
@never_cache
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """How a corrected message stood before, for those who may read it now."""
    found = find_for_reader(person_of(request), public_id)
    if not found.is_sent or found.state == Announcement.State.WITHDRAWN:
        raise Http404
    language = translation.get_language() or "nb"
    context = {
        "announcement": found,
        "text": found.text_in(language),
        "versions": read_versions(found, request.GET.get("lang") or language),
    }
    return render(request, "announcements/history.html", context)
