from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from groups.actions import save_audience
from groups.models import AudienceTerm, Group
from groups.querysets import GroupQuerySet
from notifications.actions import notify
from onboarding.enrolment_jobs import reconcile_soon
from onboarding.models import EnrolmentRule

PROPOSED_GRACE_DAYS = 14
MOST_DAYS = 3660
MOST_GROUPS = 20


@dataclass(frozen=True)
class RuleFacts:
    """How a rule treats its people."""

    may_leave: bool = True
    ends_after_days: int | None = None
    grace_days: int = 0


def groups_for_rules(employee: Employee) -> GroupQuerySet:
    """Return the groups `employee` may let a rule fill: live ones, hidden ones only as their owner.

    Sensitive groups take no rules.
    """
    owned = employee.memberships.filter(role="owner").values("group_id")
    known = Q(privacy__in=[Group.Privacy.OPEN, Group.Privacy.CLOSED]) | Q(pk__in=owned)
    return Group.objects.visible_to(employee).live().filter(known, sensitive=False)


@transaction.atomic
def save_rule(
    *,
    actor: Employee,
    terms: Iterable[AudienceTerm],
    groups: Iterable[Group],
    facts: RuleFacts,
    rule: EnrolmentRule | None = None,
) -> EnrolmentRule:
    """Store a new rule, or change `rule`, and have everyone reconciled. Logged; owners of closed groups are told.

    `terms` come from `parse_audience(…, hr_facts_only=True)`, `groups` from `groups_for_rules(actor)`. Raises
    PermissionDenied without the right, RefusedError when groups are missing or a number of days does not fit.
    """
    require(actor.has_perm("onboarding.keep_rules"))
    wanted = list(groups)
    _check(wanted, facts)
    audience = save_audience(terms=terms, audience=rule.audience if rule else None)
    rule = rule or EnrolmentRule(audience=audience, created_by=actor)
    is_new = rule.pk is None
    for name, value in asdict(facts).items():
        setattr(rule, name, value)
    rule.save()
    former = set(rule.groups.values_list("pk", flat=True))
    rule.groups.set(wanted)
    _log(actor, rule, "onboarding.rule_made" if is_new else "onboarding.rule_changed")
    _tell_owners(actor, rule, [group for group in wanted if group.pk not in former])
    reconcile_soon()
    return rule


@transaction.atomic
def switch_rule(*, actor: Employee, rule: EnrolmentRule, on: bool) -> None:
    """Let the rule work, or rest: its people then leave the groups after its days of grace. Logged."""
    require(actor.has_perm("onboarding.keep_rules"))
    if rule.is_active != on:
        rule.is_active = on
        rule.save(update_fields=["is_active"])
        _log(actor, rule, "onboarding.rule_switched_on" if on else "onboarding.rule_switched_off")
        reconcile_soon()


def _check(groups: list[Group], facts: RuleFacts) -> None:
    if not groups:
        raise RefusedError(_("Choose at least one group."), field="groups")
    if len(groups) > MOST_GROUPS:
        message = _("A rule can fill at most %(count)d groups.") % {"count": MOST_GROUPS}
        raise RefusedError(message, field="groups")
    message = _("Write a number of days from 1 to %(most)d.") % {"most": MOST_DAYS}
    if facts.ends_after_days is not None and not 1 <= facts.ends_after_days <= MOST_DAYS:
        raise RefusedError(message, field="ends_after_days")
    if not 0 <= facts.grace_days <= MOST_DAYS:
        raise RefusedError(_("Write a number of days from 0."), field="grace_days")


def _log(actor: Employee, rule: EnrolmentRule, verb: str) -> None:
    groups = list(rule.groups.values_list("public_id", flat=True))
    record_audit_event(actor=actor, verb=verb, obj=rule, facts={"groups": groups, "may_leave": rule.may_leave})


def _tell_owners(actor: Employee, rule: EnrolmentRule, groups: list[Group]) -> None:
    for group in groups:
        if group.privacy != Group.Privacy.OPEN:
            notify(
                kind="rule_for_group",
                recipients=list(group.memberships.helpers().values_list("employee_id", flat=True)),
                event_key=f"rule:{rule.pk}:{group.pk}",
                actor=actor,
                target_id=group.pk,
            )
