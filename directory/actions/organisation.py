"""What the organisation itself decides."""

from __future__ import annotations

from django.db import transaction

from core.errors import require
from directory.actions.audit import record_audit_event
from directory.models import Employee, Organisation


@transaction.atomic
def change_second_pair_of_eyes(*, actor: Employee, wanted: bool) -> Organisation:
    """Decide whether another person looks over what goes to everyone before it is sent, and log it.

    What already waits for approval goes on waiting. Raises PermissionDenied for all but administrators.
    """
    require(actor.has_perm("directory.keep_settings"))
    Organisation.objects.get_or_create(pk=1)
    organisation = Organisation.objects.select_for_update().get(pk=1)
    if organisation.second_pair_of_eyes != wanted:
        organisation.second_pair_of_eyes = wanted
        organisation.save(update_fields=["second_pair_of_eyes"])
        facts = {"wanted": wanted}
        record_audit_event(actor=actor, verb="directory.second_pair_of_eyes_changed", obj=organisation, facts=facts)
    return organisation
