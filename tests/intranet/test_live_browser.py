"""The stream in a real browser: one line for all its tabs, and nothing lost while the line was away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from conversations.actions import add_comment
from directory.models import Employee
from feed.actions import publish_post
from groups.models import Group
from intranet.live import openings
from intranet.live.events import Events
from intranet.live.proxy import Proxy, connected
from notifications.actions import notify
from tests.announcements.conftest import Announce, announce
from tests.browsing import (
    COLOURS,
    DESK,
    PHONE,
    errors_of,
    open_browser,
    open_page,
    sign_in,
    violations,
    watch,
    wrong_in_all_looks,
)
from tests.conftest import PASSWORD

__all__ = ["announce"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Pages(Proxy):
    """Passes on to the pages of the test, which stand at a port."""

    def __init__(self, address: str) -> None:
        super().__init__("")
        self.host, self.port = urlsplit(address).hostname, urlsplit(address).port

    async def _connect(self) -> Any:
        return await connected(socket.socket(), (self.host, self.port))


@contextmanager
def front_door(events: Events, pages: Pages) -> Iterator[str]:
    """Open a port with streams and pages, as `make run` does; yields its address."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await (events if scope["path"] == "/events/" else pages)(scope, receive, send)

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(application, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            events.threads.submit(connections.close_all).result()
            events.threads.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def is_open(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", "open", timeout=20_000)


def unread(page: Page) -> Any:
    return page.locator(".top [data-unread]").first


@pytest.mark.parametrize("way", ["shared worker", "one tab for all"])
def test_all_tabs_hear_on_one_line_and_catch_up(
    way: str,
    browser: Browser,
    live_server: Any,
    make_group: Callable[..., Group],
    kari: Employee,
    amina: Employee,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(openings, "RETURN_AFTER", (1, 1))
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    post = publish_post(actor=amina, groups=[group], text="God helg")
    events = Events(settings.REDIS_URL)
    with front_door(events, Pages(live_server.url)) as address:
        first = open_page(browser, DESK)
        if way != "shared worker":
            first.context.add_init_script("delete self.SharedWorker")
        sign_in(first, address, amina.email or "", PASSWORD)
        is_open(first)
        second = watch(first.context.new_page())
        second.goto(address + post.get_absolute_url())
        is_open(second)
        assert len(events.hub.streams) == 1

        add_comment(actor=kari, thread=post.thread, text="Takk i like måte")
        expect(second.get_by_text("Takk i like måte")).to_be_visible(timeout=10_000)
        for page in (first, second):
            expect(unread(page)).to_have_text("1")

        if way != "shared worker":
            # The tab that had the line is closed: another takes it.
            first.close()
            add_comment(actor=kari, thread=post.thread, text="Og god tur")
            expect(second.get_by_text("Og god tur")).to_be_visible(timeout=20_000)
            return
        # The door is shut to streams: the pages hear nothing, come back by themselves and ask what they missed.
        events.most_streams = 0
        for stream in list(events.hub.streams):
            stream.drop()
        expect(first.locator("html")).to_have_attribute("data-live", "asks")
        add_comment(actor=kari, thread=post.thread, text="Og god tur")
        notify(kind="membership_added", recipients=[amina.pk], event_key="membership:1")
        events.most_streams = 10
        expect(second.get_by_text("Og god tur")).to_be_visible(timeout=30_000)
        for page in (first, second):
            is_open(page)
            expect(unread(page)).to_have_text("2")
            assert errors_of(page) == []
        assert len(events.hub.streams) == 1


def test_where_streams_are_blocked_pages_ask(browser: Browser, live_server: Any, amina: Employee) -> None:
    page = open_page(browser, PHONE)
    page.context.add_init_script("delete self.SharedWorker")
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.clock.install()
    page.goto(live_server.url)
    expect(page.locator("html")).to_have_attribute("data-live", "asks")
    notify(kind="membership_added", recipients=[amina.pk], event_key="membership:1")
    with page.expect_response(lambda answer: "/notifications/catch-up/" in answer.url):
        page.clock.fast_forward(90_000)
    expect(page.locator(".bar [data-unread]")).to_have_text("1")
    # Away for too long: the page says so, and leaves it to its reader when to fetch it anew.
    page.route(
        "**/notifications/catch-up/**", lambda route: route.fulfill(json={"id": "1", "unread": 1, "reload": True})
    )
    page.clock.fast_forward(90_000)
    page.get_by_text("Denne siden har stått åpen en stund.").wait_for()
    assert violations(page, COLOURS) == []
    page.unroute("**/notifications/catch-up/**")
    with page.expect_navigation():
        page.get_by_role("link", name="Hent den på nytt").click()
    assert errors_of(page) == []


def test_a_critical_message_shows_at_once_on_every_open_page(
    browser: Browser, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    events = Events(settings.REDIS_URL)
    with front_door(events, Pages(live_server.url)) as address:
        page = open_page(browser, PHONE)
        sign_in(page, address, amina.email or "", PASSWORD)
        page.goto(f"{address}/settings/notifications/")
        is_open(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        announce(liv, level="critical")
        band = page.locator("[role=alert] .band")
        expect(band).to_contain_text("Kritisk: Ekstremvær fra torsdag", timeout=10_000)
        expect(band).to_be_in_viewport()
        assert wrong_in_all_looks(page) == {}
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto(address)
        expect(band).to_be_hidden()
        page.evaluate("document.body.style.minHeight = '4000px'; scrollTo(0, 2000)")
        expect(band).to_be_in_viewport()
        with page.expect_response(lambda answer: "/close-band/" in answer.url):
            band.get_by_role("button").click()
        expect(band).to_have_count(0)
        page.goto(f"{address}/people/")
        expect(band).to_have_count(0)
        assert errors_of(page) == []
