from __future__ import annotations

from typing import Any

from django.db.models import Model

from directory.models import AuditEvent, Employee


def record_audit_event(
    *,
    actor: Employee | None,
    verb: str,
    obj: Model | None = None,
    subject: Employee | None = None,
    facts: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add one line to the log: `actor` (None for the system) did `verb` ("directory.role_granted") to `obj`.

    `subject` is whom it concerns, who may read it. `facts` holds ids and figures, never what people wrote.
    """
    named = (obj._meta.label_lower, str(getattr(obj, "public_id", obj.pk))) if obj is not None else ("", "")
    return AuditEvent.objects.create(
        actor=actor, verb=verb, object_type=named[0], object_id=named[1], subject=subject, facts=facts or {}
    )
