from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from directory.querysets import OrgUnitQuerySet
from groups.actions import save_audience
from groups.audience_input import token_of
from groups.audiences import terms_of
from groups.models import AudienceTerm, Group
from groups.querysets import GroupQuerySet
from notifications.actions import notify
from onboarding.enrolment_jobs import reconcile_soon
from onboarding.matching import RuleFacts
from onboarding.models import EnrolmentRule

PROPOSED_GRACE_DAYS = 14
MOST_DAYS = 3660
MOST_GROUPS = 20


def branches_for_rules(employee: Employee) -> OrgUnitQuerySet:
    """Return the branches a rule of `employee` may keep to: the agencies, or those one administers."""
    units: OrgUnitQuerySet = OrgUnit.objects.active().order_by("name", "pk")
    if employee.has_perm("onboarding.keep_rules_everywhere"):
        return units.filter(kind=OrgUnit.Kind.AGENCY)
    return units.filter(path__in=employee.role_paths("agency_admin"))


def groups_for_rules(employee: Employee) -> GroupQuerySet:
    """Return the groups `employee` may let a rule fill: live ones, hidden ones only as their owner.

    An agency's administrator fills those of the own branch, and those they own. Sensitive groups take no rules.
    """
    owned = Q(pk__in=employee.memberships.filter(role="owner").values("group_id"))
    known = Q(privacy__in=[Group.Privacy.OPEN, Group.Privacy.CLOSED])
    if not employee.has_perm("onboarding.keep_rules_everywhere"):
        known &= reduce(
            or_, (Q(unit__path__startswith=path) for path in employee.role_paths("agency_admin")), Q(pk__in=[])
        )
    return Group.objects.visible_to(employee).live().filter(known | owned, sensitive=False)


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
    PermissionDenied without the right, RefusedError when groups are missing, the branch is not the actor's or a
    number of days does not fit.
    """
    require(actor.has_perm("onboarding.keep_rules"))
    require(rule is None or actor.has_perm("onboarding.change_rule", rule))
    wanted = list(groups)
    _check(actor, wanted, facts, rule)
    audience = save_audience(terms=terms, audience=rule.audience if rule else None)
    rule = rule or EnrolmentRule(audience=audience, created_by=actor)
    is_new = rule.pk is None
    for each in fields(facts):
        setattr(rule, each.name, getattr(facts, each.name))
    rule.save()
    former = set(rule.groups.values_list("pk", flat=True))
    rule.groups.set(wanted)
    _log(actor, rule, "onboarding.rule_made" if is_new else "onboarding.rule_changed")
    new = [group for group in wanted if group.pk not in former]
    tell_owners(actor=actor, kind="rule_for_group", key=f"rule:{rule.pk}", groups=new)
    reconcile_soon(rule_id=rule.pk)
    return rule


@transaction.atomic
def switch_rule(*, actor: Employee, rule: EnrolmentRule, on: bool) -> None:
    """Let the rule work, or rest: its people then leave the groups after its days of grace. Logged."""
    require(actor.has_perm("onboarding.change_rule", rule))
    if rule.is_active != on:
        rule.is_active = on
        rule.save(update_fields=["is_active"])
        _log(actor, rule, "onboarding.rule_switched_on" if on else "onboarding.rule_switched_off")
        reconcile_soon(rule_id=rule.pk)


@transaction.atomic
def end_grace(*, actor: Employee, rule: EnrolmentRule, employee: Employee) -> None:
    """End the days of grace `rule` gives `employee`, so that they leave its groups at once. Logged, for them to read.

    Raises PermissionDenied for others than those who keep the rule.
    """
    require(actor.has_perm("onboarding.change_rule", rule))
    if rule.enrolments.in_grace().filter(employee=employee).update(leaves_at=timezone.now()):
        record_audit_event(actor=actor, verb="onboarding.grace_ended", obj=rule, subject=employee)
        reconcile_soon([employee.pk])


def tell_owners(*, actor: Employee, kind: str, key: str, groups: Iterable[Group]) -> None:
    """Tell those who run the groups among `groups` that are not open that something will fill them from now on.

    `key` stands for what happened: nobody is told of it twice.
    """
    for group in groups:
        if group.privacy != Group.Privacy.OPEN:
            recipients = list(group.memberships.helpers().values_list("employee_id", flat=True))
            notify(kind=kind, recipients=recipients, event_key=f"{key}:{group.pk}", actor=actor, target_id=group.pk)


def _check(actor: Employee, groups: list[Group], facts: RuleFacts, rule: EnrolmentRule | None) -> None:
    kept = rule.branch_id if rule else None
    if facts.branch is None:
        if not actor.has_perm("onboarding.keep_rules_everywhere"):
            raise RefusedError(_("Choose which part of the organisation it is for."), field="branch")
    elif facts.branch.pk != kept and not branches_for_rules(actor).filter(pk=facts.branch.pk).exists():
        raise RefusedError(_("We did not find the unit you chose."), field="branch")
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
    said = {name: getattr(rule, name) for name in ("may_leave", "ends_after_days", "grace_days", "branch_id")}
    terms = [[term.exclude, token_of(term)] for term in terms_of(rule.audience)]
    groups = list(rule.groups.order_by("pk").values_list("pk", flat=True))
    record_audit_event(actor=actor, verb=verb, obj=rule, facts=said | {"terms": terms, "groups": groups})
