"""May they? One rule per verb, answered alike for one object, for a whole list and for no object at all.

A rule takes the employee and returns either a bool (a right that needs no object) or a `Q` on the model it
speaks of. `allows` asks it of one object, `annotate_allowed` of every row of a queryset in the same query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from core.registry import Registry

Rule = Callable[[Any], "Q | bool"]
R = TypeVar("R", bound=Rule)
M = TypeVar("M", bound=Model)

rules: Registry[Rule] = Registry("policy")


def policy(verb: str) -> Callable[[R], R]:
    """Register the decorated rule as the answer to `employee.has_perm(verb, obj)`; `verb` is "app.verb"."""

    def register(rule: R) -> R:
        rules.add(verb, rule)
        return rule

    return register


def allows(employee: Any, verb: str, obj: Model | None = None) -> bool:
    """Say whether `employee` may do `verb`, to `obj` where the rule speaks of objects.

    Raises KeyError for an unknown verb (a spelling mistake must never read as «no»), and TypeError when a rule
    on objects is asked without one.
    """
    rule = rules.get(verb)
    if not getattr(employee, "is_active", False):
        return False
    answer = rule(employee)
    if isinstance(answer, bool):
        return answer
    if obj is None:
        raise TypeError(f"{verb} is asked of an object")
    # `__class__`, because the signed-in person may come wrapped (lazily loaded).
    return obj.__class__._base_manager.filter(answer, pk=obj.pk).exists()


def allowed(queryset: QuerySet[M], employee: Any, verb: str) -> QuerySet[M]:
    """Keep the rows of `queryset` to which `employee` may do `verb`."""
    answer = rules.get(verb)(employee)
    if isinstance(answer, bool):
        return queryset if answer else queryset.none()
    return queryset.filter(answer)


def annotate_allowed(queryset: QuerySet[M], employee: Any, **verbs: str) -> QuerySet[M]:
    """Add one boolean per keyword: `annotate_allowed(groups, me, may_write="groups.write")`."""
    for name, verb in verbs.items():
        answer = rules.get(verb)(employee)
        condition = answer if isinstance(answer, Q) else Q(pk__isnull=not answer)
        queryset = queryset.annotate(**{name: ExpressionWrapper(condition, output_field=BooleanField())})
    return queryset
