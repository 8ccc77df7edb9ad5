"""The second pair of eyes: reading what others want to send to everyone, and signing for critical messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from announcements.actions import approve_announcement, countersign_announcement, send_back_announcement
from announcements.models import Announcement
from announcements.sending_forms import SendBackForm
from announcements.views.requests import person_of
from announcements.views.sending import preview_of, told_moment
from core.errors import RefusedError, require

State = Announcement.State


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read it as its readers will, and approve it, sign for it or send it back."""
    found = _looked_over(request, public_id)
    if request.method == "POST":
        return _decide(request, found)
    if not _waits_for(request, found):
        return redirect(found if found.is_sent else "manage_announcements")
    return _draw(request, found, SendBackForm())


def _looked_over(request: HttpRequest, public_id: str) -> Announcement:
    """Return what the person may look over, or could when it waited. Others get 403, or 404."""
    person = person_of(request)
    require(person.has_perm("announcements.announce_to_everyone"))
    return get_object_or_404(
        Announcement.objects.visible_to(person).with_sender().with_deciders().with_reach(), public_id=public_id
    )


def _waits_for(request: HttpRequest, found: Announcement) -> bool:
    return Announcement.objects.waiting_for(person_of(request)).filter(pk=found.pk).exists()


def _decide(request: HttpRequest, found: Announcement) -> HttpResponse:
    person = person_of(request)
    try:
        if found.is_sent:
            countersign_announcement(actor=person, announcement=found)
            messages.success(request, _("You have signed for the message."))
            return redirect(found)
        done = approve_announcement(actor=person, announcement=found)
    except RefusedError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("manage_announcements")
    if done.state == State.SCHEDULED:
        messages.success(request, _("Approved. It is sent %(at)s.") % {"at": told_moment(done)})
    else:
        messages.success(request, _("Approved. It is on its way."))
    return redirect("manage_announcements")


@require_POST
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let its author change it first."""
    found = _looked_over(request, public_id)
    form = SendBackForm(request.POST)
    form.is_valid()
    try:
        note = form.cleaned_data.get("note", "")
        send_back_announcement(actor=person_of(request), announcement=found, note=note)
    except RefusedError as refusal:
        if refusal.field != "note":
            messages.error(request, str(refusal.message))
            return redirect("manage_announcements")
        form.refuse(refusal)
        return _draw(request, found, form)
    messages.success(request, _("It is sent back to %(name)s.") % {"name": found.author.display_name})
    return redirect("manage_announcements")


def _draw(request: HttpRequest, found: Announcement, form: SendBackForm) -> HttpResponse:
    context = preview_of(request, found) | {"form": form, "aside": "announcements/aside_approve.html"}
    return render(request, "announcements/publish.html", context, status=422 if form.errors else 200)
