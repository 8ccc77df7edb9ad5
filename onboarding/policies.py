"""Who may keep the rules that put people into groups."""

from __future__ import annotations

from django.db.models import Q

from core.policies import policy
from directory.models import Employee
from onboarding.models import EnrolmentRule
from onboarding.querysets.arrivals import KEEPERS


@policy("onboarding.keep_rules")
def keep_rules(employee: Employee) -> bool:
    """HR and the organisation's administrators; an agency's administrators for their own branch."""
    return employee.has_role("hr", "admin", "agency_admin")


@policy("onboarding.keep_rules_everywhere")
def keep_rules_everywhere(employee: Employee) -> bool:
    """HR and the organisation's administrators write rules that keep to no branch."""
    return employee.has_role_everywhere("hr", "admin")


@policy("onboarding.change_rule")
def change_rule(employee: Employee) -> Q:
    """Whoever may see a rule keeps it."""
    return Q(pk__in=EnrolmentRule.objects.visible_to(employee).values("pk"))


@policy("onboarding.answer_corrections")
def answer_corrections(employee: Employee) -> bool:
    """HR alone: that is what whoever reports is told."""
    return employee.has_role("hr")


@policy("onboarding.import_photos")
def import_photos(employee: Employee) -> bool:
    """HR and the organisation's administrators supply pictures for people to say yes or no to."""
    return employee.has_role("hr", "admin")


@policy("onboarding.greet")
def greet(employee: Employee) -> Q:
    """A new colleague is greeted by the own leader, before the first day too."""
    coming = employee.coming_employments().values("employee_id")
    return Q(employee__in=coming) | Q(employee__in=employee.led_employments().values("employee_id"))


@policy("onboarding.prepare_arrivals")
def prepare_arrivals(employee: Employee) -> bool:
    """Who leads somebody prepares for new colleagues; HR and the agency's administrators in their branch."""
    return bool(employee.led_paths) or employee.has_role(*KEEPERS) or employee.led_employments().exists()


@policy("onboarding.keep_arrival_lists")
def keep_arrival_lists(employee: Employee) -> bool:
    """What is made ready is decided by HR and the administrators, each for the own branch."""
    return employee.has_role(*KEEPERS)


@policy("onboarding.keep_scim")
def keep_scim(employee: Employee) -> bool:
    """What may change everybody's account is for the administrators of the whole organisation."""
    return employee.has_role_everywhere("admin")


@policy("onboarding.see_never_signed_in")
def see_never_signed_in(employee: Employee) -> Q:
    """Who has never signed in is known to HR and to the own leader."""
    return Q() if employee.has_role("hr") else Q(pk__in=employee.led_employments().values("employee_id"))
