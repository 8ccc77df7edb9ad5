from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.national_ids import holds_national_id
from core.text import check_text
from directory.models import Employee, Role, RoleGrant
from notifications.actions import notify
from onboarding.models import Correction

MAX_LENGTH = 1_000
# So many of one person's reports may wait at a time.
MOST_OPEN = 10
SETTLED_KEPT_DAYS = 90


@transaction.atomic
def report_wrong(*, actor: Employee, employee: Employee, text: str) -> Correction:
    """Tell HR that something about `employee` is wrong. HR is notified; the reporter gets an answer.

    `employee` is somebody `actor` may see. Raises RefusedError at "text" when it cannot be taken, or when ten of
    the actor's reports wait already.
    """
    text = _check(text)
    Employee.objects.select_for_update().get(pk=actor.pk)
    if Correction.objects.filter(reported_by=actor, settled_at=None).count() >= MOST_OPEN:
        refusal = _("%(count)d of your reports wait for HR. Tell us the next one when some are answered.")
        raise RefusedError(refusal % {"count": MOST_OPEN}, field="text", code="too_many_open")
    correction = Correction.objects.create(employee=employee, reported_by=actor, text=text)
    _notify("correction", correction, _who_answers(), actor)
    return correction


@transaction.atomic
def settle_correction(*, actor: Employee, correction: Correction, answer: str) -> None:
    """Answer the reporter in a few words and close the matter. Raises PermissionDenied, or RefusedError at "answer"."""
    require(Correction.objects.to_answer(actor).filter(pk=correction.pk).exists())
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    if current.settled_at is not None:
        raise RefusedError(_("Somebody else has answered this already."), code="settled")
    current.answer = _check(answer, field="answer")
    current.settled_at, current.settled_by = timezone.now(), actor
    current.save(update_fields=["answer", "settled_at", "settled_by"])
    if current.reported_by_id:
        _notify("correction_answered", current, [current.reported_by_id], actor)


def _notify(kind: str, correction: Correction, recipients: list[int], actor: Employee) -> None:
    key = f"correction:{correction.pk}"
    notify(kind=kind, recipients=recipients, event_key=key, actor=actor, target_id=correction.pk)


def _check(text: str, field: str = "text") -> str:
    try:
        kept = check_text(text.strip(), max_length=MAX_LENGTH)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=field) from error
    if not kept:
        raise RefusedError(_("Write a few words."), field=field)
    if holds_national_id(kept):
        raise RefusedError(_("Take out the national identity number. HR does not need it here."), field=field)
    return kept


def _who_answers() -> list[int]:
    """HR."""
    holders = RoleGrant.objects.in_force().filter(role=Role.HR, employee__is_active=True)
    return list(holders.values_list("employee_id", flat=True).distinct())
