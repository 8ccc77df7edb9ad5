"""Every screen in a real browser, over the demo organisation: axe, sideways scroll, scripts, foreign hosts.

A screen is loaded once and looked at in every width and scheme, since both are only styles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from intranet.demo.writing import PASSWORD
from tests.browsing import (
    PHONE,
    WORDS,
    errors_of,
    forget,
    open_browser,
    sideways,
    sign_in,
    violations,
    watch,
    wrong_in_all_looks,
)
from tests.intranet.demo_town import make_town, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AMINA, KARI, SUNNIVA = "amina.hassan", "kari.nordby", "sunniva.dahl"
INGRID, TORSTEIN, HEGE, GEIR = "ingrid.solheim", "torstein.bakke", "hege.strand", "geir.haugen"


class Screen(NamedTuple):
    """A screen by name, who looks, and its address: a path, or a name of `demo_places`."""

    name: str
    who: str
    at: str


SCREENS = [
    Screen("home", AMINA, "/"),
    Screen("home of a leader", KARI, "/"),
    Screen("home of a newcomer", SUNNIVA, "/"),
    Screen("latest", AMINA, "/?feed=latest"),
    Screen("leaders' posts", AMINA, "/?feed=leaders"),
    Screen("groups", AMINA, "/groups/"),
    Screen("all groups", AMINA, "/groups/?show=all"),
    Screen("group", AMINA, "group"),
    Screen("group members", AMINA, "group_members"),
    Screen("group about", AMINA, "group_about"),
    Screen("group files", AMINA, "group_files"),
    Screen("group just joined", AMINA, "joined_group"),
    Screen("group with an invitation", AMINA, "invited_group"),
    Screen("followed group", AMINA, "followed_group"),
    Screen("closed group from outside", AMINA, "closed_group"),
    Screen("closing down a group", KARI, "close_group"),
    Screen("own group's members", KARI, "own_group_members"),
    Screen("group settings", KARI, "group_settings"),
    Screen("new group", AMINA, "/groups/new/"),
    Screen("post", AMINA, "post"),
    Screen("post_readers", AMINA, "post_readers"),
    Screen("post with picture", AMINA, "picture_post"),
    Screen("sharing a post", AMINA, "share_post"),
    Screen("who reacted", AMINA, "thread_reactions"),
    Screen("new post", AMINA, "new_post"),
    Screen("thanking", AMINA, "new_thanks"),
    Screen("edit post", AMINA, "edit_post"),
    Screen("new poll", AMINA, "/posts/new/?page=home&poll=1"),
    Screen("poll", AMINA, "poll_post"),
    Screen("answers to a poll", AMINA, "poll"),
    Screen("poll to answer", AMINA, "counted_poll"),
    Screen("anonymous poll", AMINA, "anonymous_poll"),
    Screen("saved posts", AMINA, "/posts/saved/"),
    Screen("own waiting posts", KARI, "/posts/waiting/"),
    Screen("waiting post to change", KARI, "edit_planned"),
    Screen("posts that wait for a moderator", KARI, "post_queue"),
    Screen("stand-ins needed", KARI, "stand_ins"),
    Screen("announcements", AMINA, "/announcements/"),
    Screen("announcement", AMINA, "announcement"),
    Screen("announcement with answers", AMINA, "announcement_answers"),
    Screen("announcement for print", AMINA, "print_announcement"),
    Screen("announcement with figures", INGRID, "announcement"),
    Screen("figures", INGRID, "announcement_figures"),
    Screen("figures by unit", INGRID, "announcement_units"),
    Screen("remind", INGRID, "remind_of_announcement"),
    Screen("correct", INGRID, "correct_announcement"),
    Screen("withdraw", INGRID, "withdraw_announcement"),
    Screen("ask leaders", INGRID, "ask_leaders_to_follow_up"),
    Screen("own people", KARI, "announcement_team"),
    Screen("own people for print", KARI, "print_announcement_team"),
    Screen("call for volunteers", AMINA, "call_for_volunteers"),
    Screen("own sign-up", AMINA, "answer_volunteers"),
    Screen("answers of a service", KARI, "answer_needs"),
    Screen("own volunteers", KARI, "own_volunteers"),
    Screen("needs", INGRID, "responses_needs"),
    Screen("volunteers", INGRID, "responses_volunteers"),
    Screen("closing answers", INGRID, "close_volunteers"),
    Screen("naming an answerer", INGRID, "name_answerer"),
    Screen("manage announcements", INGRID, "/manage/announcements/"),
    Screen("write announcement", INGRID, "/manage/announcements/new/"),
    Screen("draft", INGRID, "write_announcement"),
    Screen("answer form of a draft", INGRID, "announcement_answer_form"),
    Screen("draft looked over", INGRID, "publish_announcement"),
    Screen("what waits for me", TORSTEIN, "/manage/announcements/"),
    Screen("waiting for approval", INGRID, "waiting_announcement"),
    Screen("approve", TORSTEIN, "approve_announcement"),
    Screen("scheduled", INGRID, "scheduled_announcement"),
    Screen("what the organisation decides", GEIR, "/manage/organisation/"),
    Screen("new colleagues on the way", KARI, "/arrivals/"),
    Screen("telling of a new colleague", KARI, "/arrivals/new/"),
    Screen("new colleague on the way", KARI, "arrival"),
    Screen("tasks for new colleagues", KARI, "/arrivals/tasks/"),
    Screen("task for a new colleague", KARI, "arrival_task"),
    Screen("list of what is made ready", HEGE, "arrival_list"),
    Screen("line of that list", HEGE, "arrival_step"),
    Screen("desk", HEGE, "arrival_desk"),
    Screen("ready on the first day", HEGE, "/manage/arrivals/figures/"),
    Screen("what is sent", GEIR, "/manage/deliveries/"),
    Screen("roles", GEIR, "/manage/roles/"),
    Screen("giving a role", GEIR, "/manage/roles/new/?unit_q=alna&person_q=amina"),
    Screen("draft tried on oneself", INGRID, "announcement_trial"),
    Screen("how a message stood before", AMINA, "announcement_history"),
    Screen("directory", AMINA, "/people/"),
    Screen("directory search", AMINA, "/people/?q=nordby"),
    Screen("nobody found", AMINA, "/people/?q=xyzzy"),
    Screen("somebody meant", AMINA, "/people/?q=muhamedd+ikbal"),
    Screen("organisation chart", AMINA, "/people/chart/"),
    Screen("chart of a unit", AMINA, "chart_of_unit"),
    Screen("name of a unit", HEGE, "name_of_unit"),
    Screen("person", AMINA, "person"),
    Screen("me", AMINA, "/me/"),
    Screen("me, being away", KARI, "/me/absence/"),
    Screen("me, new picture", AMINA, "/me/photo/"),
    Screen("my page as a code", AMINA, "/me/code/"),
    Screen("phone list", AMINA, "/people/phone-list/"),
    Screen("what is visible", AMINA, "/me/visible/"),
    Screen("settings", AMINA, "/settings/"),
    Screen("notification settings", AMINA, "/settings/notifications/"),
    Screen("why one was told", KARI, "why_notified"),
    Screen("quiet hours of a unit", KARI, "unit_quiet_hours"),
    Screen("devices", AMINA, "/settings/notifications/devices/"),
    Screen("signing in", AMINA, "/settings/sign-in/"),
    Screen("confirming that it is you", AMINA, "/settings/sign-in/prove/"),
    Screen("signing in with a code", AMINA, "/first/"),
    Screen("help with signing in", KARI, "sign_in_help"),
    Screen("letters to print", KARI, "/letters/"),
    Screen("invitations", HEGE, "/manage/invitations/?who=begun&hour=07:30"),
    Screen("house rules", AMINA, "/house-rules/"),
    Screen("house rules to accept", SUNNIVA, "/house-rules/"),
    Screen("welcome", SUNNIVA, "/welcome/"),
    Screen("welcome details", SUNNIVA, "/welcome/details/"),
    Screen("welcome notifications", SUNNIVA, "/welcome/notifications/"),
    Screen("greeting", KARI, "greeting"),
    Screen("imports", HEGE, "/manage/imports/"),
    Screen("import to check", HEGE, "import_check"),
    Screen("import row", HEGE, "import_row"),
    Screen("import columns", HEGE, "import_columns"),
    Screen("adding one person", HEGE, "/manage/people/new/"),
    Screen("changing one person", HEGE, "person_change"),
    Screen("one person to check", HEGE, "person_check"),
    Screen("never signed in", HEGE, "/manage/people/never-signed-in/"),
    Screen("help where people work", HEGE, "/manage/help/"),
    Screen("help of a unit", HEGE, "help_of_unit"),
    Screen("import result", HEGE, "import_result"),
    Screen("something wrong", AMINA, "something_wrong"),
    Screen("pictures of people", HEGE, "/manage/photos/"),
    Screen("said to be wrong", HEGE, "/manage/corrections/"),
    Screen("rules", HEGE, "/manage/rules/"),
    Screen("rule", HEGE, "rule"),
    Screen("new rule", HEGE, "/manage/rules/new/"),
    Screen("identity systems", GEIR, "/manage/scim/"),
    Screen("new identity system", GEIR, "/manage/scim/new/"),
    Screen("identity system", GEIR, "scim_client"),
    Screen("group of an identity system", GEIR, "scim_group"),
    Screen("home of an administrator", GEIR, "/"),
    Screen("notifications", AMINA, "/notifications/"),
    Screen("fewer e-mails", AMINA, "fewer_mails"),
    Screen("search", AMINA, "/search/?q=vakt"),
    Screen("reporting a post", AMINA, "report_a_post"),
    Screen("what is reported", KARI, "/reports/"),
    Screen("report to decide", KARI, "report"),
    Screen("own report", AMINA, "report"),
    Screen("search without words", AMINA, "/search/"),
    Screen("sign in", "", "/accounts/login/"),
    Screen("new password", "", "/accounts/password/reset/"),
    Screen("sign out", AMINA, "/accounts/logout/"),
    Screen("accessibility statement", AMINA, "/accessibility/"),
    Screen("offline", "", "/offline/"),
    Screen("not found", AMINA, "/people/nobody/"),
    Screen("forbidden", AMINA, "/manage/imports/"),
]
NAMES = [screen.name for screen in SCREENS]
# The same templates as other screens: their words are seen there.
SAME_WORDS = {
    *("latest", "leaders' posts", "home of an administrator", "post with picture", "directory search"),
    *("own group's members", "thanking"),
}
# One other language each, in turn: that every text is translated into both is looked after by the messages' own check.
TRANSLATED = [
    (screen, ("nn", "en")[place % 2])
    for place, screen in enumerate(one for one in SCREENS if one.name not in SAME_WORDS)
]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def town(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Any]]:
    """The demo organisation, served, and where its screens are."""
    base = tmp_path_factory.getbasetemp()
    folder = Path(base if worker_id == "master" else base.parent)
    with django_db_blocker.unblock():
        places = make_town(folder)
    with serving(folder) as address:
        yield {"address": address, "places": places, "folder": folder}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def tab_of(browser: Browser, town: dict[str, Any]) -> Iterator[Callable[[str], Page]]:
    """A tab kept per person: each signs in once."""
    kept: dict[str, Page] = {}

    def of(who: str) -> Page:
        if who not in kept:
            context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
            kept[who] = watch(context.new_page())
            if who:
                sign_in(kept[who], town["address"], f"{who}@oslo.example", PASSWORD)
        return kept[who]

    yield of
    for page in kept.values():
        page.context.close()


@pytest.fixture
def visit(tab_of: Callable[[str], Page], town: dict[str, Any]) -> Visit:
    """Open a screen as its person, in a language; every request and complaint of the page is watched."""

    def go(screen: Screen, language: str = "nb") -> Page:
        page = tab_of(screen.who)
        path = screen.at if screen.at.startswith("/") else town["places"].get(screen.at, "")
        assert path, f"the demo has nothing to show as {screen.at}"
        page.goto("about:blank")  # what the former screen still asks for is not put down to this one
        forget(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        page.context.add_cookies([{"name": "django_language", "value": language, "url": town["address"]}])
        page.goto(town["address"] + path, wait_until="load")
        return page

    return go


@pytest.mark.parametrize("screen", SCREENS, ids=NAMES)
def test_screen_in_every_width_and_scheme(visit: Visit, town: dict[str, Any], screen: Screen) -> None:
    page = visit(screen)
    assert page.locator("html").get_attribute("lang") == "nb"
    assert page.locator("h1").count() == 1
    assert wrong_in_all_looks(page) == {}
    _assert_quiet(page, town)


@pytest.mark.parametrize(("screen", "language"), TRANSLATED, ids=[screen.name for screen, _ in TRANSLATED])
def test_screen_in_another_language(visit: Visit, town: dict[str, Any], screen: Screen, language: str) -> None:
    page = visit(screen, language)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page, WORDS) == []
    assert sideways(page) == []
    _assert_quiet(page, town)


def _assert_quiet(page: Page, town: dict[str, Any]) -> None:
    assert errors_of(page) == []
    own = urlsplit(town["address"]).netloc
    foreign = {host for host in page.tunet_hosts if host not in ("", own)}  # type: ignore[attr-defined]
    assert foreign == set()
