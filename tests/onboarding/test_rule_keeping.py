"""Rules of a branch, who loses what, days of grace and the history of a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from core.errors import RefusedError
from directory.actions import refresh_people
from directory.models import AuditEvent, Employee, Employment, RoleGrant
from groups.actions import join_group
from groups.models import AudienceTerm, Group, OptOut
from notifications.fan_out import run_due_fan_outs
from onboarding.matching import RuleFacts, preview_effect, preview_switching_off
from onboarding.models import EnrolmentRule
from onboarding.reconcile import reconcile_enrolments
from onboarding.rules.actions import end_grace, groups_for_rules, save_rule
from onboarding.rules.history import history_of
from tests.conftest import City

ClientOf = Callable[[Employee], Client]
MakeGroup = Callable[..., Group]


@pytest.fixture
def local(make_employee: Any, city: City) -> Employee:
    """Administers Bydel Alna."""
    person: Employee = make_employee("Tor Vik", unit=city.alna)
    RoleGrant.objects.create(employee=person, role="agency_admin", unit=city.alna)
    return person


def everyone() -> list[AudienceTerm]:
    return [AudienceTerm(kind="everyone")]


def made(actor: Employee, *groups: Group, terms: list[AudienceTerm] | None = None, **facts: Any) -> EnrolmentRule:
    rule = save_rule(actor=actor, terms=terms or everyone(), groups=groups, facts=RuleFacts(**facts))
    reconcile_enrolments()
    return rule


def people_in(group: Group) -> set[str]:
    return set(group.memberships.values_list("employee__first_name", flat=True))


def test_a_rule_of_a_branch_keeps_to_it(
    city: City, local: Employee, amina: Employee, thanh: Employee, make_group: MakeGroup
) -> None:
    group, other = make_group("Alle i Alna", unit=city.alna), make_group("Vann", unit=city.water)
    assert set(groups_for_rules(local)) == {group}
    made(local, group, branch=city.alna)
    assert people_in(group) == {"Amina", "Kari", "Tor"}
    assert amina.memberships.get().reason == {"kind": "unit", "name": "Bydel Alna"}
    for branch in (None, city.water, city.whole):
        with pytest.raises(RefusedError):
            save_rule(actor=local, terms=everyone(), groups=[other], facts=RuleFacts(branch=branch))


def test_the_rules_of_others_are_not_theirs(
    city: City, local: Employee, hege: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    own = made(local, make_group("Alna", unit=city.alna), branch=city.alna)
    others = made(hege, make_group("Alle"))
    assert set(EnrolmentRule.objects.visible_to(local)) == {own}
    assert set(EnrolmentRule.objects.visible_to(hege)) == {own, others}
    with pytest.raises(PermissionDenied):
        save_rule(actor=local, terms=everyone(), groups=[], facts=RuleFacts(branch=city.alna), rule=others)
    client = client_of(local)
    assert client.get(reverse("change_rule", args=[others.public_id])).status_code == 404
    page = client.get(reverse("change_rule", args=[own.public_id])).content.decode()
    assert "Bydel Alna" in page
    assert client.get(f"/api/v1/rules/{own.public_id}/").json()["branch"] == city.alna.public_id


def test_who_loses_a_group_is_told_before(
    city: City, hege: Employee, amina: Employee, kari: Employee, thanh: Employee, make_group: MakeGroup
) -> None:
    group, other = make_group("Fagnett"), make_group("Kaffe")
    join_group(actor=kari, group=group)
    rule = made(hege, group, other)
    made(hege, group, terms=[AudienceTerm(kind="unit", unit=city.water)])
    # Kari and Thanh stay in the one group by hand and by another rule, and lose the other.
    only_water = [AudienceTerm(kind="unit", unit=city.water)]
    effect = preview_effect(only_water, [group], RuleFacts(), rule, reader=hege)
    assert (effect.applies_to, effect.joining, effect.leaving) == (1, 0, 4)
    assert preview_effect(only_water, [group, other], RuleFacts(), rule, reader=hege).leaving == 3
    off = preview_switching_off(rule)
    assert (off.applies_to, off.leaving) == (4, 4)
    assert {person.first_name for person in off.leavers} == {"Amina", "Kari", "Hege", "Thanh"}
    other.memberships.all().delete()
    assert {person.first_name for person in preview_switching_off(rule).leavers} == {"Amina", "Hege"}


def test_a_preview_tells_nothing_of_who_is_in_a_closed_group(
    city: City, hege: Employee, admin: Employee, amina: Employee, kari: Employee, make_group: MakeGroup
) -> None:
    closed = make_group("Ny turnus", "closed", owner=kari, members=[amina])
    OptOut.objects.create(group=closed, employee=hege, removed_by=kari)
    alna = [AudienceTerm(kind="unit", unit=city.alna)]
    assert preview_effect(alna, [closed], RuleFacts(), reader=kari).joining == 0
    told = preview_effect(alna, [closed], RuleFacts(), reader=hege)
    assert (told.joining, told.counts_unseen) == (told.applies_to, True)
    assert amina in told.joiners
    rule = made(hege, closed, terms=[AudienceTerm(kind="unit", unit=city.west)])
    # Whom a rule of the house holds there is no secret to who keeps its rules.
    again = preview_effect(rule.audience.terms.all(), [closed], RuleFacts(), rule, reader=hege)
    assert (again.joining, again.counts_unseen) == (0, True)


def test_days_of_grace_end_at_once_where_hr_says_so(
    city: City, hege: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    group = make_group("Alna vest")
    rule = made(hege, group, terms=[AudienceTerm(kind="unit", unit=city.west)], grace_days=14)
    Employment.objects.filter(employee=amina).update(unit=city.water)
    refresh_people([amina.pk])
    reconcile_enrolments()
    assert amina.memberships.get().reading_until
    client = client_of(hege)
    assert "Amina Hassan" in client.get(reverse("change_rule", args=[rule.public_id])).content.decode()
    client.post(reverse("end_grace_of_rule", args=[rule.public_id, amina.public_id]))
    run_due_fan_outs()
    assert "Amina" not in people_in(group)
    assert AuditEvent.objects.get(verb="onboarding.grace_ended").subject == amina
    with pytest.raises(PermissionDenied):
        end_grace(actor=amina, rule=rule, employee=amina)


def test_history_says_what_the_rule_was(city: City, hege: Employee, kari: Employee, make_group: MakeGroup) -> None:
    first, second = make_group("Første"), make_group("Skjult", "secret", owner=hege)
    rule = made(hege, first, terms=[AudienceTerm(kind="unit", unit=city.west)])
    save_rule(actor=hege, terms=everyone(), groups=[second], facts=RuleFacts(ends_after_days=90), rule=rule)
    told = history_of(rule, hege)
    assert [entry.actor for entry in told] == [hege, hege]
    newest, oldest = [str(entry.sentence) for entry in told]
    assert "Alna vest" in oldest
    assert "Første" in oldest
    assert "Skjult" in newest
    assert "90" in newest
    assert "Skjult" not in str(history_of(rule, kari)[0].sentence)


def test_rules_are_found_by_what_they_name(
    city: City,
    hege: Employee,
    kari: Employee,
    make_group: MakeGroup,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made(hege, make_group("Nattvakter"), terms=[AudienceTerm(kind="unit", unit=city.water)])
    made(hege, make_group("Fagnett"), terms=[AudienceTerm(kind="job_family", job_family=city.nurses)])
    secret = make_group("Natteravn", "secret", owner=kari)
    EnrolmentRule.objects.last().groups.add(secret)  # type: ignore[union-attr]
    client = client_of(hege)

    def found(text: str) -> list[str]:
        return [one.groups[0].name for one in client.get(reverse("manage_rules"), {"q": text}).context["rules"]]

    assert found("avløp") == found("natt") == ["Nattvakter"]
    assert found("sykepl") == ["Fagnett"]
    assert found("ravn") == found("nul\x00l") == []
    monkeypatch.setattr("onboarding.rules.listing.RULES_SHOWN", 1)
    page = client.get(reverse("manage_rules"))
    assert len(page.context["rules"]) == 1
    assert len(client.get(reverse("manage_rules"), {"from": page.context["page"].next_from}).context["rules"]) == 1
