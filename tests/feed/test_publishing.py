"""Writing, correcting, taking back, sharing and settling posts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment
from core.errors import HouseRulesRequiredError, RefusedError
from directory.models import AuditEvent, Employee
from feed.actions import (
    accept_answer,
    delete_post,
    edit_post,
    pin_post,
    publish_post,
    restore_post,
    set_stand_in_filled,
    share_post,
)
from feed.models import Post, PostRevision
from groups.models import Group, Membership
from notifications.models import Notification
from tests.intranet.access_world import picture

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]


def test_members_publish_and_others_do_not(alna: Group, amina: Employee, thanh: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="God morgen")
    assert list(post.placements.values_list("group", "placed_by")) == [(alna.pk, amina.pk)]
    with pytest.raises(PermissionDenied):
        publish_post(actor=thanh, groups=[alna], text="Slipp meg inn")


def test_only_those_who_accepted_the_house_rules_write(
    alna: Group,
    amina: Employee,
    make_employee: Callable[..., Employee],
    make_post: MakePost,
    client_of: Callable[..., Client],
) -> None:
    new = make_employee("Sunniva Dahl", accepted=False)
    Membership.objects.create(group=alna, employee=new)
    post = make_post(amina, alna)
    with pytest.raises(HouseRulesRequiredError):
        publish_post(actor=new, groups=[alna], text="Hei")
    with pytest.raises(HouseRulesRequiredError):
        add_comment(actor=new, thread=post.thread, text="Hei")
    assert Post.objects.count() == 1
    answer = client_of(new).get("/posts/new/", headers={"HX-Request": "true"})
    assert "rules" in answer["HX-Redirect"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("a" * 20_001, "too_long"),
        ("a\x00b", "bad_characters"),
        ("\ud800", "bad_characters"),
    ],
)
def test_texts_that_cannot_be_used_are_refused_and_nothing_is_stored(
    text: str, code: str, alna: Group, amina: Employee
) -> None:
    with pytest.raises(RefusedError) as refusal:
        publish_post(actor=amina, groups=[alna], text=text)
    assert (refusal.value.code, refusal.value.field) == (code, "text")
    assert not Post.objects.exists()


def test_a_post_of_a_closed_group_never_leaves_it(alna: Group, town: Group, amina: Employee, kari: Employee) -> None:
    inside = publish_post(actor=kari, groups=[alna], text="Bare oss")
    with pytest.raises(PermissionDenied):
        share_post(actor=amina, post=inside, groups=[town])
    with pytest.raises(RefusedError):
        publish_post(actor=kari, groups=[alna, town], text="Begge steder")
    outside = publish_post(actor=kari, groups=[town], text="Til alle")
    share_post(actor=amina, post=outside, groups=[alna])
    assert outside.placements.count() == 2
    with pytest.raises(RefusedError):
        share_post(actor=amina, post=outside, groups=[alna])


def test_an_edit_keeps_what_was_said_before(alna: Group, amina: Employee, kari: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Møte kl. 9")
    edit_post(actor=amina, post=post, text="Møte kl. 10")
    assert post.edited_at
    assert PostRevision.objects.get().text == "Møte kl. 9"
    with pytest.raises(PermissionDenied):
        edit_post(actor=kari, post=post, text="Ikke mitt")


def test_deleting_can_be_undone_for_a_while_by_whoever_did_it(alna: Group, amina: Employee, kari: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Hei")
    delete_post(actor=kari, post=post)
    assert not Post.objects.visible_to(amina).exists()
    assert AuditEvent.objects.filter(verb="feed.take_down", subject=amina).exists()
    post.refresh_from_db()
    with pytest.raises(PermissionDenied):
        restore_post(actor=amina, post=post)
    restore_post(actor=kari, post=post)
    assert Post.objects.visible_to(amina).exists()
    delete_post(actor=amina, post=post)
    Post.objects.update(deleted_at=timezone.now() - datetime.timedelta(hours=1))
    post.refresh_from_db()
    with pytest.raises(RefusedError):
        restore_post(actor=amina, post=post)


def test_pictures_of_a_post_are_added_and_taken_away(
    make_group: MakeGroup, amina: Employee, client_of: Callable[..., Client]
) -> None:
    group = make_group("Alna", "closed", members=[amina])
    post, client = publish_post(actor=amina, groups=[group], text="Se", uploads=[picture()]), client_of(amina)
    first, address = post.thread.attachments.get(), f"{post.get_absolute_url()}edit/"
    assert "Ta bort «En bru»" in client.get(address).content.decode()
    assert client.post(address, {"text": "", "removed": first.public_id}).status_code == 422
    shot = picture().file
    sent = {"text": "Se", "removed": first.public_id, "pictures": shot, "alternative_text": "Den nye brua"}
    assert client.post(address, sent).status_code == 302
    assert post.thread.attachments.get().alternative_text == "Den nye brua"
    assert PostRevision.objects.get().files_changed
    assert "andre bilder eller filer" in client.get(f"{post.get_absolute_url()}history/").content.decode()
    assert Post.objects.get().edited_at


def test_a_post_is_shared_with_several_groups_and_that_is_undone(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    town, inside = make_group("Hele Oslo", owner=kari, members=[amina]), make_group("Alna", "closed", members=[amina])
    winter = make_group("Vinterdrift", members=[amina])
    post, client = make_post(kari, town, text="Strøsand"), client_of(amina)
    address = f"{post.get_absolute_url()}share/"
    assert client.post(address).status_code == 422
    answer = client.post(address, {"group": [inside.public_id, winter.public_id]}, follow=True)
    assert set(post.placements.values_list("group", flat=True)) == {town.pk, inside.pk, winter.pk}
    assert "Delt av Amina Hassan fra Hele Oslo" in client.get(winter.get_absolute_url()).content.decode()
    [undo] = re.findall(r'action="([^"]+/unshare/[^"]+)"', answer.content.decode())
    assert client_of(kari).post(undo).status_code == 404
    assert client.post(undo).status_code == 302
    assert list(post.placements.values_list("group", flat=True)) == [town.pk]


def test_a_post_is_shared_whole_or_not_at_all(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee
) -> None:
    town, winter = make_group("Hele Oslo", owner=kari, members=[amina]), make_group("Vinterdrift", members=[amina])
    post = make_post(kari, town)
    with pytest.raises(PermissionDenied):
        share_post(actor=amina, post=post, groups=[winter, make_group("Uten Amina")])
    assert post.placements.count() == 1


def test_moderators_of_where_it_was_shared_only_end_the_sharing(
    town: Group, make_group: MakeGroup, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    post = publish_post(actor=kari, groups=[town], text="Til alle")
    comment = add_comment(actor=amina, thread=post.thread, text="Uenig")
    own = make_group("Min egen", owner=thanh)
    share_post(actor=thanh, post=post, groups=[own])
    assert not thanh.has_perm("conversations.moderate", post.thread)
    assert not thanh.has_perm("conversations.delete_comment", comment)
    assert not thanh.has_perm("feed.settle_post", post)
    assert delete_post(actor=thanh, post=post) is False
    assert list(post.placements.values_list("group", flat=True)) == [town.pk]
    with pytest.raises(PermissionDenied):
        delete_post(actor=thanh, post=post)


def test_at_most_three_are_pinned(alna: Group, kari: Employee, amina: Employee, make_post: MakePost) -> None:
    places = [make_post(amina, alna).placements.get() for _ in range(4)]
    for place in places[:3]:
        pin_post(actor=kari, placement=place)
    with pytest.raises(RefusedError):
        pin_post(actor=kari, placement=places[3])
    with pytest.raises(PermissionDenied):
        pin_post(actor=amina, placement=places[3])


def test_a_question_gets_its_answer_and_the_answerer_is_told(alna: Group, kari: Employee, amina: Employee) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Hvor er nøkkelen?", kind="question")
    answer = add_comment(actor=kari, thread=post.thread, text="I skapet")
    accept_answer(actor=amina, post=post, comment=answer)
    assert Post.objects.get().accepted_answer == answer
    assert Notification.objects.filter(recipient=kari, kind="accepted_answer").exists()
    other = publish_post(actor=amina, groups=[alna], text="Hei")
    with pytest.raises(RefusedError):
        accept_answer(actor=amina, post=other, comment=answer)


def test_a_stand_in_is_found(alna: Group, kari: Employee, amina: Employee) -> None:
    post = publish_post(actor=kari, groups=[alna], text="Trenger vikar i morgen 7–15", kind="stand_in")
    with pytest.raises(PermissionDenied):
        set_stand_in_filled(actor=amina, post=post, filled=True)
    set_stand_in_filled(actor=kari, post=post, filled=True)
    assert Post.objects.get().filled_at


def test_a_thank_you_reaches_the_one_thanked(alna: Group, kari: Employee, amina: Employee, thanh: Employee) -> None:
    publish_post(actor=kari, groups=[alna], text="To ekstra runder", kind="thanks", thanked=amina)
    assert Notification.objects.filter(recipient=amina, kind="thanks").exists()
    for nobody in (None, thanh):
        with pytest.raises(RefusedError) as refusal:
            publish_post(actor=kari, groups=[alna], text="Takk", kind="thanks", thanked=nobody)
        assert refusal.value.field == "thanked"


# --- Through the forms -------------------------------------------------------------------------------------
