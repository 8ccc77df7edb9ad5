"""What people do with posts in a working day, from one end to the other, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from conversations.actions import add_comment
from directory.models import Employee, Organisation
from feed.models import Post
from groups.models import Group
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in
from tests.conftest import PASSWORD
from tests.conversations.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MakeGroup = Callable[..., Group]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def signed_in(browser: Browser, live_server: Any, who: Employee, size: dict[str, int]) -> Page:
    page = open_page(browser, size)
    sign_in(page, live_server.url, who.email or "", PASSWORD)
    return page


def shot(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": picture().read()}


def test_one_joins_posts_and_sees_what_becomes_of_it(
    browser: Browser, live_server: Any, make_group: MakeGroup, make_employee: Any, kari: Employee, amina: Employee
) -> None:
    measured = {"insight_purpose": "Nå fram", "dpia_reference": "24/1", "discussed_with_stewards_date": "2026-01-01"}
    Organisation.objects.update_or_create(pk=1, defaults=measured)
    Employee.objects.filter(pk=kari.pk).update(search_text="kari nordby")
    crew = [make_employee(f"Medlem {number}") for number in range(9)]
    town = make_group("Hele Oslo", owner=kari, members=crew, seen_by="count")
    winter = make_group("Vinterdrift", owner=kari)
    page = signed_in(browser, live_server, amina, PHONE)
    page.goto(live_server.url + town.get_absolute_url())
    page.get_by_role("button", name="Bli med").click()
    page.get_by_role("button", name="Alle innlegg").first.click()
    page.locator("[data-compose]").first.click()
    area = page.locator("#post-text")
    area.fill("Se på snøen, ")
    area.press_sequentially("@kar")
    page.locator(".editor-menu li").first.click()
    page.locator("#post-pictures").set_input_files([shot("a.png"), shot("b.png")])
    page.locator("[name=alternative_text]").first.fill("En snøfonn")
    page.get_by_role("button", name="Legg ut", exact=True).click()
    page.locator("article.post .mention", has_text="Kari Nordby").wait_for()
    post = Post.objects.get()
    assert [each.alternative_text for each in post.thread.attachments.order_by("position")] == ["En snøfonn", ""]

    leader = signed_in(browser, live_server, kari, DESK)
    leader.goto(live_server.url + town.get_absolute_url())
    card = leader.locator(f"#post-{post.public_id}")
    card.locator("[data-write]").click()
    card.locator("form.write textarea").fill("Flott!")
    with leader.expect_response("**/feed/seen/"):
        card.locator("form.write textarea").press("Control+Enter")
        card.locator(".cmt").wait_for()
        card.locator("[data-like]").first.click()
    card.locator("a.ghost", has_text="Del").click()
    leader.get_by_label("Vinterdrift").check()
    leader.get_by_role("button", name="Del").click()
    leader.get_by_text("Delt av Kari Nordby fra Hele Oslo").wait_for()
    assert set(post.placements.values_list("group", flat=True)) == {town.pk, winter.pk}

    page.goto(live_server.url + town.get_absolute_url())
    told = page.locator(f"#post-{post.public_id}").inner_text()
    assert "Flott!" in told
    assert "av 11" in told
    assert errors_of(page) == errors_of(leader) == []


def test_one_asks_and_the_answer_stands_first(
    browser: Browser, live_server: Any, make_group: MakeGroup, kari: Employee, amina: Employee
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    page = signed_in(browser, live_server, amina, DESK)
    page.goto(f"{live_server.url}/posts/new/?group={group.public_id}&kind=question")
    page.locator("#post-text").fill("Hvor er nøkkelen?")
    page.get_by_role("button", name="Legg ut", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")
    post = Post.objects.get()
    for text in ("Vet ikke.", "I skapet på vaktrommet.", "Har noen sett den?"):
        add_comment(actor=kari, thread=post.thread, text=text)
    page.goto(live_server.url + post.get_absolute_url())
    right = page.locator(".cmt", has_text="I skapet")
    right.get_by_role("button", name="Dette er svaret").click()
    page.get_by_text("Svar fra Kari Nordby").wait_for()
    page.goto(live_server.url + group.get_absolute_url())
    card = page.locator(f"#post-{post.public_id}").inner_text()
    assert 0 < card.find("I skapet på vaktrommet.") < card.find("Har noen sett den?")
    assert "Spørsmål med svar" in card
