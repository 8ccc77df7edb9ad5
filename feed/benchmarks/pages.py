"""The feed's requests beside the floor, and what a post costs its author."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions import add_comment, react
from directory.models import Employee, HouseRules, HouseRulesAcceptance, Organisation
from feed.actions import publish_post
from feed.models import Placement, Post, View
from groups.models import Group, Membership

FLOOR = "/bench/floor/"
LARGE, SMALL = 50_000, 5
POSTS, REQUESTS, SCREENFUL = 12, 8, 8


@dataclass
class Place:
    """A reader with a browser, and two groups the reader owns: of everyone, and of five."""

    reader: Employee
    client: Client
    large: Group
    small: Group
    screenful: list[str]


_place: list[Place] = []


def prepare(scale: float) -> Place:
    """Make the groups and some posts once, for all figures."""
    if not _place:
        _place.append(_make())
    return _place[0]


def _make() -> Place:
    why = {"insight_purpose": "Nå fram", "dpia_reference": "1", "discussed_with_stewards_date": timezone.localdate()}
    Organisation.objects.update_or_create(pk=1, defaults=why)
    reader = Employee.objects.active().order_by("-pk").first()
    _accept_rules(reader)
    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="directory.authentication.EmployeeBackend")
    large, small = (_group(reader, size) for size in (LARGE, SMALL))
    posts = [_talked_about(author, large) for author in _others(reader, POSTS)]
    return Place(reader, client, large, small, [post.public_id for post in posts[:SCREENFUL]])


def _accept_rules(employee: Employee) -> None:
    for rules in HouseRules.objects.all():
        HouseRulesAcceptance.objects.get_or_create(employee=employee, house_rules=rules)


def _others(reader: Employee, number: int) -> list[Employee]:
    return list(Employee.objects.active().exclude(pk=reader.pk).order_by("pk")[:number])


def _talked_about(author: Employee, group: Group) -> Post:
    """A post as people meet it: with two comments, a reply and a reaction."""
    _accept_rules(author)
    post = publish_post(actor=author, groups=[group], text="God morgen, alle sammen!\n\nKaffen er **klar**.")
    comment = add_comment(actor=author, thread=post.thread, text="Kom og smak!")
    add_comment(actor=author, thread=post.thread, text="Det er nok til alle.", parent=comment)
    add_comment(actor=author, thread=post.thread, text="Nå er det tomt.")
    react(actor=author, thread=post.thread, kind="heart")
    return post


def _group(owner: Employee, size: int) -> Group:
    group = Group.objects.create(name=f"Group of {size}", privacy="closed", seen_by="count")
    Membership.objects.create(group=group, employee=owner, role="owner")
    others = Employee.objects.active().exclude(pk=owner.pk).order_by("pk")[: size - 1]
    rows = [Membership(group=group, employee_id=pk) for pk in others.values_list("pk", flat=True)]
    Membership.objects.bulk_create(rows, batch_size=5_000)
    return group


def open_floor(place: Place) -> float:
    """Return the seconds of a page with sign-in, middleware and frame, and nothing in it."""
    return _seconds(lambda: place.client.get(FLOOR).status_code == 200)


def open_home(place: Place) -> float:
    """Return the seconds of the home page with a page of posts."""
    return _seconds(lambda: place.client.get("/").status_code == 200)


def mark_seen(place: Place) -> float:
    """Return the seconds of one request for a screenful, none of it seen before."""
    address = reverse("see_posts")

    def request() -> bool:
        return place.client.post(address, {"post": place.screenful}).status_code == 204

    began = time.perf_counter()
    for _ in range(REQUESTS):
        assert request()
        View.objects.filter(employee=place.reader).delete()
    return (time.perf_counter() - began) / REQUESTS


def post_to_many(place: Place) -> float:
    """Return the seconds a post into the group of everyone costs its author."""
    return _seconds(lambda: bool(publish_post(actor=place.reader, groups=[place.large], text="Hei")))


def post_to_few(place: Place) -> float:
    """The same into a group of five."""
    return _seconds(lambda: bool(publish_post(actor=place.reader, groups=[place.small], text="Hei")))


def forget_posts(place: Place) -> None:
    """Take out what was posted meanwhile, so that pages stay as they were."""
    extra = Post.objects.filter(author=place.reader, text="Hei")
    Placement.objects.filter(post__in=extra).delete()
    extra.delete()


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    for _ in range(REQUESTS):
        assert work()
    return (time.perf_counter() - began) / REQUESTS
