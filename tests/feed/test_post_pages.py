"""The pages of posts: what the forms take, and what stands on them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import add_comment
from core.fragments import render_slot
from directory.models import Employee
from feed.actions import pin_post, publish_post
from feed.models import Placement, Post
from feed.search_sources import find_posts
from groups.models import Group, Membership
from notifications.models import Notification

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]


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
    assert client_of(kari).get("/feed/new-count/", {"since": "nonsense"}).status_code == 404


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


def test_the_newcomer_reads_the_pinned_and_the_most_discussed(
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
    # A line of time: the newest stands first, whatever brought it there.
    assert names == ["Fest her og der", "Ny nøkkelboks", "Om kjørebok og sykkel", "Slik bytter du vakt"]


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
