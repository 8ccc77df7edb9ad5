"""Whoever somebody helps in, or whose way in was changed, is told on every road there is."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.audit_words import audit_words, words_of
from directory.models import AuditEvent, Employee
from directory.signals import sign_in_changed
from notifications.actions import notify
from notifications.kinds import Bundle, NotificationKind, notification_kind

KIND = "sign_in_change"

audit_words.add("onboarding.code_given", _("A one-time code was made for you, to sign in with"))
audit_words.add("onboarding.code_withdrawn", _("A one-time code for you was made worthless"))
audit_words.add("onboarding.code_used", _("Somebody came in with your one-time code"))
audit_words.add("onboarding.code_blocked", _("Somebody tried your one-time code with wrong facts, so it was stopped"))


@notification_kind
class SignInChangeKind(NotificationKind[AuditEvent]):
    """«En engangskode ble laget for deg», at once and by e-mail and text message as well, to the person alone."""

    key = KIND
    templates = "onboarding/notifications"
    icon = "ShieldLock"
    email_after = datetime.timedelta(0)
    sms_after = datetime.timedelta(0)
    is_essential = True

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, AuditEvent]:
        events = AuditEvent.objects.filter(pk__in=ids, subject=reader).select_related("actor")
        return {event.pk: event for event in events}

    def url(self, bundle: Bundle, target: AuditEvent) -> str:
        return reverse("my_sign_in")

    def render(self, part: str, bundle: Bundle, target: AuditEvent, **context: Any) -> str:
        by = target.actor if target.actor_id != target.subject_id else None
        return super().render(part, bundle, target, words=words_of(target), by=by, **context)


@receiver(sign_in_changed, dispatch_uid="onboarding.tell_of_sign_in")
def tell_of_sign_in(event_id: int, **kwargs: Any) -> None:
    """Tell the person; what they did themselves as well, in case it was somebody else."""
    event = AuditEvent.objects.select_related("actor").get(pk=event_id)
    if event.subject_id:
        notify(
            kind=KIND,
            recipients=[event.subject_id],
            event_key=f"{KIND}:{event.pk}",
            actor=event.actor if event.actor_id != event.subject_id else None,
            target_id=event.pk,
        )
