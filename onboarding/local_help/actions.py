"""Where help is found, as those who look after a branch say it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from onboarding.arrivals.wording import checked_line
from onboarding.hr_file.tidying import UnreadableError, read_phone
from onboarding.models import LocalHelp
from onboarding.querysets.arrivals import KEEPERS

TEXT_LENGTH = 120


@dataclass(frozen=True)
class HelpFacts:
    """What is said of one unit; "" where it is as in the unit above."""

    on_call_phone: str = ""
    place: str = ""
    hours: str = ""


def keeps_help_of(employee: Employee, unit: OrgUnit) -> bool:
    """Say whether `employee` looks after the branch of `unit`."""
    return any(unit.path.startswith(path) for path in employee.role_paths(*KEEPERS))


@transaction.atomic
def write_local_help(*, actor: Employee, unit: OrgUnit, facts: HelpFacts) -> None:
    """Keep where those of `unit` find help; with nothing said it is as above again. Logged.

    Raises PermissionDenied for others than those who look after the branch, RefusedError at the field for a number
    that is none, and for what cannot stand there.
    """
    require(keeps_help_of(actor, unit))
    try:
        phone = read_phone(facts.on_call_phone)
    except UnreadableError:
        raise RefusedError(_("This is not a telephone number."), field="on_call_phone") from None
    words = {"place": facts.place, "hours": facts.hours}
    said = {
        name: checked_line(text, field=name, max_length=TEXT_LENGTH, required=False) for name, text in words.items()
    }
    kept = said | {"on_call_phone": phone}
    if any(kept.values()):
        LocalHelp.objects.update_or_create(unit=unit, defaults=kept)
    else:
        LocalHelp.objects.filter(unit=unit).delete()
    record_audit_event(actor=actor, verb="onboarding.local_help_changed", obj=unit, facts=kept)


def help_for(unit: OrgUnit | None) -> HelpFacts:
    """Return where those of `unit` find help: each fact from the nearest unit that says it. One query."""
    said = {"on_call_phone": "", "place": "", "hours": ""}
    for found in LocalHelp.objects.above(unit) if unit else ():
        said["on_call_phone"] = said["on_call_phone"] or found.on_call_phone
        # The hours are those of the place they stand beside.
        if not said["place"] and not said["hours"]:
            said |= {"place": found.place, "hours": found.hours}
    return HelpFacts(**said)
