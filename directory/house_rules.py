"""The gate before writing: whoever writes has accepted the house rules in force."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from core.errors import HouseRulesRequiredError
from directory.models import Employee, HouseRules, HouseRulesAcceptance


def current_house_rules() -> HouseRules | None:
    """Return the rules in force: the newest version, or None where the organisation has none."""
    return HouseRules.objects.order_by("-version").first()


def has_accepted(employee: Employee) -> bool:
    """Say whether `employee` may write: the rules in force are accepted, there are none, or it is a service."""
    if employee.kind == Employee.Kind.SERVICE:
        return True
    accepted = HouseRulesAcceptance.objects.filter(house_rules=OuterRef("pk"), employee=employee)
    newest = HouseRules.objects.order_by("-version").annotate(accepted=Exists(accepted))
    return bool(newest.values_list("accepted", flat=True).first() in (True, None))


def require_accepted(employee: Employee) -> None:
    """Raise HouseRulesRequiredError unless `employee` may write. Never ask it of reading or confirming."""
    if not has_accepted(employee):
        raise HouseRulesRequiredError
