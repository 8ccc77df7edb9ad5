"""Writing, correcting, taking back, sharing and settling posts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import add_comment
from core.errors import HouseRulesRequiredError, RefusedError
from core.fragments import render_slot
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
from feed.models import Placement, Post, PostRevision
from feed.search_sources import find_posts
from groups.models import Group, Membership
from notifications.models import Notification
from tests.intranet.access_world import picture

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]


@pytest.fixture
def alna(make_group: MakeGroup, kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


@pytest.fixture
def town(make_group: MakeGroup, kari: Employee, amina: Employee) -> Group:
    return make_group("Hele Oslo", owner=kari, members=[amina])


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


def send(client: Client, group: Group, **fields: Any) -> Any:
    return client.post("/posts/new/", {"group": group.public_id, "kind": "post", "page": "home", **fields})


def test_the_plain_form_publishes(alna: Group, amina: Employee, client_of: Callable[..., Client]) -> None:
    answer = send(client_of(amina), alna, text="Hei **alle**")
    post = Post.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == post.get_absolute_url()


def test_a_megabyte_of_text_is_refused_in_words_and_kept(
    alna: Group, amina: Employee, client_of: Callable[..., Client]
) -> None:
    text = "lang tekst " * 100_000
    for headers in ({}, {"HX-Request": "true"}):
        answer = client_of(amina).post("/posts/new/", {"group": alna.public_id, "text": text}, headers=headers)
        page = answer.content.decode()
        assert "20000" in page
        assert "lang tekst lang tekst" in page
        assert len(page) > 1_000_000
    assert not Post.objects.exists()


def test_pictures_that_lie_leave_nothing_behind(alna: Group, amina: Employee, client_of: Callable[..., Client]) -> None:
    lie = SimpleUploadedFile("bilde.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    answer = send(client_of(amina), alna, text="Se her", pictures=[lie])
    assert answer.status_code == 422
    assert "Se her" in answer.content.decode()
    assert not Post.objects.exists()


def test_someone_who_cannot_see_it_is_pointed_out_before_it_is_sent(
    alna: Group, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    text = "Hei @Thanh Nguyen"
    answer = send(client_of(amina), alna, text=text)
    assert answer.status_code == 422
    assert "Thanh Nguyen" in answer.content.decode()
    assert not Post.objects.exists()
    send(client_of(amina), alna, text=text, sure="1")
    assert Post.objects.get().text == text
    assert not Notification.objects.filter(recipient=thanh).exists()


def test_a_group_one_may_not_write_in_is_no_choice(
    make_group: MakeGroup, amina: Employee, kari: Employee, client_of: Callable[..., Client]
) -> None:
    secret = make_group("Omstilling", "secret", owner=kari)
    assert send(client_of(amina), secret, text="Hei").status_code == 422
    assert "Omstilling" not in client_of(amina).get("/posts/new/").content.decode()
    assert not Post.objects.exists()


def test_who_will_see_it_is_said(alna: Group, amina: Employee, client_of: Callable[..., Client]) -> None:
    page = client_of(amina).get(f"/posts/new/seen-by/?group={alna.public_id}").content.decode()
    assert "2 " in page


def test_deleting_from_a_page_brings_the_way_back(
    alna: Group, amina: Employee, client_of: Callable[..., Client]
) -> None:
    post = publish_post(actor=amina, groups=[alna], text="Hei")
    client = client_of(amina)
    answer = client.post(f"/posts/{post.public_id}/delete/", headers={"HX-Request": "true"})
    assert f"/posts/{post.public_id}/restore/" in answer.content.decode()
    client.post(f"/posts/{post.public_id}/restore/")
    assert Post.objects.visible_to(amina).exists()


def test_the_pill_counts_what_others_wrote(
    town: Group, amina: Employee, kari: Employee, client_of: Callable[..., Client], make_post: MakePost
) -> None:
    since = timezone.now() - datetime.timedelta(seconds=1)
    make_post(kari, town)
    make_post(amina, town)
    page = client_of(amina).get("/feed/new-count/", {"since": since.isoformat()}).content.decode()
    assert "1 " in page
    assert client_of(kari).get("/feed/new-count/", {"since": timezone.now().isoformat()}).content.strip() == b""
    assert client_of(kari).get("/feed/new-count/", {"since": "nonsense"}).status_code == 200


def test_a_post_page_costs_the_same_however_long_the_thread(
    town: Group,
    amina: Employee,
    kari: Employee,
    client_of: Callable[..., Client],
    django_assert_max_num_queries: Any,
    make_post: MakePost,
) -> None:
    post = make_post(kari, town)
    for number in range(30):
        comment = add_comment(actor=amina, thread=post.thread, text=f"{number}")
        add_comment(actor=kari, thread=post.thread, text="svar", parent=comment)
    client = client_of(amina)
    with django_assert_max_num_queries(16):
        page = client.get(post.get_absolute_url()).content.decode()
    assert page.count('class="cmt"') == 60


def test_a_groups_page_costs_the_same_with_one_post_and_with_many(
    town: Group, amina: Employee, kari: Employee, client_of: Callable[..., Client], make_post: MakePost
) -> None:
    client, counts = client_of(amina), []
    for number in (1, 15):
        for _ in range(number):
            post = make_post(kari, town, text="Hei @Amina Hassan")
            add_comment(actor=amina, thread=post.thread, text="Hei")
        pin_post(actor=kari, placement=post.placements.get())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(town.get_absolute_url()).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_group_shows_what_is_pinned_and_where_the_new_begins(
    town: Group, amina: Employee, kari: Employee, client_of: Callable[..., Client], make_post: MakePost
) -> None:
    now = timezone.now()
    for number in range(13):
        make_post(kari, town, text=f"innlegg {number}", created_at=now - datetime.timedelta(hours=number * 10 + 1))
    pin_post(actor=kari, placement=Placement.objects.get(post__text="innlegg 5"))
    Membership.objects.filter(employee=amina).update(read_until=now - datetime.timedelta(hours=26))
    client = client_of(amina)
    page = client.get(town.get_absolute_url()).content.decode()
    assert (
        page.index("innlegg 5<") < page.index('class="divider"') < page.index("innlegg 0<") < page.index("innlegg 2<")
    )
    assert page.count('class="divider"') == 2
    assert 'class="divider"' not in client.get(town.get_absolute_url()).content.decode()
    older = page.partition('href="/feed/groups/')[2].partition('"')[0]
    rest = client.get(f"/feed/groups/{older}", headers={"HX-Request": "true"}).content.decode()
    assert "innlegg 11<" in rest
    assert "innlegg 12<" in rest
    assert "innlegg 5<" not in rest


def test_a_persons_page_shows_what_the_reader_may_read(
    town: Group,
    alna: Group,
    amina: Employee,
    kari: Employee,
    thanh: Employee,
    client_of: Callable[..., Client],
    make_post: MakePost,
) -> None:
    make_post(kari, town, text="For alle")
    make_post(kari, alna, text="Bare for oss")
    assert "Bare for oss" in client_of(amina).get(kari.get_absolute_url()).content.decode()
    page = client_of(thanh).get(kari.get_absolute_url()).content.decode()
    assert "For alle" in page
    assert "Bare for oss" not in page


def test_the_newcomer_reads_what_happened_before(
    town: Group, amina: Employee, kari: Employee, make_post: MakePost
) -> None:
    post = make_post(kari, town, text="Mest snakket om")
    add_comment(actor=amina, thread=post.thread, text="Ja")
    request = RequestFactory().get("/welcome/")
    request.user = amina
    assert "Mest snakket om" in render_slot("welcome.history", request, employee=amina)


def test_the_newcomer_reads_the_pinned_and_then_the_most_discussed(
    town: Group, alna: Group, amina: Employee, kari: Employee, make_post: MakePost
) -> None:
    months_ago = timezone.now() - datetime.timedelta(days=120)
    old = make_post(kari, alna, text="## Slik bytter du **vakt**", created_at=months_ago)
    pin_post(actor=kari, placement=old.placements.get())
    told = ["Om kjørebok og sykkel", "Fest her og der", "Ny nøkkelboks", "Ingen svarte", "For lenge siden"]
    posts = {text: make_post(kari, alna, text=text) for text in told}
    Placement.objects.filter(post=posts["For lenge siden"]).update(published_at=months_ago)
    Placement.objects.create(post=posts["Fest her og der"], group=town, placed_by=kari)
    for text, answers in (("Om kjørebok og sykkel", 1), ("Fest her og der", 2), ("Ny nøkkelboks", 3)):
        for _ in range(answers):
            add_comment(actor=amina, thread=posts[text].thread, text="Ja")
    add_comment(actor=amina, thread=posts["For lenge siden"].thread, text="Nei")
    request = RequestFactory().get("/welcome/")
    request.user = amina
    html = render_slot("welcome.history", request, employee=amina)
    names = re.findall(r'class="name" href="[^"]+">([^<]+)<', html)
    assert names == ["Slik bytter du vakt", "Ny nøkkelboks", "Fest her og der", "Om kjørebok og sykkel"]


def test_posts_are_found_by_every_word(
    town: Group, alna: Group, amina: Employee, kari: Employee, thanh: Employee, make_post: MakePost
) -> None:
    make_post(kari, town, text="Vaffelonsdag i kantina")
    make_post(kari, alna, text="Vaffel hos oss")
    assert [hit.title for hit in find_posts(thanh, "KANTINA vaffel", 5)] == ["Vaffelonsdag i kantina"]
    assert len(find_posts(amina, "vaffel", 5)) == 2
    assert find_posts(thanh, "100%_", 5) == []


def test_what_is_sent_twice_from_the_composer_is_one_post(
    alna: Group, town: Group, amina: Employee, client_of: Callable[[Employee], Client]
) -> None:
    client, words = client_of(amina), {"text": "To trykk", "page": "home"}
    addresses = [
        client.post("/posts/new/", {**words, "group": group.public_id})["Location"] for group in (alna, alna, town)
    ]
    assert addresses[0] == addresses[1] != addresses[2]
    assert Post.objects.filter(text="To trykk").count() == 2
    Post.objects.filter(text="To trykk").update(created_at=timezone.now() - datetime.timedelta(minutes=2))
    client.post("/posts/new/", {**words, "group": alna.public_id})
    assert Post.objects.filter(text="To trykk").count() == 3, "said once more on purpose"
