"""Deleting what was answered when its time is over. The form stays; who answered what does not."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directory.actions import record_audit_event
from responses.models import AnswerForm


def delete_old_answers() -> int:
    """Empty the forms that ended more than `ANSWERS_KEPT_DAYS` ago; return how many."""
    before = timezone.now() - datetime.timedelta(days=settings.ANSWERS_KEPT_DAYS)
    ended = list(AnswerForm.objects.ended_before(before).values_list("pk", flat=True)[:100])
    return sum(_empty(pk, before) for pk in ended)


@transaction.atomic
def _empty(pk: int, before: datetime.datetime) -> int:
    """Empty one form, unless someone has reopened it meanwhile."""
    waiting = AnswerForm.objects.ended_before(before).select_for_update(of=("self",), skip_locked=True)
    form = waiting.filter(pk=pk).select_related("announcement").first()
    if form is None:
        return 0
    form.services.all().delete()
    form.sign_ups.all().delete()
    form.emptied_at = timezone.now()
    form.save(update_fields=["emptied_at"])
    record_audit_event(actor=None, verb="responses.answers_deleted", obj=form.announcement)
    return 1
