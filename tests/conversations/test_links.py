"""Links: to one comment, wherever it stands; to our own pages, told in a card to those who may know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment, close_comments, open_comments
from conversations.models import Comment, Thread
from core.previews import links_in
from directory.models import Employee
from feed.models import Post
from feed.reading import load_post, load_posts
from groups.models import Group


def here(thing: Any) -> str:
    return f"{settings.SITE_ADDRESS}{thing.get_absolute_url()}"


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", owner=kari, members=[amina])


@pytest.fixture
def post(group: Group, kari: Employee, make_post: Callable[..., Post]) -> Post:
    return make_post(kari, group, text="Fagtime?")


def test_a_linked_comment_is_shown_and_lit_however_many_came_after(
    post: Post, amina: Employee, client_of: Callable[..., Client]
) -> None:
    old = timezone.now() - timedelta(days=2)
    first = Comment.objects.create(thread=post.thread, author=amina, text="Den aller første", created_at=old)
    reply = Comment.objects.create(
        thread=post.thread, author=amina, parent=first, text="Svaret", created_at=old + timedelta(minutes=1)
    )
    for parent in (None, first):
        later = [Comment(thread=post.thread, author=amina, parent=parent, text="Senere") for _ in range(51)]
        Comment.objects.bulk_create(later)
    view = load_post(amina, post, wanted="nothing")
    assert view
    assert first not in [one.comment for one in view.thread.comments]
    page = client_of(amina).get(f"{post.get_absolute_url()}?comment={reply.public_id}").content.decode()
    assert f'class="cmt cmt--lit" id="comment-{reply.public_id}"' in page
    assert "Den aller første" in page


def test_a_link_is_told_in_a_card_to_those_who_may_know(
    post: Post,
    group: Group,
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    make_employee: Callable[..., Employee],
    kari: Employee,
    amina: Employee,
    thanh: Employee,
) -> None:
    closed = make_group("Lukket lag", "closed", owner=kari, members=[amina])
    secret = make_group("Skjult lag", "secret", owner=kari, members=[amina])
    union = make_group("Fagforening", "closed", owner=kari, members=[amina], sensitive=True)
    hidden = make_employee("Ragnhild Skjold", protected=True, chosen_name="Rita")
    bare = [make_post(kari, closed), make_post(kari, secret), secret, union]
    told = [post, closed, thanh]
    for thing in bare:
        assert load_post(amina, make_post(amina, group, text=here(thing))).thread.cards == []  # type: ignore[union-attr]
    person = f"{settings.SITE_ADDRESS}/people/{hidden.public_id}/ {settings.SITE_ADDRESS}/people/xx/ https://a.no/"
    assert load_post(kari, make_post(kari, group, text=person)).thread.cards == []  # type: ignore[union-attr]
    view = load_post(thanh, make_post(kari, group, text=" ".join(here(thing) for thing in told)))
    assert view
    assert [card.title for card in view.thread.cards] == ["Fagtime?", "Lukket lag", "Thanh Nguyen"]
    Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    view = load_post(thanh, view.post)
    assert view
    assert len(view.thread.cards) == 2


def test_cards_cost_a_page_one_query(
    post: Post,
    group: Group,
    make_post: Callable[..., Post],
    kari: Employee,
    amina: Employee,
    django_assert_num_queries: Any,
) -> None:
    plain = make_post(kari, group).placements.get().pk
    linking = [
        make_post(kari, group, text=f"{here(post)} {here(amina)} {here(group)}").placements.get().pk for _ in range(4)
    ]
    add_comment(actor=amina, thread=post.thread, text=here(kari))
    shown_there = [*linking, post.placements.get().pk]
    assert amina.roles == [], "read once for each request"
    with django_assert_num_queries(3):
        load_posts(amina, [plain])
    with django_assert_num_queries(4):
        shown = load_posts(amina, shown_there)
    assert [len(view.thread.cards) for view in shown] == [3, 3, 3, 3, 0]
    assert [card.title for card in shown[-1].thread.comments[0].cards] == ["Kari Nordby"]


def test_only_the_first_links_of_a_text_count(post: Post) -> None:
    assert links_in(f"{here(post)} " * 5000) == (("post", post.public_id),)
    assert links_in("https://example.org/posts/abc/") == ()


def test_comments_are_closed_and_opened_by_author_and_moderator(
    post: Post, group: Group, make_post: Callable[..., Post], kari: Employee, amina: Employee, thanh: Employee
) -> None:
    theirs = make_post(amina, group).thread
    for actor in (amina, kari):
        close_comments(actor=actor, thread=theirs)
        theirs = Thread.objects.get(pk=theirs.pk)
        with pytest.raises(PermissionDenied):
            add_comment(actor=kari, thread=theirs, text="Hei")
        open_comments(actor=actor, thread=theirs)
        theirs = Thread.objects.get(pk=theirs.pk)
        add_comment(actor=kari, thread=theirs, text="Hei")
    with pytest.raises(PermissionDenied):
        close_comments(actor=amina, thread=post.thread)


def test_the_author_closes_them_in_the_menu(
    post: Post, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    address = f"/threads/{post.thread.public_id}/closing/"
    assert address in client_of(kari).get(post.get_absolute_url()).content.decode()
    assert address not in client_of(amina).get(post.get_absolute_url()).content.decode()
    closed = client_of(kari).post(address, follow=True).content.decode()
    assert "Åpne for kommentarer" in closed
    assert "Kommentarfeltet er stengt" in closed or "stengt" in closed
    assert "Åpne" not in client_of(kari).post(address, {"open": "1"}, follow=True).content.decode().split("<main")[1]
