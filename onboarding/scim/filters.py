"""Filters as SQL, as far as SQL can tell; the protocol's own evaluation settles the rest, row by row."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from core.clock import moment_in
from onboarding.scim.resources import USER
from onboarding.scim.told import is_storable, name_key

_TEXT = {
    CompareOperator.eq: "",
    CompareOperator.co: "__contains",
    CompareOperator.sw: "__startswith",
    CompareOperator.ew: "__endswith",
}
_TIME = {
    CompareOperator.eq: "",
    CompareOperator.gt: "__gt",
    CompareOperator.ge: "__gte",
    CompareOperator.lt: "__lt",
    CompareOperator.le: "__lte",
}
_TIMES = {"meta.created": "created_at", "meta.lastmodified": "changed_at"}
# Texts of a user that stand in its attributes only.
_NESTED = {
    "displayname": "displayName",
    "title": "title",
    "name.familyname": "name__familyName",
    "name.givenname": "name__givenName",
}


class Narrowed(NamedTuple):
    """A condition that every match meets; `is_exact` when nothing else meets it."""

    condition: Q
    is_exact: bool


ANYTHING = Narrowed(Q(), False)


class Narrowing(FilterVisitor[Narrowed]):
    """Turns a filter on users, or on groups, into a condition on our rows."""

    def __init__(self, kind: str) -> None:
        self.is_user = kind == USER

    def visit_comparison(self, node: Comparison) -> Narrowed:
        """Raises InvalidFilterException for a text that nothing stored can hold."""
        name = _name(node.attr_path)
        if isinstance(node.value, str) and not is_storable(node.value):
            raise InvalidFilterException(detail="The filter compares with NUL or with broken characters")
        if name in _TIMES:
            return _compare_time(_TIMES[name], node)
        if name in {"members", "members.value"} and not self.is_user:
            return _equal("members__user__public_id", node, is_exact=True)
        if self.is_user and name in {"emails", "emails.value"}:
            return _address(node)
        if not isinstance(node.value, str) or node.op not in _TEXT:
            return ANYTHING
        return self._compare_text(name, node.value, _TEXT[node.op])

    def _compare_text(self, name: str, value: str, suffix: str) -> Narrowed:
        folded = suffix.replace("__", "__i") or "__iexact"
        if name == "id":
            return Narrowed(Q(**{f"public_id{suffix}": value}), True)
        if name == "externalid" and value:
            return Narrowed(Q(**{f"external_id{suffix}": value}), True)
        if name == "username" and self.is_user:
            return Narrowed(Q(**{f"user_key{suffix}": name_key(value)}), True)
        if name == "displayname" and not self.is_user:
            return Narrowed(Q(**{f"display_name{folded}": value}), True)
        if name in _NESTED and self.is_user:
            return Narrowed(Q(**{f"attributes__{_NESTED[name]}{folded}": value}), True)
        return ANYTHING

    def visit_present(self, node: Present) -> Narrowed:
        return Narrowed(~Q(external_id=""), True) if _name(node.attr_path) == "externalid" else ANYTHING

    def visit_not(self, node: Not) -> Narrowed:
        inner = self.visit(node.expr)
        # What lacks an attribute is unequal to all; SQL would leave it out.
        certain = inner.is_exact and "attributes__" not in str(inner.condition)
        return Narrowed(~inner.condition, True) if certain else ANYTHING

    def visit_logical_expr(self, node: LogicalExpr) -> Narrowed:
        return _join(node.op, [self.visit(term) for term in node.terms])

    def visit_value_path(self, node: ValuePath) -> Narrowed:
        """`emails[type eq "work" and value eq "a@b.no"]`: the address narrows, the rest is settled by row."""
        inner = node.val_filter
        terms = inner.terms if isinstance(inner, LogicalExpr) and inner.op == LogicalOperator.and_ else (inner,)
        values = [term for term in terms if _is_value(term)]
        if not values:
            return ANYTHING
        value = values[0]
        assert isinstance(value, Comparison)
        whole = Comparison(AttrPath(node.attr_path.attr, "value"), value.op, value.value)
        found = self.visit(whole)
        return Narrowed(found.condition, found.is_exact and len(terms) == 1)


def _join(op: LogicalOperator, parts: list[Narrowed]) -> Narrowed:
    exact = all(part.is_exact for part in parts)
    joined = Q()
    if op == LogicalOperator.and_:
        for part in parts:
            joined &= part.condition
        return Narrowed(joined, exact)
    if not exact and any(part.condition == Q() for part in parts):
        return ANYTHING
    for part in parts:
        joined |= part.condition
    return Narrowed(joined, exact)


def _name(path: AttrPath) -> str:
    return str(AttrPath(path.attr, path.sub_attr)).lower()


def _is_value(node: FilterNode) -> bool:
    return isinstance(node, Comparison) and _name(node.attr_path) == "value" and node.op == CompareOperator.eq


def _equal(column: str, node: Comparison, *, is_exact: bool) -> Narrowed:
    if node.op != CompareOperator.eq or not isinstance(node.value, str):
        return ANYTHING
    return Narrowed(Q(**{column: node.value}), is_exact)


def _address(node: Comparison) -> Narrowed:
    if node.op != CompareOperator.eq or not isinstance(node.value, str):
        return ANYTHING
    return Narrowed(Q(addresses__contains=[node.value.lower()]), True)


def _compare_time(column: str, node: Comparison) -> Narrowed:
    moment = moment_in(node.value)
    if moment is None or node.op not in _TIME:
        return ANYTHING
    return Narrowed(Q(**{f"{column}{_TIME[node.op]}": moment}), True)
