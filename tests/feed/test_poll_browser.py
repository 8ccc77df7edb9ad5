"""A poll in a real browser: asked in the dialog, answered, changed, closed; and the draft that is kept meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from directory.models import Employee
from feed.actions import PollFacts, publish_post
from feed.models import Poll, Post, PostDraft
from groups.models import Group
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in, violations
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


def signed_in(browser: Browser, live_server: Any, who: Employee, **options: Any) -> Page:
    page = open_page(browser, options.pop("size", DESK), **options)
    sign_in(page, live_server.url, who.email or "", PASSWORD)
    return page


def test_one_asks_answers_changes_and_closes(browser: Browser, live_server: Any, group: Group, kari: Employee) -> None:
    page = signed_in(browser, live_server, kari, size=PHONE)
    page.goto(live_server.url + group.get_absolute_url())
    page.get_by_role("link", name="Avstemning").click()
    page.locator("#choice-1").fill("Tirsdag")
    page.locator("#choice-2").fill("Onsdag")
    page.locator("#choice-3").fill("Torsdag")
    with page.expect_response(lambda answer: "/posts/drafts/" in answer.url):
        page.get_by_label("Hva vil du si?").fill("Når passer fagtimen?")
    page.get_by_text("Utkast lagret").wait_for()
    assert PostDraft.objects.get().fields["choices"] == ["Tirsdag", "Onsdag", "Torsdag"]
    page.get_by_role("button", name="Legg ut").click()
    poll = page.get_by_role("group", name="Avstemning")
    assert "vil se hva du svarer" in poll.inner_text()
    poll.get_by_label("Onsdag").check()
    poll.get_by_role("button", name="Svar").click()
    poll.get_by_text("100 %").wait_for()
    poll.get_by_role("link", name="Endre svaret").click()
    poll.get_by_label("Torsdag").check()
    assert violations(page) == []
    poll.get_by_role("button", name="Svar").click()
    poll.get_by_text("1 av 2 har svart").wait_for()
    assert not PostDraft.objects.exists()
    page.locator("article.post .menu > summary").first.click()
    page.get_by_role("button", name="Avslutt avstemningen nå").click()
    page.get_by_text("Avstemningen er avsluttet").first.wait_for()
    assert Poll.objects.get().closed_at
    assert errors_of(page) == []


def test_one_answers_for_good_without_script(
    browser: Browser, live_server: Any, group: Group, kari: Employee, amina: Employee
) -> None:
    asked = PollFacts(["Ja", "Nei"], votes=Poll.Votes.ANONYMOUS)
    post: Post = publish_post(actor=kari, groups=[group], text="Er turnusen bedre?", poll=asked)
    page = signed_in(browser, live_server, amina, java_script_enabled=False)
    page.goto(live_server.url + post.get_absolute_url())
    assert "kan ikke endres" in page.content()
    page.get_by_label("Nei").check()
    page.get_by_role("button", name="Svar endelig").click()
    assert "Du har svart." in page.content()
    assert page.get_by_label("Nei").count() == 0
