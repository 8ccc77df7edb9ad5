"""The page of notification settings, «less of this» on the spot, and the quiet hours of a unit."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import RefusedError
from core.fragments import render_slot
from directory.models import OrgUnit
from notifications.actions import mark_read
from notifications.channels.email_refusals import is_refused
from notifications.choices.actions import change_settings, choose_topic, set_unit_hours
from notifications.choices.forms import HoursForm, NotificationSettingsForm, hours_initial, words_of_hours
from notifications.choices.on_the_spot import Telling, ask_why
from notifications.choices.reading import settings_of, topics_of
from notifications.kinds import Bundle, kinds
from notifications.models import Notification, UnitQuietHours
from notifications.quiet import unit_hours_above, unit_hours_of
from notifications.views import reader_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notification_settings(request: HttpRequest) -> HttpResponse:
    """What one is told of, where, and when it is quiet."""
    reader = reader_of(request)
    usual = _("As where I work: %(hours)s") % {"hours": words_of_hours(unit_hours_of(reader))}
    settings = settings_of(reader)
    form = NotificationSettingsForm(_posted(request), settings=settings, topics=topics_of(reader), usual=usual)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, _("Saved."))
        return redirect("notification_settings")
    status = 422 if form.errors else 200
    context = {"form": form, "no_mail": is_refused(reader), "reader": reader}
    return render(request, "notifications/settings.html", context, status=status)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@transaction.atomic
def _saved(request: HttpRequest, form: NotificationSettingsForm) -> bool:
    reader = reader_of(request)
    try:
        change_settings(actor=reader, **form.settings())
    except RefusedError as error:
        form.add_error(error.field, error.message)
        return False
    for topic, channel, wanted in form.chosen():
        choose_topic(actor=reader, topic=topic, channel=channel, wanted=wanted)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def why_notified(request: HttpRequest, public_id: str) -> HttpResponse:
    """Why one got this, and what one can have less of: asked on a page of its own, or in place."""
    reader = reader_of(request)
    notification = get_object_or_404(Notification.objects.visible_to(reader), public_id=public_id)
    kind = kinds.find(notification.kind)
    if kind is None:
        raise Http404
    target = kind.visible_targets(reader, [notification.target_id or 0]).get(notification.target_id or 0)
    telling = Telling(
        kind=kind,
        address=reverse("why_notified", args=[public_id]),
        why=kind.chosen_by.why,
        place=kind.conversation(Bundle(notification, unread=False), target) if target is not None else "",
        read_address="" if notification.read_at else reverse("read_notification", args=[public_id]),
    )
    return ask_why(request, reader, telling)


@require_POST
def read_one(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark one line as read without opening it."""
    reader = reader_of(request)
    mark_read(
        reader=reader, notification=get_object_or_404(Notification.objects.visible_to(reader), public_id=public_id)
    )
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unit_quiet_hours(request: HttpRequest, public_id: str) -> HttpResponse:
    """When it is quiet for those who work in a unit or below it."""
    unit = get_object_or_404(OrgUnit.objects.active(), public_id=public_id)
    if not reader_of(request).has_perm("notifications.set_quiet_hours", unit):
        raise Http404
    own = UnitQuietHours.objects.filter(unit=unit).first()
    initial = hours_initial(own.starts, own.ends) if own else hours_initial(None, None)
    form = HoursForm(_posted(request), initial=initial)
    form.offer(_("As elsewhere: %(hours)s") % {"hours": words_of_hours(unit_hours_above(unit))})
    if request.method == "POST" and form.is_valid():
        set_unit_hours(actor=reader_of(request), unit=unit, hours=form.hours())
        messages.success(request, _("Saved."))
        return redirect("unit_quiet_hours", unit.public_id)
    context = {"form": form, "unit": unit, "main": render_slot("unit.quiet_hours", request, unit=unit)}
    status = 422 if form.errors else 200
    return render(request, "notifications/unit_hours.html", context, status=status)
