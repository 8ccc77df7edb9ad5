from __future__ import annotations

from directory.models import Employee, HouseRules, HouseRulesAcceptance


def accept_house_rules(*, actor: Employee, house_rules: HouseRules) -> HouseRulesAcceptance:
    """Keep that `actor` has accepted this version. Accepting it again changes nothing."""
    acceptance, _ = HouseRulesAcceptance.objects.get_or_create(employee=actor, house_rules=house_rules)
    return acceptance
