"""«Min linje»: what a leader writes to a unit and those below, who reads it, answers it and looks after it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from conversations.actions import add_comment, delete_comment, react
from core.clock import local_today
from core.errors import RefusedError
from directory.models import Employee, Employment, RoleGrant
from feed.actions import delete_post, publish_to_line
from feed.models import LineMarker, Placement, Post
from feed.pages import home_page
from feed.reading import load_post
from feed.search_sources import find_posts


def texts(reader: Employee, form: str = "for-you") -> list[str]:
    return [view.post.text for view in home_page(reader, form).posts]


@pytest.fixture
def leader(kari: Employee, city: Any) -> Employee:
    """Kari leads the whole of home care from her place in Alna vest."""
    city.home_care.leader = kari
    city.home_care.save()
    return kari


@pytest.fixture
def post(leader: Employee, city: Any) -> Post:
    return publish_to_line(actor=leader, unit=city.home_care, text="God morgen, hjemmetjenesten")


def test_who_works_at_or_below_the_unit_reads_it_everywhere_and_nobody_else(
    post: Post, amina: Employee, thanh: Employee, hege: Employee, client_of: Callable[..., Client]
) -> None:
    assert texts(amina) == [post.text]
    assert texts(amina, "leaders") == [post.text]
    assert find_posts(amina, "morgen", 5)
    page = client_of(amina).get(post.get_absolute_url())
    assert "Hjemmetjenesten" in page.content.decode()
    answer = client_of(amina).get(f"/api/v1/posts/{post.public_id}/").json()
    assert (answer["group"], answer["unit"]["name"]) == (None, "Hjemmetjenesten")
    for other in (thanh, hege):
        assert texts(other) == texts(other, "leaders") == []
        assert not find_posts(other, "morgen", 5)
        assert client_of(other).get(post.get_absolute_url()).status_code == 404
        assert client_of(other).get(f"/api/v1/posts/{post.public_id}/").status_code == 404


def test_the_right_goes_with_the_job(post: Post, amina: Employee, thanh: Employee, city: Any) -> None:
    Employment.objects.filter(employee=amina).update(end_date=local_today() - datetime.timedelta(days=1))
    assert texts(amina) == []
    assert not Post.objects.visible_to(amina).exists()
    second = {"title": "Vikar", "position_key": "vikar", "start_date": local_today()}
    Employment.objects.create(employee=thanh, unit=city.east, **second)
    assert texts(thanh) == [post.text]


def test_those_who_read_it_answer_and_the_writer_looks_after_it(post: Post, leader: Employee, amina: Employee) -> None:
    comment = add_comment(actor=amina, thread=post.thread, text="God morgen!")
    react(actor=amina, thread=post.thread, kind="heart")
    view = load_post(amina, post)
    assert view
    assert (view.may_edit, view.may_delete, view.share_url) == (False, False, "")
    delete_comment(actor=leader, comment=comment)
    with pytest.raises(PermissionDenied):
        delete_post(actor=amina, post=post)
    assert delete_post(actor=leader, post=post)
    assert texts(amina) == []


def test_it_is_new_until_i_have_been_on_the_home_page(
    post: Post, amina: Employee, client_of: Callable[..., Client]
) -> None:
    Employee.objects.filter(pk=amina.pk).update(created_at=timezone.now() - datetime.timedelta(days=3))
    first, client = home_page(amina, "for-you"), client_of(amina)
    assert first.new == {first.posts[0].placement.pk}
    client.get("/")
    assert LineMarker.objects.get(employee=amina).read_until > post.created_at
    again = home_page(amina, "for-you")
    assert len(again.posts) == 1
    assert not again.new


def test_leaders_write_to_their_units_and_those_below_only(
    leader: Employee, amina: Employee, city: Any, thanh: Employee
) -> None:
    assert publish_to_line(actor=leader, unit=city.east, text="Til øst")
    for actor, unit in ((leader, city.alna), (leader, city.water), (amina, city.west)):
        with pytest.raises(PermissionDenied):
            publish_to_line(actor=actor, unit=unit, text="Hei")
    RoleGrant.objects.create(employee=thanh, role="acting_leader", unit=city.home_care)
    acting = publish_to_line(actor=Employee.objects.get(pk=thanh.pk), unit=city.home_care, text="Jeg vikarierer")
    assert Post.objects.visible_to(thanh).filter(pk=acting.pk).exists()
    with pytest.raises(RefusedError):
        publish_to_line(actor=leader, unit=city.east, text="Vikar?", kind="stand_in")


def test_who_writes_below_the_own_unit_reads_the_answers(
    make_employee: Callable[..., Employee], amina: Employee, city: Any
) -> None:
    director = make_employee("Tor Dahl", unit=city.alna, title="Bydelsdirektør")
    city.alna.leader = director
    city.alna.save()
    post = publish_to_line(actor=director, unit=city.west, text="Hei, vest")
    add_comment(actor=amina, thread=post.thread, text="Hei, Tor")
    view = load_post(director, post)
    assert view
    assert view.thread.parts.may_comment


def test_one_post_in_a_group_and_in_the_line_stands_once(
    post: Post, leader: Employee, amina: Employee, make_group: Callable[..., Any]
) -> None:
    group = make_group("Alna vest", owner=leader, members=[amina])
    Placement.objects.create(post=post, group=group, placed_by=leader)
    assert texts(amina) == texts(amina, "newest") == [post.text]


def test_a_leader_chooses_the_line_in_the_composer_and_in_the_api(
    leader: Employee, amina: Employee, city: Any, client_of: Callable[..., Client]
) -> None:
    place, client = f"unit-{city.home_care.public_id}", client_of(leader)
    assert place in client.get("/posts/new/").content.decode()
    assert place not in client_of(amina).get("/posts/new/").content.decode()
    assert client.get(f"/posts/new/seen-by/?group={place}").status_code == 200
    assert client.post("/posts/new/", {"text": "God morgen", "group": place}).status_code == 302
    assert Placement.objects.get().unit == city.home_care
    assert client_of(amina).post("/posts/new/", {"text": "Hei", "group": place}).status_code == 422
    body = {"text": "Hei", "unit": city.home_care.public_id}
    answer = client.post("/api/v1/posts/", body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["unit"]["id"] == city.home_care.public_id
    assert client_of(amina).post("/api/v1/posts/", body, content_type="application/json").status_code == 403
    assert client.post("/api/v1/posts/", {"text": "Hei"}, content_type="application/json").status_code == 400
