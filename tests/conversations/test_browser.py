"""Threads in a real browser: reporting and deciding, pictures above the page, reacting from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conversations.actions import add_attachment, add_comment
from conversations.files import Upload, examine
from conversations.models import Reaction, Report
from directory.models import Employee
from feed.models import Post
from groups.models import Group
from notifications.models import Notification
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in, violations
from tests.conftest import PASSWORD
from tests.conversations.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ClientOf = Any


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee, thanh: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina, thanh])


@pytest.fixture
def post(make_post: Callable[..., Post], amina: Employee, group: Group) -> Post:
    return make_post(amina, group, text="Fru Berg i tredje etasje har fått ny medisin.")


def signed_in(browser: Browser, live_server: Any, who: Employee, size: dict[str, int]) -> Page:
    page = open_page(browser, size)
    sign_in(page, live_server.url, who.email or "", PASSWORD)
    return page


def test_one_reports_another_decides_and_the_first_is_answered(
    browser: Browser, live_server: Any, post: Post, kari: Employee, thanh: Employee, make_employee: Any
) -> None:
    officer = make_employee("Per Vern", roles=("data_protection_officer",))
    reporter, moderator = (signed_in(browser, live_server, who, PHONE) for who in (thanh, kari))
    reporter.goto(live_server.url + post.get_absolute_url())
    reporter.locator("article.post .menu > summary").first.click()
    reporter.get_by_role("link", name="Meld fra").first.click()
    assert "Fru Berg" in reporter.locator("blockquote").inner_text()
    reporter.get_by_label("Det røper noe om en innbygger").check()
    reporter.get_by_role("button", name="Meld fra").click()
    reporter.get_by_text("skjult for alle").wait_for()
    assert not Post.objects.visible_to(thanh).exists()
    assert Notification.objects.filter(kind="personal_data_reported", recipient=officer).exists()

    moderator.goto(live_server.url + "/reports/")
    moderator.get_by_role("link", name="Det røper noe om en innbygger").click()
    assert "Fru Berg" in moderator.locator("blockquote").inner_text()
    moderator.get_by_label("Ta det ned").check()
    moderator.get_by_label("Svar til den som meldte fra").fill("Takk, slikt skriver vi ikke her.")
    moderator.get_by_role("button", name="Avgjør").click()
    moderator.get_by_text("Avgjort").wait_for()

    reporter.goto(live_server.url + "/notifications/")
    reporter.get_by_role("link", name="Du har fått svar").first.click()
    reporter.get_by_text("Takk, slikt skriver vi ikke her.").wait_for()
    assert Report.objects.get().decision == "taken_down"
    assert errors_of(reporter) == errors_of(moderator) == []


def test_pictures_open_above_the_page_and_reactions_come_from_the_keyboard(
    browser: Browser, live_server: Any, post: Post, kari: Employee, amina: Employee
) -> None:
    for place, words in enumerate(["Vaffel", "Kaffe"]):
        stored = examine(Upload(picture(), "a.png", words))
        add_attachment(actor=amina, thread=post.thread, stored=stored, position=place)
    comment = add_comment(actor=amina, thread=post.thread, text="God helg")
    page = signed_in(browser, live_server, kari, DESK)
    page.goto(live_server.url + post.get_absolute_url())
    page.get_by_role("link", name="Vaffel").focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Bilder")
    viewer.get_by_text("1 av 2").wait_for()
    assert viewer.locator("figcaption").inner_text() == "Vaffel"
    page.keyboard.press("ArrowRight")
    viewer.get_by_text("2 av 2").wait_for()
    assert viewer.get_by_role("img", name="Kaffe").get_attribute("src")
    assert viewer.get_by_role("link", name="Last ned bildet").get_attribute("download")
    assert violations(page) == []
    page.keyboard.press("Escape")
    # Closing moves the focus twice: back to where it was, and on to the picture seen last.
    page.locator("[data-picture='Kaffe']:focus").wait_for()

    line = page.locator(f"#comment-{comment.public_id} .cmt__m")
    line.get_by_role("button", name="Liker").focus()
    page.keyboard.press("ArrowUp")
    group = line.get_by_role("group", name="Reaksjoner")
    names = [button.inner_text().split("\n")[-1] for button in group.get_by_role("button").all()]
    assert names == ["Liker", "Hjerte", "Bra", "Nyttig", "Gøy"]
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: "/reaction/" in answer.url):
        page.keyboard.press("Enter")
    line.get_by_role("button", name="Hjerte kommentaren").wait_for()
    assert Reaction.objects.get(comment=comment).kind == "heart"
    line.locator("[data-like]:focus").wait_for()
    assert errors_of(page) == []
