"""Following colleagues and open groups, muting, and a home page that is never empty."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from directory.models import Employee
from feed.actions import follow_person, unfollow_person
from feed.models import PersonFollow, Post
from feed.pages import home_page
from groups.models import Follow, Group, Membership

MakeGroup = Callable[..., Group]
MakePost = Callable[..., Post]
NOW = timezone.now()


def texts(reader: Employee, form: str = "for-you") -> list[str]:
    return [view.post.text for view in home_page(reader, form).posts]


def test_from_leaders_holds_those_i_follow_and_only_what_i_may_read(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, thanh: Employee
) -> None:
    everyone = make_group("Hele Oslo", owner=thanh)
    closed = make_group("Renhold", "closed", owner=thanh)
    make_post(thanh, everyone, text="open")
    make_post(thanh, closed, text="closed")
    assert texts(amina, "leaders") == []
    follow_person(actor=amina, person=thanh)
    follow_person(actor=amina, person=thanh)
    assert texts(amina, "leaders") == ["open"]
    unfollow_person(actor=amina, person=thanh)
    assert texts(amina, "leaders") == []


def test_one_follows_a_colleague_from_the_page_and_from_a_post(
    make_group: MakeGroup, make_post: MakePost, amina: Employee, thanh: Employee, client_of: Callable[..., Client]
) -> None:
    post = make_post(thanh, make_group("Hele Oslo", owner=thanh, members=[amina]))
    address, client = f"/people/{thanh.public_id}/follow/", client_of(amina)
    for page in (thanh.get_absolute_url(), post.get_absolute_url()):
        assert address in client.get(page).content.decode()
    assert client.post(address, {"follow": "1"}).status_code == 302
    assert PersonFollow.objects.get().followed == thanh
    answer = client.post(address, {"follow": "0", "in_menu": "1"}, headers={"HX-Request": "true"})
    assert 'value="1"' in answer.content.decode()
    assert not PersonFollow.objects.exists()


def test_nobody_follows_themself_leavers_or_protected_people(
    amina: Employee, thanh: Employee, make_employee: Callable[..., Employee], client_of: Callable[..., Client]
) -> None:
    hidden = make_employee("Ragnhild Skjold", protected=True)
    gone = make_employee("Per Slutt", is_active=False)
    for person in (amina, hidden, gone):
        with pytest.raises(PermissionDenied):
            follow_person(actor=amina, person=person)
    client = client_of(amina)
    unknown = client.post("/people/unknown/follow/", {"follow": "1"})
    known = client.post(f"/people/{hidden.public_id}/follow/", {"follow": "1"})
    assert (unknown.status_code, known.status_code) == (404, 404)
    assert "/follow/" not in client.get(amina.get_absolute_url()).content.decode()


def test_a_followed_open_group_stands_in_the_feed_with_a_marker_of_its_own(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    group = make_group("Vinterdrift", owner=kari)
    follow = Follow.objects.create(group=group, employee=amina, read_until=NOW - datetime.timedelta(hours=5))
    make_post(kari, group, text="Brøytet", created_at=NOW - datetime.timedelta(hours=1))
    page = home_page(amina, "for-you")
    assert [(view.post.text, view.placement.pk in page.new) for view in page.posts] == [("Brøytet", True)]
    client_of(amina).get("/")
    follow.refresh_from_db()
    assert follow.read_until
    assert follow.read_until > NOW - datetime.timedelta(minutes=5)
    Group.objects.update(privacy="closed")
    assert texts(amina) == texts(amina, "newest") == []


def test_muted_hidden_ended_and_closed_are_left_out(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    groups = {name: make_group(name, owner=kari, members=[amina]) for name in ("muted", "closed", "loud")}
    for name, group in groups.items():
        make_post(kari, group, text=name)
    make_post(kari, groups["loud"], text="hidden", hidden_at=NOW)
    ended = make_post(kari, groups["loud"], text="ended", ends_at=NOW - datetime.timedelta(hours=1))
    Membership.objects.filter(group=groups["muted"], employee=amina).update(muted_at=NOW)
    Group.objects.filter(pk=groups["closed"].pk).update(closed_at=NOW)
    for form in ("for-you", "newest", "leaders"):
        assert texts(amina, form) == ["loud"], form
    client = client_of(amina)
    assert "muted" in client.get(groups["muted"].get_absolute_url()).content.decode()
    assert client.get(ended.get_absolute_url()).status_code == 200
    assert client.get(f"/feed/new-count/?since={(NOW - datetime.timedelta(hours=9)).isoformat()}").content.count(b"1 ")


def test_a_page_of_nothing_but_ended_posts_leads_on_to_what_stands(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee
) -> None:
    group = make_group("Barnehagen", owner=kari, members=[amina])
    make_post(kari, group, text="stands", created_at=NOW - datetime.timedelta(days=9))
    for number in range(40):
        at = NOW - datetime.timedelta(hours=number + 1)
        make_post(kari, group, text="timetable", created_at=at, ends_at=NOW - datetime.timedelta(minutes=1))
    assert texts(amina) == texts(amina, "newest") == ["stands"]


def test_what_was_said_before_i_came_stays_with_those_who_were_there(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    group = make_group("Omstilling", "closed", owner=kari, members=[amina], open_history=False)
    Membership.objects.filter(employee=amina).update(joined_at=NOW - datetime.timedelta(hours=2))
    before = make_post(kari, group, text="Sagt tidligere", created_at=NOW - datetime.timedelta(hours=3))
    make_post(kari, group, text="after", created_at=NOW - datetime.timedelta(hours=1))
    assert texts(amina) == texts(amina, "newest") == texts(amina, "leaders") == ["after"]
    client = client_of(amina)
    assert client.get(before.get_absolute_url()).status_code == 404
    assert "Sagt tidligere" not in client.get(group.get_absolute_url()).content.decode()


def test_the_new_person_is_shown_what_open_groups_of_colleagues_say(
    make_group: MakeGroup,
    make_post: MakePost,
    kari: Employee,
    amina: Employee,
    thanh: Employee,
    client_of: Callable[..., Client],
) -> None:
    make_post(kari, make_group("Vaffellaget", owner=kari), text="Vafler på onsdag")
    make_post(thanh, make_group("Tillitsvalgte", owner=thanh, sensitive=True), text="Lønnskrav")
    make_post(thanh, make_group("Skjult", "secret", owner=thanh), text="Hemmelig")
    page = client_of(amina).get("/").content.decode()
    assert "Vafler på onsdag" in page
    assert "Lønnskrav" not in page
    assert "Hemmelig" not in page


def test_the_returning_person_meets_what_is_new_since_then(
    make_group: MakeGroup, make_post: MakePost, kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    group = make_group("Alna vest", owner=kari, members=[amina])
    Membership.objects.filter(employee=amina).update(read_until=NOW - datetime.timedelta(days=1))
    for number in range(3):
        make_post(kari, group, text=f"Fersk {number}", created_at=NOW - datetime.timedelta(minutes=number + 1))
    make_post(kari, group, text="Gammelt nytt", created_at=NOW - datetime.timedelta(days=3))
    page = client_of(amina).get("/").content.decode()
    assert page.index('class="divider"') < page.index("Fersk 0") < page.index("Fersk 2") < page.index("Gammelt nytt")
