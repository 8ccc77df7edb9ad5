from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import AuditEvent, Employee
from directory.signals import employees_changed
from groups.actions import save_audience
from groups.models import Audience, AudienceTerm, Group, Membership, OptOut
from notifications.daily import begin_day
from notifications.fan_out import run_due_fan_outs
from notifications.models import FanOut, Notification
from onboarding import enrolment_jobs
from onboarding.models import EnrolmentRule
from onboarding.reconcile import reconcile_enrolments
from onboarding.rules.listing import RULES_SHOWN
from tests.conftest import City

ClientOf = Callable[[Employee], Client]
MakeGroup = Callable[..., Group]


def rule_data(city: City, *groups: Group, **more: Any) -> dict[str, Any]:
    return {
        "audience_include": f"unit:{city.west.public_id}",
        "group": [group.public_id for group in groups],
        "may_leave": "no",
        "grace_days": "14",
        "ends_after_days": "",
    } | more


def test_effect_is_shown_before_it_is_saved(
    city: City, hege: Employee, kari: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    group = make_group("Alna vest", members=[kari])
    client, data = client_of(hege), rule_data(city, group)
    first = client.post(reverse("new_rule"), data)
    assert first.status_code == 200
    assert not EnrolmentRule.objects.exists()
    effect = first.context["form"].effect
    assert (effect.applies_to, effect.joining) == (2, 1)

    seen = first.context["form"].digest
    changed = client.post(reverse("new_rule"), data | {"seen": seen, "may_leave": "yes"})
    assert changed.status_code == 200
    saved = client.post(reverse("new_rule"), data | {"seen": seen})
    assert saved.status_code == 302
    rule = EnrolmentRule.objects.get()
    assert (rule.may_leave, rule.grace_days, rule.ends_after_days) == (False, 14, None)
    assert AuditEvent.objects.filter(verb="onboarding.rule_made").exists()
    # Until it is reckoned nobody says how many, least of all none; then the number stands.
    assert "Regnes ut nå" in client.get(saved["Location"]).content.decode()
    run_due_fan_outs()
    assert "Gjelder 2 personer" in client.get(saved["Location"]).content.decode()
    assert set(group.memberships.values_list("employee", flat=True)) == {kari.pk, amina.pk}


def test_the_form_proposes_days_of_grace(hege: Employee, client_of: ClientOf) -> None:
    page = client_of(hege).get(reverse("new_rule"))
    assert 'name="grace_days" value="14"' in page.content.decode()


def test_choosing_groups_without_scripts(
    city: City, hege: Employee, kari: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    closed, secret = make_group("Alna vest", "closed", owner=kari), make_group("Alna skjult", "secret", owner=kari)
    sensitive = make_group("Alna fagforening", "closed", owner=kari, sensitive=True)
    client = client_of(hege)
    found = client.post(reverse("new_rule"), rule_data(city, group_q="alna", group_find="1"))
    assert [group.name for group in found.context["form"].group_hits] == ["Alna vest"]
    assert found.status_code == 200
    for group in (secret, sensitive):
        sent = client.post(reverse("new_rule"), rule_data(city, group_add=group.public_id))
        assert sent.context["form"].groups == []
    chosen = client.post(reverse("new_rule"), rule_data(city, group_add=closed.public_id))
    assert chosen.context["form"].groups == [closed]
    removed = client.post(reverse("new_rule"), rule_data(city, closed, group_remove=closed.public_id))
    assert removed.context["form"].groups == []


@pytest.mark.parametrize(
    "more",
    [
        {"group": []},
        {"audience_include": ""},
        {"audience_include": "unit:xxxxxxxxxxxx"},
        {"grace_days": "-1"},
        {"grace_days": "mange"},
        {"ends_after_days": "0"},
        {"ends_after_days": "999999"},
        {"may_leave": "kanskje"},
    ],
)
def test_what_cannot_be_used_is_said(
    more: dict[str, Any], city: City, hege: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    answer = client_of(hege).post(reverse("new_rule"), rule_data(city, make_group("Alna vest")) | more)
    assert answer.status_code in (200, 422)
    assert not EnrolmentRule.objects.exists()
    if answer.status_code == 422:
        text = answer.content.decode()
        assert "err" in text


def make_rule(city: City, hege: Employee, *groups: Group, **facts: Any) -> EnrolmentRule:
    audience = save_audience(terms=[AudienceTerm(kind="unit", unit=city.west)])
    rule = EnrolmentRule.objects.create(audience=audience, created_by=hege, **facts)
    rule.groups.set(groups)
    return rule


def test_rules_are_told_as_sentences(
    city: City, hege: Employee, admin: Employee, kari: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    secret = make_group("Omstilling", "secret", owner=kari)
    make_rule(city, hege, make_group("Alna <b>vest</b>"), make_group("Bydel Alna"), may_leave=False)
    make_rule(city, hege, secret, ends_after_days=90)
    reconcile_enrolments()
    text = client_of(hege).get(reverse("manage_rules")).content.decode()

    assert "&lt;b&gt;" in text
    assert "Omstilling" not in text
    assert '<span class="tok">' in text


def test_changing_and_switching_off(
    city: City, hege: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    group, other = make_group("Alna vest"), make_group("Alna øst")
    rule, client = make_rule(city, hege, group), client_of(hege)
    reconcile_enrolments()
    shown = client.get(reverse("change_rule", args=[rule.public_id]))
    assert shown.context["form"].groups == [group]
    data = rule_data(city, other) | {"grace_days": "0"}
    address = reverse("change_rule", args=[rule.public_id])
    seen = client.post(address, data).context["form"].digest
    assert client.post(address, data | {"seen": seen}).status_code == 302
    run_due_fan_outs()
    assert not group.memberships.exists()
    assert other.memberships.count() == 2

    switch = reverse("switch_rule", args=[rule.public_id])
    assert b"2 " in client.get(switch).content
    client.post(switch)
    run_due_fan_outs()
    assert not other.memberships.exists()
    client.post(switch, {"on": "1"})
    run_due_fan_outs()
    assert other.memberships.count() == 2


def test_owners_of_closed_groups_are_told(
    city: City, hege: Employee, kari: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    data = rule_data(city, make_group("Ledere", "closed", owner=kari), make_group("Alle", owner=kari))
    client = client_of(hege)
    seen = client.post(reverse("new_rule"), data).context["form"].digest
    client.post(reverse("new_rule"), data | {"seen": seen})
    assert Notification.objects.get().recipient == kari
    assert "Ledere" in client_of(kari).get(reverse("notifications")).content.decode()


def test_only_those_who_keep_rules(
    city: City, hege: Employee, liv: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    rule = make_rule(city, hege, make_group("Alna vest"))
    pages = [reverse("manage_rules"), reverse("new_rule"), reverse("change_rule", args=[rule.public_id])]
    for page in [*pages, "/api/v1/rules/", f"/api/v1/rules/{rule.public_id}/"]:
        assert client_of(amina).get(page).status_code == 403
        assert client_of(liv).get(page).status_code == 403
        assert client_of(hege).get(page).status_code == 200


def test_queries_do_not_grow_with_rules(
    city: City, hege: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    client = client_of(hege)
    make_rule(city, hege, make_group("Første"))

    def count() -> list[int]:
        numbers = []
        for page in (reverse("manage_rules"), "/api/v1/rules/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            numbers.append(len(queries))
        return numbers

    count()
    few = count()
    for number in range(10):
        make_rule(city, hege, make_group(f"Gruppe {number}"), make_group(f"Annen {number}"))
    assert count() == few


def test_a_rule_is_found_among_many(city: City, hege: Employee, make_group: MakeGroup, client_of: ClientOf) -> None:
    audiences = Audience.objects.bulk_create([Audience() for _number in range(RULES_SHOWN + 9)])
    terms = [AudienceTerm(audience=one, kind="unit", unit=city.east) for one in audiences]
    AudienceTerm.objects.bulk_create(terms)
    EnrolmentRule.objects.bulk_create([EnrolmentRule(audience=one) for one in audiences])
    first = EnrolmentRule.objects.earliest("pk")
    newest = EnrolmentRule.objects.latest("pk")
    client, address = client_of(hege), reverse("manage_rules")

    def listed(**asked: str) -> list[str]:
        return [one.rule.public_id for one in client.get(address, asked).context["rules"]]

    assert listed()[0] == newest.public_id
    assert listed(saved=first.public_id)[:2] == [first.public_id, newest.public_id]
    assert first.public_id in listed(**{"from": str(RULES_SHOWN)})
    water = make_rule(city, hege, make_group("Vann"), branch=city.water)
    water.audience.terms.all().delete()
    assert listed(agency="vann") == [water.public_id]
    assert (len(listed(agency="Bydel Alna")), len(listed(agency="Bydel Alna", q="øst"))) == (RULES_SHOWN, RULES_SHOWN)
    assert "«Bydel Ingen»" in client.get(address, {"agency": "Bydel Ingen"}).content.decode()


def test_api(
    city: City, hege: Employee, kari: Employee, amina: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    group, client = make_group("Alna vest"), client_of(hege)
    OptOut.objects.create(group=group, employee=amina)
    data = {
        "audience": {"include": [{"kind": "unit", "id": city.west.public_id}]},
        "groups": [group.public_id],
        "may_leave": False,
    }

    def send(method: str, address: str, sent: Any) -> Any:
        return getattr(client, method)(address, sent, content_type="application/json")

    assert send("post", "/api/v1/rules/preview/", data).json() == {"applies_to": 2, "joining": 2, "leaving": 0}
    may_leave = data | {"may_leave": True}
    assert send("post", "/api/v1/rules/preview/", may_leave).json()["joining"] == 1
    made = send("post", "/api/v1/rules/", data)
    assert made.status_code == 201
    rule = made.json()
    assert rule["groups"] == [{"id": group.public_id, "name": "Alna vest"}]
    assert rule["grace_days"] == 0
    assert rule["audience"]["include"][0]["name"] == "Alna vest"
    run_due_fan_outs()
    assert client.get("/api/v1/rules/").json()["results"][0]["applies_to"] == 2
    off = send("patch", f"/api/v1/rules/{rule['id']}/", {"is_active": False})
    assert off.json()["is_active"] is False
    assert send("put", f"/api/v1/rules/{rule['id']}/", may_leave).json()["may_leave"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"audience": {"include": [{"kind": "group", "id": "xxxxxxxxxxxx"}]}},
        {"audience": "everyone"},
        {"audience": {}},
        {"groups": []},
        {"groups": ["xxxxxxxxxxxx"]},
        {"groups": "all"},
        {"grace_days": -3},
        {"ends_after_days": 0},
    ],
)
def test_api_refuses_in_words(
    change: dict[str, Any], city: City, hege: Employee, make_group: MakeGroup, client_of: ClientOf
) -> None:
    data = {
        "audience": {"include": [{"kind": "everyone"}]},
        "groups": [make_group("Alle").public_id],
    } | change
    answer = client_of(hege).post("/api/v1/rules/", data, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not EnrolmentRule.objects.exists()


def test_those_who_change_are_reconciled(
    city: City, hege: Employee, amina: Employee, kari: Employee, make_group: MakeGroup
) -> None:
    group = make_group("Alna vest")
    make_rule(city, hege, group)
    employees_changed.send(sender=Employee, employee_ids=[amina.pk])
    run_due_fan_outs()
    assert list(group.memberships.values_list("employee", flat=True)) == [amina.pk]
    employees_changed.send(sender=Employee, employee_ids=list(range(1, 3000)))
    run_due_fan_outs()
    assert group.memberships.count() == 2


def test_each_day_everyone_is_reconciled_once(
    city: City, hege: Employee, amina: Employee, make_group: MakeGroup
) -> None:
    make_rule(city, hege, make_group("Alna vest"))
    assert [begin_day(enrolment_jobs.JOB) for _ in range(2)] == [1, 0]
    assert FanOut.objects.filter(job=enrolment_jobs.JOB).count() == 1


def test_command(city: City, hege: Employee, amina: Employee, make_group: MakeGroup, capsys: Any) -> None:
    make_rule(city, hege, make_group("Alna vest"))
    call_command("reconcile_enrolments", "--dry-run")
    assert not Membership.objects.exists()
    assert "2 memberships would be made" in capsys.readouterr().out
    call_command("reconcile_enrolments")
    assert Membership.objects.count() == 2
