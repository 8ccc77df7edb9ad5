"""Taking answers out of Tunet is logged."""

from __future__ import annotations

from core.errors import require
from directory.actions import record_audit_event
from directory.models import Employee
from responses.models import AnswerForm


def record_export(*, actor: Employee, form: AnswerForm, rows: int) -> None:
    """Log that `actor` took out so many rows. Raises PermissionDenied for those who do not keep the form."""
    require(actor.has_perm("responses.manage", form))
    record_audit_event(actor=actor, verb="responses.exported", obj=form.announcement, facts={"rows": rows})
