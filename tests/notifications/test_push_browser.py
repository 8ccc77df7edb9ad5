"""On the telephone: from the card that asks to a notification that says no more than it may, and less of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from playwright.sync_api import Browser, Page

from conversations.actions import add_comment
from conversations.models import Comment
from core.keys import new_p256_key
from directory.models import Employee
from groups.models import Group
from intranet.drills.push_service import PushService, push_service
from notifications.channels import push
from notifications.models import Preference, PushSubscription
from tests.browsing import PHONE, errors_of, open_browser, violations, watch
from tests.feed.conftest import MakePost, make_post

# Used by pytest, which finds it here.
__all__ = ["make_post"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# No push service is reached from here: the browser is given the subscription it would have got from one.
SUBSCRIBED = """
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async ({ applicationServerKey }) =>
        applicationServerKey.length === 87 ? %s : Promise.reject(new Error("no key"));
"""
SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready;
    for (;;) {
        const shown = await registration.getNotifications();
        if (shown.length) return shown.map(({ title, body, data, tag }) => ({ title, body, url: data.url, tag }));
        await new Promise((done) => setTimeout(done, 50));
    }
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = new_p256_key()
    with push_service() as running:
        yield running


def telephone_of(person: Employee, browser: Browser, live_server: Any, client_of: Any, subscription: Any) -> Page:
    """Open a browser in which the person stays signed in, and which gets that subscription when it asks for one."""
    context = browser.new_context(viewport=PHONE, permissions=["notifications"])  # type: ignore[arg-type]
    name = configured.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client_of(person).cookies[name].value, "url": live_server.url}])
    context.add_init_script(SUBSCRIBED % json.dumps(subscription))
    return watch(context.new_page())


def deliver(page: Page, origin: str, message: dict[str, Any]) -> None:
    """Hand a message that came from the push service to the page's service worker."""
    told: list[str] = []
    line = page.context.new_cdp_session(page)
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: told.extend(one["registrationId"] for one in event["registrations"]),
    )
    line.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.controller")
    found = {"origin": origin, "registrationId": told[0], "data": json.dumps(message)}
    line.send("ServiceWorker.deliverPushMessage", found)


def test_asks_after_an_answer_and_then_tells(
    browser: Browser,
    live_server: Any,
    service: PushService,
    client_of: Any,
    make_group: Callable[..., Group],
    make_post: MakePost,
    kari: Employee,
    amina: Employee,
) -> None:
    post = make_post(kari, make_group("Alna vest", "closed", owner=kari, members=[amina]), text="Hvem tar kvelden?")
    there = service.browser("telephone")
    page = telephone_of(amina, browser, live_server, client_of, there.subscription)
    page.goto(live_server.url + post.get_absolute_url())
    assert page.locator("[data-push-ask]").count() == 0, "not before there is something to wait for"
    page.get_by_label("Skriv en kommentar").fill("Jeg kan.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="Vil du få beskjed når noen svarer?").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Ja, gi meg beskjed").click()
    page.get_by_text("Da er det gjort.").wait_for()
    assert PushSubscription.objects.get().employee == amina

    mine = Comment.objects.get(author=amina)
    add_comment(actor=kari, thread=post.thread, text="Takk, fru Berg venter kl. 18.", parent=mine)
    push.send_due()
    (message,) = there.shown
    assert (message["title"], message["body"]) == ("Kari Nordby svarte deg i en lukket gruppe", "")
    deliver(page, live_server.url, message)
    (shown,) = page.evaluate(SHOWN)
    assert (shown["title"], shown["tag"]) == (message["title"], message["tag"])
    page.goto(live_server.url + shown["url"])
    assert f"comment={Comment.objects.get(author=kari).public_id}" in page.url, "the exact thing"
    assert errors_of(page) == []


def test_why_less_and_back_again_in_the_inbox(
    browser: Browser,
    live_server: Any,
    client_of: Any,
    make_group: Callable[..., Group],
    make_post: MakePost,
    kari: Employee,
    amina: Employee,
) -> None:
    post = make_post(amina, make_group("Alna vest", owner=kari, members=[amina]), text="Hvem tar kvelden?")
    add_comment(actor=kari, thread=post.thread, text="Det er det jeg som gjør, til klokka åtte i kveld.")
    page = telephone_of(amina, browser, live_server, client_of, None)
    page.goto(f"{live_server.url}/notifications/")
    words = page.locator(".ntext").bounding_box()
    assert words is not None
    assert words["width"] > 220, "the words have the room"
    page.locator(".nline summary").click()
    page.get_by_text("Du får dette fordi noen svarte deg.").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Ikke mer av dette under Varsler").click()
    page.get_by_role("button", name="Angre").click()
    page.get_by_text("Det er som før.").wait_for()
    assert Preference.objects.get().wanted
    assert errors_of(page) == []
