"""Comments, reactions, mentions and files of a thread, here under a post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db.models import F
from django.template.loader import render_to_string
from django.test import Client

from conversations.actions import (
    add_comment,
    delete_comment,
    edit_comment,
    react,
    restore_comment,
    take_back_reaction,
)
from conversations.files import Upload, examine
from conversations.mentions import named_in
from conversations.models import Attachment, Mention, Reaction, Thread
from conversations.reading import load_threads, load_whole_thread
from conversations.rendering import render_text
from core.errors import RefusedError
from directory.models import Employee
from feed.models import Post
from groups.models import Group
from notifications.inbox import load_inbox
from notifications.models import Notification
from tests.conversations.pictures import picture


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


@pytest.fixture
def thread(group: Group, kari: Employee, make_post: Callable[..., Post]) -> Thread:
    return make_post(kari, group, text="Fagtime?").thread


def told(person: Employee) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def test_a_reply_to_a_reply_stands_beside_it(thread: Thread, amina: Employee, kari: Employee) -> None:
    first = add_comment(actor=amina, thread=thread, text="Tirsdag")
    second = add_comment(actor=kari, thread=thread, text="Bra", parent=first)
    third = add_comment(actor=amina, thread=thread, text="Da sier vi det", parent=second)
    assert third.parent == first
    view = load_whole_thread(amina, thread)
    assert view
    assert [reply.comment for reply in view.comments[0].replies] == [second, third]
    assert view.parts.comment_count == 3


def test_a_comment_of_another_thread_cannot_be_answered_here(
    thread: Thread, amina: Employee, kari: Employee, group: Group, make_post: Callable[..., Post]
) -> None:
    other = add_comment(actor=amina, thread=make_post(kari, group).thread, text="Hei")
    with pytest.raises(RefusedError):
        add_comment(actor=amina, thread=thread, text="Hei", parent=other)
    with pytest.raises(RefusedError):
        react(actor=amina, thread=thread, comment=other, kind="like")


@pytest.mark.parametrize("text", ["", " \n", "x" * 5001, "\x00", "a\udfffb"])
def test_texts_that_cannot_be_used_are_refused(text: str, thread: Thread, amina: Employee) -> None:
    with pytest.raises(RefusedError):
        add_comment(actor=amina, thread=thread, text=text)
    assert not thread.comments.exists()


def test_one_edits_and_deletes_the_own_and_moderators_delete(thread: Thread, amina: Employee, kari: Employee) -> None:
    comment = add_comment(actor=amina, thread=thread, text="Onsdag")
    edit_comment(actor=amina, comment=comment, text="Torsdag")
    with pytest.raises(PermissionDenied):
        edit_comment(actor=kari, comment=comment, text="Fredag")
    delete_comment(actor=kari, comment=comment)
    with pytest.raises(PermissionDenied):
        restore_comment(actor=amina, comment=comment)
    restore_comment(actor=kari, comment=comment)
    delete_comment(actor=amina, comment=comment)
    mine = add_comment(actor=kari, thread=thread, text="Fredag")
    with pytest.raises(PermissionDenied):
        delete_comment(actor=amina, comment=mine)


def test_a_deleted_comment_leaves_its_place_to_the_replies(
    thread: Thread, amina: Employee, kari: Employee, client_of: Callable[..., Client]
) -> None:
    comment = add_comment(actor=amina, thread=thread, text="Angrer på dette")
    add_comment(actor=kari, thread=thread, text="Fint sagt", parent=comment)
    delete_comment(actor=amina, comment=comment)
    page = client_of(kari).get(f"/posts/{thread.post.public_id}/").content.decode()
    assert "Angrer på dette" not in page
    assert "Fint sagt" in page


def test_closed_comments_stay_and_get_no_more(thread: Thread, amina: Employee) -> None:
    add_comment(actor=amina, thread=thread, text="Hei")
    Thread.objects.update(comments_open=False)
    thread.refresh_from_db()
    with pytest.raises(PermissionDenied):
        add_comment(actor=amina, thread=thread, text="Hei igjen")


def test_one_reaction_each_which_changes_and_goes(thread: Thread, amina: Employee, kari: Employee) -> None:
    react(actor=amina, thread=thread, kind="like")
    react(actor=amina, thread=thread, kind="heart")
    react(actor=kari, thread=thread, kind="useful")
    tally = load_threads(amina, [thread])[thread.pk].tally
    assert (tally.mine, tally.total, tally.counts) == ("heart", 2, {"heart": 1, "useful": 1})
    assert tally.words in ("Du og Kari", "You and Kari")
    assert told(kari) == ["reaction"]
    take_back_reaction(actor=amina, thread=thread)
    assert Reaction.objects.get().employee == kari
    assert told(kari) == [], "nor is she told of what holds no more"
    with pytest.raises(RefusedError):
        react(actor=amina, thread=thread, kind="angry")


def test_who_is_told_of_what(thread: Thread, amina: Employee, kari: Employee, make_employee: Any, group: Group) -> None:
    mohammed = make_employee("Mohammed Iqbal")
    group.memberships.create(employee=mohammed)
    first = add_comment(actor=amina, thread=thread, text="Tirsdag?")
    assert told(kari) == ["comment"]
    add_comment(actor=mohammed, thread=thread, text="Fint", parent=first)
    assert told(amina) == ["reply"]
    add_comment(actor=kari, thread=thread, text="@Mohammed Iqbal du tar nøkkelen", parent=first)
    assert told(mohammed) == ["mention_in_comment"]
    react(actor=mohammed, thread=thread, comment=first, kind="like")
    react(actor=kari, thread=thread, comment=first, kind="heart")
    react(actor=kari, thread=thread, comment=first, kind="like")
    assert told(amina) == ["reply", "reply", "reaction_to_comment", "reaction_to_comment"]
    add_comment(actor=kari, thread=thread, text="@Kari Nordby meg selv")
    assert told(kari) == ["comment", "comment"]
    (line,) = load_inbox(kari).lines
    assert "<strong>Mohammed Iqbal</strong> og 1 annen kommenterte det du skrev: «Fint»" in line.html


def test_mentions_reach_readers_only_and_follow_the_text(
    thread: Thread, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    comment = add_comment(
        actor=kari, thread=thread, text="@Amina Hassan og @Thanh Nguyen, se her", mentioned=[thanh.public_id]
    )
    assert list(Mention.objects.values_list("employee", flat=True)) == [amina.pk]
    assert told(thanh) == []
    edit_comment(actor=kari, comment=comment, text="Ingen")
    assert not Mention.objects.exists()
    assert told(amina) == [], "who was named by mistake is not told"
    edit_comment(actor=kari, comment=comment, text="@Amina Hassan")
    assert told(amina) == ["mention_in_comment"]


def test_of_two_with_one_name_the_chosen_is_meant(make_employee: Any, city: Any) -> None:
    first, second = make_employee("Kari Berg", email=None), make_employee("Kari Berg", email=None)
    everyone = Employee.objects.active()
    assert named_in("Hei @Kari Berg!", everyone) == []
    assert named_in("Hei @Kari Berg!", everyone, [second.public_id]) == [second]
    assert named_in("Hei Kari", everyone, [first.public_id]) == []


def test_a_protected_person_is_not_found_by_the_name_hr_knows(make_employee: Any, city: Any) -> None:
    make_employee("Ragnhild Skjold", protected=True, chosen_name="Rita")
    assert named_in("@Ragnhild Skjold", Employee.objects.active()) == []


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klikk](javascript:alert(1))",
    '"><svg onload=alert(1)>',
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "@Amina Hassan<script>",
    '[@Amina Hassan](https://x.example/"onmouseover=alert(1))',
    "{{ 7 * 7 }}{% load x %}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(
    text: str, thread: Thread, amina: Employee, client_of: Callable[..., Client]
) -> None:
    add_comment(actor=amina, thread=thread, text=text)
    html = render_text(text, [amina])
    for danger in ("<script", "<img", "<svg", "onerror=", 'href="javascript', 'onmouseover="'):
        assert danger not in html.replace("&lt;", "")[: len(html)] or danger.startswith("on")
    page = client_of(amina).get(f"/posts/{thread.post.public_id}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg onload" not in page
    assert 'href="javascript' not in page
    assert "{{ 7 * 7 }}" in page or "{{" not in text


def test_the_longer_name_is_the_one_meant(make_employee: Any, city: Any) -> None:
    short, long = make_employee("Kari Nord"), make_employee("Kari Nord Lie")
    html = render_text("Hei @Kari Nord Lie og @Kari Nord", [short, long])
    assert f'href="{long.get_absolute_url()}">@Kari Nord Lie</a>' in html
    assert f'href="{short.get_absolute_url()}">@Kari Nord</a>' in html


# --- Files ---------------------------------------------------------------------------------------------------


def test_a_picture_is_made_anew_and_served_to_readers_only(
    thread: Thread, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    add_comment(
        actor=amina, thread=thread, text="", uploads=[Upload(picture(2000, 1000), "C:\\bilder\\tur.png", "En båt")]
    )
    file = Attachment.objects.get()
    assert (file.name, file.width, file.alternative_text) == ("tur.png", 1600, "En båt")
    answer = client_of(amina).get(f"{file.get_absolute_url()}?width=400")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "attachment" not in answer.get("Content-Disposition", "")
    again = client_of(amina).get(f"{file.get_absolute_url()}?width=400", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client_of(thanh).get(file.get_absolute_url(), headers={"If-None-Match": answer["ETag"]}).status_code == 404


def test_a_file_is_sent_to_be_saved(thread: Thread, amina: Employee, client_of: Callable[..., Client]) -> None:
    add_comment(
        actor=amina, thread=thread, text="Planen", uploads=[Upload(ContentFile(b"%PDF-1.7 plan"), "Ukeplan æøå.pdf")]
    )
    answer = client_of(amina).get(Attachment.objects.get().get_absolute_url())
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 plan"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("side.html", b"<script>"),
        ("bilde.svg", b"<svg onload=alert(1)>"),
        ("bilde.jpg", b"GIF89a not really"),
        ("virus.exe", b"MZ"),
        ("plan.pdf", b"<html>"),
        ("tom.pdf", b""),
        ("ingenting", b"x"),
        (".pdf", b"x"),
        ("stor.txt", b"x" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_files_that_lie_or_are_not_taken_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(RefusedError):
        examine(Upload(ContentFile(content), name))


def test_names_of_files_are_tidied() -> None:
    stored = examine(Upload(ContentFile(b"%PDF"), "../../etc/\x00pass\ud800wd\n.pdf"))
    assert stored.name == "passwd.pdf"
    assert len(examine(Upload(ContentFile(b"%PDF"), "x" * 400 + ".pdf")).name) <= 200


# --- Cost ----------------------------------------------------------------------------------------------------


def test_threads_are_read_in_a_constant_number_of_queries(
    group: Group, amina: Employee, kari: Employee, make_post: Callable[..., Post], django_assert_num_queries: Any
) -> None:
    threads = []
    for _ in range(8):
        thread = make_post(kari, group).thread
        for _ in range(3):
            add_comment(actor=amina, thread=thread, text="@Kari Nordby hei")
        threads.append(thread)
    for some in (threads[:1], threads):
        with django_assert_num_queries(4):
            views = load_threads(amina, some)
        assert all(len(view.comments) == 2 and view.has_more for view in views.values())


def test_comments_by_htmx_come_back_alone_and_errors_keep_the_text(
    thread: Thread, amina: Employee, client_of: Callable[..., Client]
) -> None:
    client, address, htmx = client_of(amina), f"/threads/{thread.public_id}/comments/", {"HX-Request": "true"}
    answer = client.post(address, {"text": "Kommer!"}, headers=htmx).content.decode()
    assert "Kommer!" in answer
    assert "<html" not in answer
    refused = client.post(address, {"text": "y" * 6000}, headers=htmx)
    assert refused["X-Keep-Text"] == "1"
    assert "yyyy" in refused.content.decode()
    assert "6000" in refused.content.decode()
    plain = client.post(address, {"text": "y" * 6000})
    assert plain.status_code == 422
    assert "yyyy" in plain.content.decode()
    assert client.post(address, {"text": "Uten skript"}).status_code == 302


def test_people_to_mention_come_with_a_warning_when_they_cannot_see(
    thread: Thread, amina: Employee, kari: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    Employee.objects.update(search_text=F("folded_name"))
    found = client_of(amina).get(f"/mentions/?q=thanh&thread={thread.public_id}").json()["people"]
    assert [(row["name"], bool(row["warning"])) for row in found] == [("Thanh Nguyen", True)]
    found = client_of(amina).get(f"/mentions/?q=kari&thread={thread.public_id}").json()["people"]
    assert [(row["name"], row["warning"]) for row in found] == [("Kari Nordby", "")]
    assert client_of(amina).get("/mentions/?q=kari").status_code == 404


def test_an_empty_thread_draws_no_empty_box(thread: Thread, amina: Employee) -> None:
    view = load_whole_thread(amina, thread)
    assert view

    def box() -> str:
        return render_to_string("conversations/comments.html", {"view": view, "whole": True}).partition(">")[0]

    assert not box().endswith("hidden")
    view.parts = replace(view.parts, may_comment=False)
    assert box().endswith("hidden")
