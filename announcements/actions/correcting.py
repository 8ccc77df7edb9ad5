"""Correcting what has been sent: a new wording, told again and confirmed again where the author asks for it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.actions.sending import require_complete
from announcements.actions.writing import Wording, check_texts, store_texts
from announcements.models import Announcement, FormerConfirmation
from core.database import insert_select
from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from notifications.actions import start_fan_out

MAX_NOTE = 200
CORRECTED_KIND = "announcement_corrected"
COLUMNS = ["announcement_id", "employee_id", "acknowledged_at", "revision", "language"]


@transaction.atomic
def correct_announcement(
    *,
    actor: Employee,
    announcement: Announcement,
    texts: Mapping[str, Wording],
    note: str = "",
    tell_again: bool = False,
    ask_again: bool = False,
) -> Announcement:
    """Give a sent announcement a new wording. Earlier ones are kept, and so are the confirmations of them.

    `tell_again` tells everyone it was sent to; `ask_again` asks all to confirm the new wording. Workers do both.
    Raises RefusedError at the field that cannot be used, and when the announcement is not out.
    """
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state not in (Announcement.State.SENDING, Announcement.State.PUBLISHED):
        raise RefusedError(_("Only a message that has been sent can be corrected."), code="conflict")
    if ask_again and not announcement.asks_confirmation:
        raise RefusedError(_("This message does not ask for confirmation."), field="ask_again")
    check_texts(texts)
    require_complete(texts)
    revision = _store(actor, announcement, texts, note)
    key = f"{announcement.pk}:{revision}"
    if ask_again:
        start_fan_out(job="announcements.ask_again", key=key)
    if tell_again:
        start_fan_out(job="announcements.tell_corrected", key=key)
    facts = {"revision": revision, "told_again": tell_again, "asked_again": ask_again}
    record_audit_event(actor=actor, verb="announcements.corrected", obj=announcement, facts=facts)
    return announcement


def _store(actor: Employee, announcement: Announcement, texts: Mapping[str, Wording], note: str) -> int:
    revision = (announcement.texts.aggregate(newest=Max("revision"))["newest"] or 0) + 1
    store_texts(announcement, texts, revision=revision, author=actor, note=" ".join(note.split())[:MAX_NOTE])
    announcement.corrected_at = timezone.now()
    announcement.save(update_fields=["corrected_at"])
    return revision


@transaction.atomic
def set_former_confirmations_aside(*, announcement: Announcement, revision: int) -> int:
    """Keep the confirmations of wordings before `revision` apart and let those people confirm anew; return how many.

    What has been seen stays seen. Safe to repeat: a confirmation of the new wording is left where it is.
    """
    former = announcement.receipts.confirmed_before(revision)
    list(former.select_for_update().values_list("employee_id"))
    rows = former.values_list(
        Value(announcement.pk), "employee_id", "acknowledged_at", Coalesce("revision", 1), "language"
    )
    insert_select(FormerConfirmation._meta.db_table, COLUMNS, rows)
    return former.update(acknowledged_at=None, revision=None, language="")
