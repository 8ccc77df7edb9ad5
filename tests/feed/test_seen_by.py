"""«Sett av 58 av 64»: what is kept, what is told, and when it is forgotten."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Employee, Organisation
from feed.actions import forget_views, mark_posts_seen
from feed.models import Post, View
from feed.pages import group_page
from feed.reading import load_post
from groups.actions import GroupFacts, change_group
from groups.models import Group, Membership

MakeGroup = Callable[..., Group]


@pytest.fixture
def measuring(db: None) -> Organisation:
    """An organisation that has recorded why it measures."""
    facts = {"insight_purpose": "Nå fram", "dpia_reference": "24/1", "discussed_with_stewards_date": "2026-01-01"}
    return Organisation.objects.update_or_create(pk=1, defaults=facts)[0]


@pytest.fixture
def members(make_employee: Callable[..., Employee]) -> list[Employee]:
    return [make_employee(f"Medlem {number}") for number in range(10)]


@pytest.fixture
def group(make_group: MakeGroup, members: list[Employee]) -> Group:
    return make_group("Alna vest", "closed", owner=members[0], members=members[1:], seen_by="names")


@pytest.fixture
def post(make_post: Callable[..., Post], members: list[Employee], group: Group) -> Post:
    return make_post(members[0], group, text="Ukeplan")


def seen(reader: Employee, post: Post) -> tuple[int, int, bool] | None:
    view = load_post(reader, post)
    return (view.seen.seen, view.seen.members, bool(view.seen.url)) if view and view.seen else None


def test_a_screenful_is_one_request_and_one_statement(
    measuring: Organisation,
    members: list[Employee],
    group: Group,
    make_post: Callable[..., Post],
    client_of: Callable[..., Client],
    django_assert_num_queries: Any,
) -> None:
    posts = [make_post(members[0], group, text=str(number)).public_id for number in range(8)]
    with django_assert_num_queries(1):
        assert mark_posts_seen(actor=members[1], public_ids=posts) == 8
        # Seen again, it is not new.
    assert mark_posts_seen(actor=members[1], public_ids=posts) == 0
    answer = client_of(members[2]).post("/feed/seen/", {"post": [*posts, "unknown", "\u00e5" * 40]})
    assert answer.status_code == 204
    assert View.objects.filter(employee=members[2]).count() == 8


def test_members_are_told_how_many_and_who(
    measuring: Organisation, members: list[Employee], group: Group, post: Post, client_of: Callable[..., Client]
) -> None:
    for member in members[:4]:
        mark_posts_seen(actor=member, public_ids=[post.public_id])
    assert seen(members[5], post) == (4, 10, True)
    [view] = group_page(members[5], group).posts
    assert view.seen
    assert view.seen.seen == 4
    page = client_of(members[5]).get(f"/posts/{post.public_id}/readers/").content.decode()
    assert members[3].display_name in page
    assert members[6].display_name not in page
    Membership.objects.filter(employee=members[3]).delete()
    answer = client_of(members[5]).get(f"/posts/{post.public_id}/readers/")
    assert answer.status_code == 404, "nine members are too few"


def test_a_protected_person_is_named_by_the_chosen_name(
    measuring: Organisation, members: list[Employee], post: Post, client_of: Callable[..., Client]
) -> None:
    Employee.objects.filter(pk=members[2].pk).update(protected=True, chosen_name="Rita")
    mark_posts_seen(actor=members[2], public_ids=[post.public_id])
    page = client_of(members[5]).get(f"/posts/{post.public_id}/readers/").content.decode()
    assert "Rita" in page
    assert members[2].full_name not in page


@pytest.mark.parametrize(
    ("facts", "told", "kept"),
    [
        ({"seen_by": "off"}, None, False),
        ({"seen_by": "count"}, (1, 10, False), True),
        ({"privacy": "open"}, (1, 10, False), True),
        ({"privacy": "secret"}, (1, 10, True), True),
    ],
)
def test_what_the_group_wants_decides(
    facts: dict[str, str],
    told: Any,
    kept: bool,
    measuring: Organisation,
    members: list[Employee],
    group: Group,
    post: Post,
    client_of: Callable[..., Client],
) -> None:
    Group.objects.update(**facts)
    assert mark_posts_seen(actor=members[1], public_ids=[post.public_id]) == int(kept)
    assert seen(members[2], post) == told
    status = 200 if told and told[2] else 404
    assert client_of(members[2]).get(f"/posts/{post.public_id}/readers/").status_code == status


def test_nothing_is_kept_or_told_before_the_organisation_has_recorded_why(
    members: list[Employee], post: Post, client_of: Callable[..., Client]
) -> None:
    Organisation.objects.update(dpia_reference="")
    assert mark_posts_seen(actor=members[1], public_ids=[post.public_id]) == 0
    assert seen(members[2], post) is None
    assert client_of(members[2]).get(f"/posts/{post.public_id}/readers/").status_code == 404


def test_who_is_no_member_leaves_no_trace_and_is_told_nothing(
    measuring: Organisation, members: list[Employee], group: Group, post: Post, thanh: Employee
) -> None:
    Group.objects.update(privacy="open")
    assert mark_posts_seen(actor=thanh, public_ids=[post.public_id]) == 0
    assert seen(thanh, post) is None


def test_drawing_pages_leaves_no_trace(
    measuring: Organisation, members: list[Employee], group: Group, post: Post, client_of: Callable[..., Client]
) -> None:
    client = client_of(members[1])
    for address in ("/", group.get_absolute_url(), post.get_absolute_url()):
        assert "data-counts-seen" in client.get(address).content.decode()
    assert not View.objects.exists()


def test_views_are_forgotten_after_thirty_days(measuring: Organisation, members: list[Employee], post: Post) -> None:
    mark_posts_seen(actor=members[1], public_ids=[post.public_id])
    mark_posts_seen(actor=members[2], public_ids=[post.public_id])
    old = timezone.now() - datetime.timedelta(days=31)
    View.objects.filter(employee=members[1]).update(seen_at=old)
    assert forget_views() == 1
    assert View.objects.get().employee == members[2]
    post.placements.update(published_at=old)
    assert mark_posts_seen(actor=members[3], public_ids=[post.public_id]) == 0
    assert seen(members[2], post) is None


def test_who_was_promised_a_number_is_never_named(
    measuring: Organisation, members: list[Employee], group: Group, post: Post
) -> None:
    Group.objects.filter(pk=group.pk).update(seen_by="count")
    group.refresh_from_db()
    mark_posts_seen(actor=members[1], public_ids=[post.public_id])
    change_group(actor=members[0], group=group, facts=replace(GroupFacts.of(group), seen_by="names"))
    assert not View.objects.exists()
    mark_posts_seen(actor=members[2], public_ids=[post.public_id])
    change_group(actor=members[0], group=group, facts=replace(GroupFacts.of(group), name="Alna nord"))
    assert View.objects.count() == 1
