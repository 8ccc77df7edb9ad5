"""What people do to posts that nobody thought of: at once, the other way round, with what no field can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.actions import UNDO, add_comment, delete_comment, report, restore_comment
from conversations.models import Comment, Report
from core.errors import HouseRulesRequiredError, RefusedError
from directory.models import Employee
from feed.actions import (
    accept_answer,
    delete_post,
    edit_post,
    let_out,
    publish_post,
    save_draft,
    share_post,
    take_back_planned,
)
from feed.models import PlannedPlacement, Post, PostDraft
from groups.actions import GroupFacts, change_group
from groups.models import Group

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]


@pytest.fixture
def town(make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee) -> Group:
    return make_group("Hele Oslo", owner=kari, members=[amina, thanh])


@pytest.mark.parametrize("ends", ["hidden", "deleted"])
def test_an_accepted_answer_that_is_taken_away_is_told_nowhere(
    ends: str, town: Group, amina: Employee, thanh: Employee, kari: Employee, client_of: Callable[..., Client]
) -> None:
    post = publish_post(actor=amina, groups=[town], text="Hvem?", kind="question")
    answer = add_comment(actor=thanh, thread=post.thread, text="Borgeren heter Ola")
    accept_answer(actor=amina, post=post, comment=answer)
    if ends == "hidden":
        report(actor=kari, thread=post.thread, comment=answer, reason="personal_data")
    else:
        delete_comment(actor=thanh, comment=answer)
    reader = client_of(amina)
    for address in (post.get_absolute_url(), "/", f"/api/v1/posts/{post.public_id}/"):
        page = reader.get(address).content.decode()
        assert "heter Ola" not in page
        assert answer.public_id not in page


def test_a_deleted_comment_comes_back_only_while_that_is_fresh(
    town: Group, make_post: MakePost, amina: Employee
) -> None:
    comment = add_comment(actor=amina, thread=make_post(amina, town).thread, text="Hei")
    delete_comment(actor=amina, comment=comment)
    restore_comment(actor=amina, comment=Comment.objects.get())
    delete_comment(actor=amina, comment=Comment.objects.get())
    Comment.objects.update(deleted_at=timezone.now() - UNDO * 2)
    with pytest.raises(RefusedError):
        restore_comment(actor=amina, comment=Comment.objects.get())


def test_a_takedown_does_not_tell_of_secret_places(
    town: Group, make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    secret = make_group("Omstilling", "secret", owner=thanh)
    plain, shared = make_post(amina, town), make_post(amina, town)
    share_post(actor=thanh, post=shared, groups=[secret])
    assert delete_post(actor=kari, post=plain) is delete_post(actor=kari, post=shared) is True
    assert not Post.objects.visible_to(thanh).exists()


def test_what_was_let_out_is_not_changed_behind_the_moderators(
    make_group: MakeGroup, kari: Employee, amina: Employee
) -> None:
    careful = make_group("Alna", "closed", owner=kari, members=[amina], approves_posts=True)
    post = publish_post(actor=amina, groups=[careful], text="Fint")
    let_out(actor=kari, planned=PlannedPlacement.objects.get())
    with pytest.raises(RefusedError) as refusal:
        edit_post(actor=amina, post=post, text="Noe annet")
    assert refusal.value.field == "text"
    assert Post.objects.get().text == "Fint"


def test_taking_back_a_waiting_post_keeps_the_draft_begun_meanwhile(
    make_group: MakeGroup, kari: Employee, amina: Employee
) -> None:
    careful = make_group("Alna", "closed", owner=kari, members=[amina], approves_posts=True)
    publish_post(actor=amina, groups=[careful], text="Venter")
    save_draft(actor=amina, place=careful.public_id, fields={"text": "Begynt på"})
    take_back_planned(actor=amina, planned=PlannedPlacement.objects.get())
    assert PostDraft.objects.get().fields["text"] == "Venter\n\nBegynt på"


def test_nobody_reports_or_drafts_before_the_house_rules(
    town: Group, make_post: MakePost, make_employee: Callable[..., Employee], kari: Employee
) -> None:
    new = make_employee("Ny Ansatt", accepted=False)
    for write in (
        lambda: report(actor=new, thread=make_post(kari, town).thread, reason="wrong_place"),
        lambda: save_draft(actor=new, place="home", fields={"text": "Hei"}),
    ):
        with pytest.raises(HouseRulesRequiredError):
            write()
    assert not Report.objects.exists()
    assert not PostDraft.objects.exists()


def test_what_no_field_can_hold_is_refused_in_words(
    town: Group, make_post: MakePost, amina: Employee, client_of: Callable[..., Client]
) -> None:
    post, browser = make_post(amina, town, kind="question"), client_of(amina)
    poll = publish_post(actor=amina, groups=[town], text="Når?")
    browser.raise_request_exception = False
    sent: list[tuple[str, dict[str, Any]]] = [
        ("/feed/seen/", {"post": "a\x00"}),
        (f"/posts/{post.public_id}/share/", {"group": "\x00"}),
        (f"/posts/{post.public_id}/settle/", {"comment": "\x00"}),
        ("/posts/new/", {"text": "Hei", "group": "\x00"}),
        ("/posts/new/", {"text": "@Liv Aune", "group": town.public_id, "mentioned": "\x00"}),
        ("/posts/new/", {"text": "Hei", "group": town.public_id, "publish_at": "0001-01-01T00:00"}),
        (f"/posts/{poll.public_id}/poll/", {"choice": "9" * 5000}),
    ]
    for address, fields in sent:
        assert 400 <= browser.post(address, fields).status_code < 500, (address, fields)
    assert browser.get("/feed/new-count/?since=2026-02-30T00:00:00Z").status_code == 404
    for moment in ("publish_at", "ends_at"):
        facts = {"group": town.public_id, "text": "Hei", moment: "0001-01-01T00:00"}
        answer = browser.post("/api/v1/posts/", facts, "application/json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["detail"])


def test_what_was_shared_out_of_a_group_comes_back_when_it_is_closed(
    town: Group, make_group: MakeGroup, make_post: MakePost, kari: Employee, thanh: Employee, liv: Employee
) -> None:
    other = make_group("Vafler", owner=thanh)
    post, shared_in = make_post(kari, town), make_post(thanh, other)
    share_post(actor=thanh, post=post, groups=[other])
    share_post(actor=thanh, post=shared_in, groups=[town])
    change_group(actor=kari, group=town, facts=replace(GroupFacts.of(town), privacy="closed", joining="request"))
    assert list(Post.objects.visible_to(liv)) == [shared_in]
    assert shared_in.placements.count() == 2


def test_a_reaction_that_does_not_exist_is_refused_in_words(
    town: Group, make_post: MakePost, amina: Employee, client_of: Callable[..., Client]
) -> None:
    post, browser = make_post(amina, town), client_of(amina)
    answer = browser.post(f"/threads/{post.thread.public_id}/reaction/", {"kind": "0001"})
    assert (answer.status_code, "Velg en av de fem reaksjonene" in answer.content.decode()) == (400, True)
    half = browser.post("/api/v1/groups/", '{"name": "x", "kind": "\\ud800"}', "application/json")
    assert (half.status_code, list(half.json()["errors"])) == (400, ["kind"])
