"""May they? One rule per verb, answered alike for one object, for a whole list and for no object at all.

A rule takes the employee and returns either a bool (a right that needs no object) or a `Q` on the model it
speaks of. `allows` asks it of one object, `annotate_allowed` of every row of a queryset in the same query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from core.prepared import Prepared
from core.registry import Registry

Rule = Callable[[Any], "Q | bool"]
R = TypeVar("R", bound=Rule)
M = TypeVar("M", bound=Model)

rules: Registry[Rule] = Registry("policy")
# The rules on objects whose statements are kept.
_kept: dict[str, Prepared[Any]] = {}


@dataclass(frozen=True)
class _Asked:
    """What a kept statement depends on besides who asks and of what: the person's rights, and the model."""

    rights: Any
    model: type[Model]


def policy(verb: str, *, kept: bool = False) -> Callable[[R], R]:
    """Register the decorated rule as the answer to `employee.has_perm(verb, obj)`; `verb` is "app.verb".

    The statement of a `kept` rule is written down once for all who have the same rights (`core.prepared`), for rules
    on objects that take long to write down. Such a rule may read of the employee what `employee.rights` holds.
    """

    def register(rule: R) -> R:
        rules.add(verb, rule)
        if kept:
            _kept[verb] = Prepared(_asking(rule))
        return rule

    return register


def _asking(rule: Rule) -> Callable[[Any, int, int], QuerySet[Any]]:
    def build(asked: _Asked, employee: int, obj: int) -> QuerySet[Any]:
        return asked.model._base_manager.only("pk").filter(rule(asked.rights.bearer(employee)), pk=obj)

    return build


def allows(employee: Any, verb: str, obj: Model | None = None) -> bool:
    """Say whether `employee` may do `verb`, to `obj` where the rule speaks of objects.

    Raises KeyError for an unknown verb (a spelling mistake must never read as «no»), and TypeError when a rule
    on objects is asked without one.
    """
    rule = rules.get(verb)
    if not getattr(employee, "is_active", False):
        return False
    if verb in _kept and obj is not None:
        return bool(_kept[verb].ask(_Asked(employee.rights, obj.__class__), [employee.pk, obj.pk]))
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
