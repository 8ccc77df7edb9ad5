"""Places and the waiting list. Call these with the form locked."""

from __future__ import annotations

from directory.actions import record_audit_event
from notifications.actions import notify
from responses.models import AnswerForm, SignUp

State = SignUp.State


def has_room(form: AnswerForm) -> bool:
    """Say whether a place is free."""
    return form.sign_ups.holding().count() < (form.places or 0)


def fill_places(form: AnswerForm) -> int:
    """Give free places to those who have waited longest, tell them, and return how many moved up.

    Does nothing where the announcement has been withdrawn.
    """
    if form.kind != AnswerForm.Kind.VOLUNTEERS or form.stop == AnswerForm.Stop.WITHDRAWN:
        return 0
    free = (form.places or 0) - form.sign_ups.holding().count()
    moved = list(form.sign_ups.waiting()[: max(0, free)])
    SignUp.objects.filter(pk__in=[each.pk for each in moved]).update(state=State.SIGNED_UP)
    for each in moved:
        key = f"moved-up:{each.pk}:{each.queued_at.timestamp()}"
        notify(kind="volunteer_moved_up", recipients=[each.employee_id], event_key=key, target_id=each.pk)
        record_audit_event(actor=None, verb="responses.moved_up", obj=each)
    return len(moved)
