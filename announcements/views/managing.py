"""What the person keeps: drafts and sent ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from announcements.figures import read_listed_figures
from announcements.models import Announcement
from announcements.views.requests import person_of
from core.errors import require

PAGE = 50


@require_safe
@never_cache
def manage_announcements(request: HttpRequest) -> HttpResponse:
    """What the person keeps: drafts first, then the sent ones, newest first, with their figures."""
    person = person_of(request)
    require(person.has_perm("announcements.write"))
    kept = list(Announcement.objects.kept_by(person).with_sender().with_reach().drafts_first()[:PAGE])
    figures = read_listed_figures(kept)
    language = translation.get_language() or "nb"
    rows = [(one, one.text_in(language), figures.get(one.pk)) for one in kept]
    return render(request, "announcements/manage.html", {"rows": rows})
