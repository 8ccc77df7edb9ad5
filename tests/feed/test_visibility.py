"""Who sees a post, everywhere one could look; and what secret groups never betray."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from conversations.actions import add_attachment, add_comment, react
from conversations.files import Upload, examine
from conversations.models import Attachment, Comment, Thread
from directory.models import Employee
from feed.actions import share_post
from feed.models import Post
from feed.search_sources import find_posts
from groups.models import Group, Membership
from tests.conversations.pictures import picture

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]


def addresses(post: Post, comment: Comment, file: Attachment) -> list[str]:
    thread = post.thread.public_id
    return [
        f"/posts/{post.public_id}/",
        f"/posts/{post.public_id}/edit/",
        f"/posts/{post.public_id}/share/",
        f"/posts/{post.public_id}/history/",
        f"/threads/{thread}/comments/",
        f"/threads/{thread}/reactions/",
        f"/comments/{comment.public_id}/reply/",
        f"/comments/{comment.public_id}/edit/",
        f"/files/{file.public_id}/",
        f"/files/{file.public_id}/?width=400",
        f"/mentions/?q=ka&thread={thread}",
        f"/api/v1/posts/{post.public_id}/",
        f"/api/v1/posts/{post.public_id}/comments/",
        f"/api/v1/comments/{comment.public_id}/",
    ]


@pytest.fixture
def whole(make_post: MakePost, amina: Employee) -> Callable[[Group], tuple[Post, Comment, Attachment]]:
    """A post by Amina with a comment and a picture, by Amina too."""

    def make(group: Group) -> tuple[Post, Comment, Attachment]:
        post = make_post(amina, group, text="Hemmelig vaffeloppskrift")
        comment = add_comment(actor=amina, thread=post.thread, text="Med kardemomme")
        stored = examine(Upload(picture(), "vaffel.png", "En vaffel"))
        return post, comment, add_attachment(actor=amina, thread=post.thread, stored=stored)

    return make


@pytest.mark.parametrize("privacy", ["closed", "secret"])
def test_what_stands_in_a_closed_group_does_not_exist_for_others(
    privacy: str,
    whole: Callable,
    make_group: MakeGroup,
    amina: Employee,
    thanh: Employee,
    admin: Employee,
    client_of: Callable[..., Client],
) -> None:
    parts = whole(make_group("Alna vest", privacy, owner=amina))
    for outsider in (thanh, admin):
        client = client_of(outsider)
        assert {client.get(address).status_code for address in addresses(*parts)} == {404}
        assert "kardemomme" not in client.get("/").content.decode()
        assert not find_posts(outsider, "vaffeloppskrift", 10)
        assert client.get("/api/v1/posts/").json()["results"] == []
    assert client_of(amina).get(f"/posts/{parts[0].public_id}/").status_code == 200


def test_a_former_member_loses_everything_at_once_the_own_posts_and_pictures_too(
    whole: Callable, make_group: MakeGroup, amina: Employee, kari: Employee, client_of: Callable[..., Client]
) -> None:
    group = make_group("Alna vest", "closed", owner=kari, members=[amina])
    parts = whole(group)
    client = client_of(amina)
    assert client.get(f"/files/{parts[2].public_id}/").status_code == 200
    Membership.objects.filter(group=group, employee=amina).delete()
    assert {client.get(address).status_code for address in addresses(*parts)} == {404}
    for act in ("delete", "edit", "restore"):
        assert client.post(f"/posts/{parts[0].public_id}/{act}/").status_code in (403, 404)
    assert client.post(f"/comments/{parts[1].public_id}/delete/").status_code == 404
    assert not find_posts(amina, "vaffeloppskrift", 10)
    assert "vaffeloppskrift" not in client.get(f"/people/{amina.public_id}/").content.decode()


def test_open_posts_are_read_by_all_and_answered_by_members(
    whole: Callable, make_group: MakeGroup, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    post, _, file = whole(make_group("Hele Oslo", owner=amina))
    client = client_of(thanh)
    assert client.get(post.get_absolute_url()).status_code == 200
    assert client.get(file.get_absolute_url()).status_code == 200
    assert not thanh.has_perm("conversations.comment", post.thread)
    assert client.post(f"/threads/{post.thread.public_id}/comments/", {"text": "Hei"}).status_code == 403
    assert client.post(f"/threads/{post.thread.public_id}/reaction/", {"kind": "like"}).status_code == 403


def test_the_deleted_is_gone_with_its_comments_and_pictures(
    whole: Callable, make_group: MakeGroup, amina: Employee, kari: Employee, client_of: Callable[..., Client]
) -> None:
    parts = whole(make_group("Alna vest", "closed", owner=kari, members=[amina]))
    Post.objects.update(deleted_at="2026-01-01T00:00Z")
    for person in (amina, kari):
        assert {client_of(person).get(address).status_code for address in addresses(*parts)} == {404}


def test_a_secret_group_does_not_show_through_what_it_shares(
    make_group: MakeGroup,
    make_post: MakePost,
    amina: Employee,
    kari: Employee,
    thanh: Employee,
    client_of: Callable[..., Client],
) -> None:
    """Members of a secret group who are not in the open one read, but do not answer: others would wonder how."""
    open_group = make_group("Hele Oslo", owner=kari, members=[thanh])
    secret = make_group("Omstilling", "secret", owner=kari, members=[amina])
    post = make_post(kari, open_group)
    before = client_of(thanh).get(post.get_absolute_url()).content.decode()
    share_post(actor=kari, post=post, groups=[secret])
    after = client_of(thanh).get(post.get_absolute_url()).content.decode()
    assert "Omstilling" not in after
    assert len(before) == len(after)
    assert not amina.has_perm("conversations.comment", post.thread)
    assert not amina.has_perm("conversations.react", post.thread)
    inside = make_post(kari, secret)
    assert amina.has_perm("conversations.comment", inside.thread)


def test_threads_of_unknown_owners_are_seen_by_nobody(amina: Employee) -> None:
    Thread.objects.create(owner_kind="nothing")
    assert not Thread.objects.visible_to(amina).exists()


def test_a_protected_person_is_shown_under_the_chosen_name_only(
    make_group: MakeGroup,
    make_post: MakePost,
    make_employee: Callable[..., Employee],
    amina: Employee,
    client_of: Callable[..., Client],
) -> None:
    hidden = make_employee("Ragnhild Skjold", protected=True, chosen_name="Rita", title="Psykolog")
    group = make_group("Alna vest", owner=amina, members=[hidden])
    post = make_post(hidden, group)
    add_comment(actor=hidden, thread=post.thread, text="Hei")
    react(actor=hidden, thread=post.thread, kind="like")
    client = client_of(amina)
    for address in ("/", post.get_absolute_url(), f"/threads/{post.thread.public_id}/reactions/"):
        page = client.get(address).content.decode()
        assert "Rita" in page
        for secret in ("Ragnhild", "Skjold", "Psykolog", hidden.public_id):
            assert secret not in page
    answer = client.get(f"/api/v1/posts/{post.public_id}/").content.decode()
    assert "Skjold" not in answer
    assert hidden.public_id not in answer
    assert client.get(f"/mentions/?q=ragnhild&group={group.public_id}").json() == {"people": []}
