"""Whatever people type, in every field: kept as typed, shown as typed, and nothing but text; read in bounded time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from announcements.actions import Wording
from announcements.models import Announcement
from conversations.actions import add_attachment, add_comment, decide_report, report
from conversations.files import Upload, examine
from conversations.mentions import named_in
from conversations.models import Attachment, Comment, Report
from conversations.rendering import render_text
from core.national_ids import holds_national_id
from core.text import plain_text
from directory.actions.profiles import change_profile
from directory.models import Employee
from feed.actions import PollFacts, publish_post
from feed.models import PollOption, Post
from groups.actions import create_group
from groups.actions.facts import GroupFacts
from groups.models import Group
from tests.announcements.conftest import Announce
from tests.conversations.pictures import picture

# An element that would fetch, a turn of direction that is never turned back, and a letter nobody sees.
NASTY = '<i hx-get="/z">{}</i>{{{{7*7}}}}\u202eba\u200bc'


def nasty(field: str) -> str:
    return NASTY.format(field)


class Page(HTMLParser):
    """The words of a page, and what no page may hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.wrong, self.values = "", [""][:0], ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.values += f"{value}\n"
            if name.startswith("on") or (name.startswith("hx-") and value == "/z"):
                self.wrong.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.words += data


def ask(client: Client, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = Page(answer.content.decode())
    assert page.wrong == [], address
    assert ">7</i>49" not in page.words
    return page


def test_every_field_keeps_and_shows_what_is_typed_and_does_nothing(
    announce: Announce, kari: Employee, amina: Employee, liv: Employee, client_of: Callable[..., Client]
) -> None:
    group: Group = create_group(
        actor=kari, facts=GroupFacts(name=nasty("name"), purpose=nasty("purpose"), privacy="closed")
    )
    group.memberships.create(employee=amina)
    poll = PollFacts([nasty("first"), nasty("second")])
    post = publish_post(actor=kari, groups=[group], text=nasty("post"), poll=poll)
    stored = examine(Upload(picture(), "a.png", nasty("picture")))
    add_attachment(actor=kari, thread=post.thread, stored=stored)
    file = ContentFile(b"hei", f"{NASTY.format('file')}.txt")
    comment = add_comment(
        actor=amina, thread=post.thread, text=nasty("comment"), uploads=[Upload(file, file.name or "")]
    )
    about = {name: nasty(name) for name in ("about", "nickname", "pronunciation")}
    change_profile(actor=amina, employee=amina, **about)
    texts = {"nb": Wording(nasty("title"), nasty("body"))}
    announcement: Announcement = announce(liv, texts=texts)
    made = report(actor=kari, thread=post.thread, comment=comment, reason="other", text=nasty("report"))

    group.refresh_from_db()
    assert (group.name, group.purpose) == (nasty("name"), nasty("purpose"))
    assert Post.objects.get().text == nasty("post")
    assert set(PollOption.objects.values_list("text", flat=True)) == {nasty("first"), nasty("second")}
    assert Comment.objects.get().text == nasty("comment")
    assert Attachment.objects.get(kind="picture").alternative_text == nasty("picture")
    amina.refresh_from_db()
    assert {name: getattr(amina, name) for name in about} == about
    assert Report.objects.get().text == nasty("report")

    shown = {
        post.get_absolute_url(): ("name", "post", "first", "second", "comment"),
        group.get_absolute_url(): ("name", "purpose", "post"),
        "/": ("name", "post"),
        amina.get_absolute_url(): ("about",),
        announcement.get_absolute_url(): ("title", "body"),
        made.get_absolute_url(): ("report", "comment"),
        "/search/?q=post": (),
        "/groups/": ("name",),
    }
    reader = client_of(kari)
    for address, fields in shown.items():
        page = ask(reader, address)
        assert [field for field in fields if nasty(field) not in page.words] == [], address
    assert nasty("picture") in ask(reader, post.get_absolute_url()).values
    decide_report(actor=kari, report=made, decision="kept", answer=nasty("answer"))
    assert nasty("answer") in ask(reader, made.get_absolute_url()).words
    ask(client_of(amina), "/notifications/")


def test_what_turns_the_direction_of_text_turns_nothing_around_it() -> None:
    """Inline text is isolated in the style sheet; blocks are so by themselves."""
    with open("static/css/base.css") as sheet:
        assert "unicode-bidi: isolate" in sheet.read()


ENDLESS = {
    "quotes": ">",
    "quotes apart": "> ",
    "links": "https://a.no/b ",
    "links on lines": "a.no\n",
    "one link without end": "a.no/[",
    "addresses in one word": "a:b://",
    "brackets": "[",
    "pictures": "![",
    "stars": "**a *",
    "signs": "<",
    "characters": "&#x",
    "ticks": "`",
    "lists": "- ",
    "names": "@a ",
    "digits": "010101 ",
    "emoji": "😀",
    "nothing to see": "\u200b",
    "turned": "\u202e",
}


def steps(text: str) -> int:
    """Return how many calls reading and drawing `text` takes, in Python and beneath it."""
    count = 0

    def step(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    render_text.__globals__["_render"].cache_clear()
    sys.setprofile(step)
    try:
        render_text(text)
        plain_text(text)
        holds_national_id(text)
        named_in(text, Employee.objects.none())
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", ENDLESS)
def test_the_time_a_text_takes_grows_no_faster_than_the_text(kind: str) -> None:
    steps(ENDLESS[kind])
    whole = ENDLESS[kind] * (1_200 // len(ENDLESS[kind]))
    assert steps(whole) < 2.5 * steps(whole[: len(whole) // 2]) + 500


def test_long_odd_texts_are_shown_whole() -> None:
    for text in ("😀" * 10_000, "https://a.no/b " * 1_300, "a.no/[" * 3_000):
        shown = Page(render_text(text))
        assert shown.words.split() == text.split()
    assert render_text(">" * 5_000 + " innerst").count("innerst") == 1
