"""HR writes a rule: the figures follow each choice, and nothing happens before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from directory.models import Employee
from groups.models import Group
from notifications.fan_out import run_due_fan_outs
from onboarding.models import EnrolmentRule
from tests.browsing import PHONE, errors_of, open_browser, open_page, overflow, sign_in, violations
from tests.conftest import PASSWORD, City

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rule_with_preview(
    live_server: Any, city: City, hege: Employee, amina: Employee, kari: Employee, make_group: Callable[..., Group]
) -> None:
    group = make_group("Hjemmetjenesten Alna vest", "closed", owner=kari, unit=city.west)
    with open_browser() as browser:
        page = open_page(browser, PHONE)
        sign_in(page, live_server.url, hege.email or "", PASSWORD)
        page.goto(f"{live_server.url}/manage/rules/new/")
        page.get_by_label("Finn en enhet, en stilling").fill("alna v")
        page.get_by_role("button", name="Legg til Alna vest").click()
        page.get_by_text("Gjelder 2 personer").first.wait_for()
        page.get_by_label("Finn en gruppe").fill("hjemme")
        page.get_by_role("button", name="Legg til Hjemmetjenesten Alna vest").click()
        effect = page.locator("#rule-effect")
        # Kari is in the closed group already; Hege, who is not, is not told so.
        effect.get_by_text("2 blir meldt inn nå").wait_for()
        effect.get_by_text("De som er medlemmer der fra før, er regnet med.").wait_for()
        assert "Amina Hassan" in effect.inner_text()
        page.get_by_role("button", name="Alle ledere").click()
        effect.get_by_text("alle ledere").wait_for()
        where = page.get_by_label("Hvor den gjelder")
        where.fill("vann")
        where.press("Tab")
        effect.get_by_text("Gjelder 0 personer").wait_for()
        where.fill("Bydel Alna")
        where.press("Tab")
        effect.get_by_text("Gjelder 2 personer").wait_for()
        assert violations(page) == []
        assert overflow(page) <= 0
        assert not EnrolmentRule.objects.exists()
        page.get_by_role("button", name="Lagre regelen").click()
        page.get_by_text("Regelen er lagret").wait_for()
        run_due_fan_outs()
        assert set(group.memberships.values_list("employee", flat=True)) == {kari.pk, amina.pk}
        assert errors_of(page) == []
