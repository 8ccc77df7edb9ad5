from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.database import lock_for_transaction
from core.errors import RefusedError, require
from directory.actions.audit import record_audit_event
from directory.models import Employee, Employment, OrgUnit
from directory.search_texts import refresh_search_texts

MAX_NAME, MAX_SHORT_NAME = 200, 40


@transaction.atomic
def rename_unit(*, actor: Employee, unit: OrgUnit, name: str, short_name: str) -> OrgUnit:
    """Give the unit another name, and let everybody who works in it be found by it at once; log it.

    `short_name` is what people say for short, "" for nothing. Addresses and codes stay as they are. Raises
    PermissionDenied when `actor` may not, RefusedError at "name" or "short_name".
    """
    require(actor.has_perm("directory.rename_units", unit))
    name, short_name = _check(name, MAX_NAME, "name"), _check(short_name, MAX_SHORT_NAME, "short_name")
    if not name:
        raise RefusedError(_("Write what the unit is called."), field="name")
    # An import writes the same words.
    lock_for_transaction("people")
    current = OrgUnit.objects.select_for_update().get(pk=unit.pk)
    if (current.name, current.short_name) == (name, short_name):
        return current
    facts = {"former": current.name, "current": name}
    current.name, current.short_name = name, short_name
    current.save(update_fields=["name", "short_name"])
    people = Employment.objects.current().in_branch(current.path)
    refresh_search_texts(list(people.order_by().values_list("employee", flat=True).distinct()))
    record_audit_event(actor=actor, verb="directory.unit_renamed", obj=current, facts=facts)
    return current


def _check(text: str, length: int, field: str) -> str:
    kept = " ".join(text.replace("\x00", "").split())
    if len(kept) > length:
        raise RefusedError(_("At most %(count)d characters fit.") % {"count": length}, field=field)
    return kept
