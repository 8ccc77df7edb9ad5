"""What counts as seen, and how updates follow each other, on the screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Browser, expect

from announcements.actions import Wording, draft_update, mark_seen, publish_announcement
from announcements.models import Announcement
from conversations.models import Comment
from conversations.owners import owner_of
from conversations.reading import PAGE_COMMENTS
from directory.models import Employee
from notifications.inbox import count_unread
from tests.announcements.conftest import TEXTS, Announce, ClientOf, body, deliver_all
from tests.browsing import PHONE, open_browser, open_page, sign_in
from tests.conftest import PASSWORD, City


def update_of(author: Employee, sent: Announcement, title: str) -> Announcement:
    """Send an update of it under another title."""
    draft = draft_update(actor=author, announcement=sent)
    draft.texts.update(title=title)
    publish_announcement(actor=author, announcement=draft)
    deliver_all()
    draft.refresh_from_db()
    return draft


@pytest.mark.django_db
def test_a_comment_wakes_the_pages_of_those_who_have_opened_it(
    client_of: ClientOf, announce: Announce, liv: Employee, kari: Employee, amina: Employee, city: City
) -> None:
    sent = announce(liv, {"include": [{"kind": "unit", "id": city.alna.public_id}]})
    client_of(amina).get(sent.get_absolute_url())
    assert set(owner_of(sent.thread).channels(sent.thread)) == {f"u:{liv.pk}", f"u:{amina.pk}"}
    to_all = announce(liv)
    assert owner_of(to_all.thread).channels(to_all.thread) == ["all"]


@pytest.mark.django_db
def test_a_linked_comment_is_shown_however_many_came_after_it(
    client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv)
    oldest = Comment.objects.create(thread=sent.thread, author=amina, text="Hvem har nøkkelen?")
    later = [Comment(thread=sent.thread, author=amina, text="Takk!") for _ in range(PAGE_COMMENTS)]
    Comment.objects.bulk_create(later)
    reader = client_of(amina)
    assert oldest.text not in body(reader, f"{sent.get_absolute_url()}?answers=1")
    assert oldest.text in body(reader, f"{sent.get_absolute_url()}?comment={oldest.public_id}")


@pytest.mark.django_db
class TestSeen:
    def test_no_fetching_of_pages_counts(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        sent = announce(liv)
        reader = client_of(amina)
        for address in ("/", reverse("announcements"), reverse("announcements_on_top"), "/notifications/"):
            body(reader, address)
        for headers in ({"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"User-Agent": "bot"}):
            assert reader.get(sent.get_absolute_url(), headers=headers).status_code == 200
        reader.head(sent.get_absolute_url())
        body(reader, f"{sent.get_absolute_url()}print/")
        assert sent.receipts.get(employee=amina).seen_at is None
        assert count_unread(amina) == 1

    def test_only_a_post_from_the_own_pages_counts(self, announce: Announce, liv: Employee, amina: Employee) -> None:
        sent = announce(liv)
        address = reverse("see_announcement", args=[sent.public_id])
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(amina)
        assert strict.get(address).status_code == 405
        refused = strict.post(address)
        assert refused.status_code == 403
        # A new token would take the place of the one in a form that is open meanwhile.
        assert "csrftoken" not in refused.cookies
        assert "csrftoken" in strict.post(address, headers={"accept": "text/html"}).cookies
        assert sent.receipts.get(employee=amina).seen_at is None

    def test_once_across_devices_and_the_others_are_told(
        self,
        client_of: ClientOf,
        announce: Announce,
        liv: Employee,
        amina: Employee,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        sent = announce(liv)
        address = reverse("see_announcement", args=[sent.public_id])
        with django_capture_on_commit_callbacks() as told:
            assert client_of(amina).post(address, {"beacon": "1"}).status_code == 204
        first = sent.receipts.get(employee=amina).seen_at
        assert first
        assert len(told) == 1
        with django_capture_on_commit_callbacks() as told_again:
            client_of(amina).post(address, {"beacon": "1"})
        assert sent.receipts.get(employee=amina).seen_at == first
        assert told_again == []
        # A page whose stream was away asks afterwards, and hears of it then.
        missed = client_of(amina).get("/notifications/catch-up/", {"after": int(first.timestamp() * 1000)}).json()
        assert missed["events"] == [{"type": "announcement"}]

    @pytest.mark.parametrize("name", ["see_announcement", "acknowledge_announcement"])
    def test_what_was_kept_for_another_is_refused(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, thanh: Employee, name: str
    ) -> None:
        sent = announce(liv, asks_confirmation=True)
        address = reverse(name, args=[sent.public_id])
        kept = {"kept": "1", "person": amina.public_id, "beacon": "1"}
        assert client_of(thanh).post(address, kept).status_code == 403
        assert not sent.receipts.filter(seen_at__isnull=False).exists()
        assert client_of(amina).post(address, kept).status_code == 204
        assert sent.receipts.get(employee=amina).seen_at


@pytest.mark.django_db
class TestChain:
    def test_the_former_leads_to_the_newest_and_back(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        first = announce(liv, texts={"nb": Wording("Storm", "Tekst")})
        second = update_of(liv, first, "Storm snudde")
        third = update_of(liv, second, "Stormen er over")
        reader = client_of(amina)
        page = body(reader, first.get_absolute_url())
        assert "Det er kommet en nyere melding" in page
        assert third.get_absolute_url() in page
        page = body(reader, third.get_absolute_url())
        assert "Oppdatering 3" in page
        assert "Det er kommet en nyere melding" not in page
        assert page.index(second.get_absolute_url()) < page.index(first.get_absolute_url())
        home = body(reader, "/")
        assert "Stormen er over" in home
        assert "Oppdatering 3" in home
        assert "Storm snudde" not in home

    def test_who_was_not_addressed_by_the_former_is_not_led_there(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee, city: City
    ) -> None:
        first = announce(liv)
        second = update_of(liv, first, "Nytt")
        first.receipts.filter(employee=amina).delete()
        assert first.get_absolute_url() not in body(client_of(amina), second.get_absolute_url())

    def test_an_ordinary_page_asks_nothing_more_and_a_chain_little(
        self, client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
    ) -> None:
        reader, counts = client_of(amina), []
        sent = announce(liv)
        for _ in range(3):
            body(reader, sent.get_absolute_url())
            with CaptureQueriesContext(connection) as queries:
                body(reader, sent.get_absolute_url())
            counts.append(len([one for one in queries if "SAVEPOINT" not in one["sql"]]))
            sent = update_of(liv, sent, "Nytt")
        assert counts[1] == counts[2] <= counts[0] + 2


@pytest.mark.django_db
def test_the_button_says_what_its_author_wrote_in_the_language_shown(
    client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
) -> None:
    texts = TEXTS | {"en": Wording("Storm", "Stay in.")}
    sent = announce(liv, texts=texts, asks_confirmation=True)
    sent.texts.filter(language="en").update(button_text="I know where to be")
    Announcement.objects.filter(pk=sent.pk).update(corrected_at=sent.published_at)
    reader = client_of(amina)
    assert "Jeg har lest dette" in body(reader, sent.get_absolute_url())
    page = body(reader, f"{sent.get_absolute_url()}?lang=en")
    assert '<span lang="en">I know where to be</span>' in page
    assert re.search(r'hreflang="en" aria-current="true"', page)
    assert "Jeg har lest dette" in body(reader, sent.get_absolute_url()), "the switch remembers nothing by itself"


@pytest.mark.django_db
def test_a_critical_one_looks_and_says_so(
    client_of: ClientOf, announce: Announce, liv: Employee, amina: Employee
) -> None:
    announce(liv, level="critical")
    page = body(client_of(amina), "/")
    assert "imp--critical" in page
    assert "Kritisk melding" in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


HIDE = """Object.defineProperty(document, "visibilityState", { get: () => self.shownNow ?? "hidden" });
Object.defineProperty(document, "hidden", { get: () => document.visibilityState === "hidden" });"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_tab_in_the_background_has_shown_it_to_nobody(
    browser: Browser, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv)
    page = open_page(browser, PHONE)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.add_init_script(HIDE)
    page.goto(live_server.url + sent.get_absolute_url())
    page.wait_for_timeout(2000)
    assert sent.receipts.get(employee=amina).seen_at is None
    with page.expect_response(lambda answer: answer.url.endswith("/seen/")):
        page.evaluate("""() => { self.shownNow = "visible"; document.dispatchEvent(new Event("visibilitychange")); }""")
    assert sent.receipts.get(employee=amina).seen_at


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_banner_goes_when_another_device_has_shown_it(
    browser: Browser, live_server: Any, announce: Announce, liv: Employee, amina: Employee
) -> None:
    sent = announce(liv)
    page = open_page(browser, PHONE)
    sign_in(page, live_server.url, amina.email or "", PASSWORD)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="Les meldingen")).to_be_visible()
    mark_seen(employee=amina, announcement=sent)
    tell = (
        "(id) => document.body.dispatchEvent(new CustomEvent('tunet:notifications', { detail: { announcement: id } }))"
    )
    page.evaluate(tell, sent.public_id)
    expect(page.get_by_role("link", name="Les meldingen")).to_have_count(0)
