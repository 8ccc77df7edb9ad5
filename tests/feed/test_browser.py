"""Posts and threads in a real browser: for eyes, keyboards, without script, and when the network fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from conversations.actions import add_attachment, add_comment, react
from conversations.files import Upload, examine
from conversations.models import Comment, Reaction
from directory.models import Employee, Organisation
from feed.models import Post, View
from groups.models import Group
from tests.browsing import DESK, errors_of, open_browser, open_page, sign_in
from tests.conftest import PASSWORD
from tests.conversations.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Hele Oslo", owner=kari, members=[amina])


@pytest.fixture
def posts(group: Group, kari: Employee, amina: Employee, make_post: Callable[..., Post]) -> list[Post]:
    """One of each kind, with what posts carry."""
    plain = make_post(kari, group, text="Hei @Amina Hassan, **les** dette:\n\n- en\n- to\n\n" + "Lang tekst. " * 60)
    comment = add_comment(actor=amina, thread=plain.thread, text="Takk @Kari Nordby")
    add_comment(actor=kari, thread=plain.thread, text="Bare hyggelig", parent=comment)
    react(actor=kari, thread=plain.thread, kind="heart")
    add_attachment(actor=kari, thread=plain.thread, stored=examine(Upload(picture(), "a.png", "En oransje flate")))
    return [
        plain,
        make_post(amina, group, text="Hvor er nøkkelen?", kind="question"),
        make_post(kari, group, text="I morgen 7–15", kind="stand_in"),
        make_post(kari, group, text="To ekstra runder", kind="thanks", thanked=amina),
    ]


def signed_in(browser: Browser, live_server: Any, who: Employee, size: dict[str, int] = DESK, **options: Any) -> Page:
    page = open_page(browser, size, **options)
    sign_in(page, live_server.url, who.email or "", PASSWORD)
    return page


def test_one_reacts_by_keyboard_and_it_goes_back_when_it_fails(
    browser: Browser, live_server: Any, amina: Employee, posts: list[Post]
) -> None:
    page = signed_in(browser, live_server, amina)
    page.goto(f"{live_server.url}/")
    card = page.locator(f"#post-{posts[1].public_id}")
    like = card.locator("[data-like]")
    like.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    with page.expect_response("**/reaction/"):
        page.keyboard.press("Enter")
    card.locator("[data-stats] .emo").wait_for()
    assert Reaction.objects.get(thread=posts[1].thread).kind == "heart"
    assert like.get_attribute("aria-pressed") == "true"
    page.route("**/reaction/", lambda route: route.abort())
    like.click()
    page.locator("#toasts .toast").wait_for()
    assert like.get_attribute("aria-pressed") == "true"


def test_one_answers_naming_a_colleague_from_the_menu(
    browser: Browser, live_server: Any, amina: Employee, kari: Employee, posts: list[Post]
) -> None:
    Employee.objects.filter(pk=kari.pk).update(search_text="kari nordby")
    page = signed_in(browser, live_server, amina)
    page.goto(f"{live_server.url}/")
    card = page.locator(f"#post-{posts[1].public_id}")
    card.locator("[data-write]").click()
    page.keyboard.type("Spør @kar")
    page.locator(".editor-menu li").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("om det")
    shot: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": picture().read()}
    card.locator("form.write [name=pictures]").set_input_files(shot)
    card.locator("form.write [name=alternative_text]").fill("Nøkkelskapet")
    card.locator("form.write textarea").press("Control+Enter")
    card.locator(".cmt .mention").wait_for()
    comment = Comment.objects.latest("pk")
    assert comment.text == "Spør @Kari Nordby om det"
    assert comment.mentions.get().employee == kari
    assert card.locator(".cmts > form textarea").input_value() == ""
    assert page.locator(".editor-menu").count() == 0
    assert comment.attachments.get().alternative_text == "Nøkkelskapet"
    assert card.locator(".cmts > form .compose__alt").count() == 0


def test_one_posts_from_the_dialog_and_the_post_stands_on_top(
    browser: Browser, live_server: Any, amina: Employee, group: Group, posts: list[Post]
) -> None:
    page = signed_in(browser, live_server, amina)
    page.goto(f"{live_server.url}/")
    page.locator("[data-compose]").first.click()
    page.locator("#post-text").fill("x" * 20_001)
    page.locator("#new-post-form [type=submit]").click()
    page.locator("#new-post-form [role=alert]").wait_for()
    assert page.locator("#post-text").input_value() == "x" * 20_001
    assert errors_of(page) == []
    page.locator("#post-text").fill("God morgen, Alna")
    page.locator("#new-post-form [type=submit]").click()
    page.locator("article.post >> text=God morgen, Alna").wait_for()
    assert page.locator("article.post").first.inner_text().find("God morgen, Alna") > 0
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('draft'))") == []
    page.locator("article.post").first.locator(".menu > summary").first.click()
    page.locator("article.post").first.locator(".menu__item--danger").click()
    page.locator("#toasts form button").first.click()
    page.wait_for_url("**/posts/**")
    assert Post.objects.visible_to(amina).filter(text="God morgen, Alna").exists()


def test_reading_and_writing_work_without_script(
    browser: Browser, live_server: Any, amina: Employee, group: Group, posts: list[Post]
) -> None:
    page = signed_in(browser, live_server, amina, java_script_enabled=False)
    page.goto(f"{live_server.url}/")
    page.locator("[data-compose]").first.click()
    page.locator("#post-text").fill("Uten skript")
    page.locator("#new-post-form [type=submit]").click()
    page.wait_for_url("**/posts/**")
    page.locator("textarea[name=text]").fill("Et svar")
    page.locator("form.write [type=submit]").click()
    page.wait_for_url("**#comment-*")
    page.locator(".react__open").first.click()
    page.locator("[data-kind=useful]").first.click()
    page.wait_for_load_state()
    assert Reaction.objects.filter(employee=amina, kind="useful").exists()
    assert Comment.objects.filter(text="Et svar").exists()


def test_what_stands_in_view_is_told_by_one_request_a_screenful(
    browser: Browser,
    live_server: Any,
    amina: Employee,
    kari: Employee,
    make_employee: Callable[..., Employee],
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
) -> None:
    why = {"insight_purpose": "Nå fram", "dpia_reference": "24/1", "discussed_with_stewards_date": "2026-01-01"}
    Organisation.objects.update_or_create(pk=1, defaults=why)
    members = [amina, *(make_employee(f"Medlem {number}") for number in range(8))]
    group = make_group("Alna vest", "closed", owner=kari, members=members, seen_by="count")
    posts = {make_post(kari, group, text=f"Innlegg {number}").public_id for number in range(9)}
    page = signed_in(browser, live_server, amina, {"width": 1280, "height": 3000})
    with page.expect_response("**/feed/seen/") as answered:
        page.goto(f"{live_server.url}{group.get_absolute_url()}")
    told = parse_qs(answered.value.request.post_data or "")["post"]
    assert len(told) > 1
    assert set(told) <= posts
    assert View.objects.filter(employee=amina, post__public_id__in=told).count() == len(told)
    page.reload()
    assert page.locator(f"#post-{told[0]} .post__seen").inner_text().strip() == "Sett av 1 av 10"
