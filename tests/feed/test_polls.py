"""Polls: three kinds of votes, and what may be told of each."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import HouseRulesRequiredError, RefusedError
from directory.models import Employee
from feed.actions import PollFacts, close_due_polls, close_poll, publish_post, take_back_vote, vote_in_poll
from feed.models import FEWEST_ANONYMOUS, Ballot, Poll, PollOption, Post, Vote
from feed.polls import PollView, people_by_choice
from feed.reading import load_post, load_posts
from groups.models import Group, Membership

MakeGroup = Callable[..., Group]
MakeEmployee = Callable[..., Employee]
ClientOf = Callable[[Employee], Client]
MakePoll = Callable[..., Poll]
CHOICES = ["Tirsdag 13.30", "Onsdag 08.00", "Torsdag 14.00"]


@pytest.fixture
def crew(make_employee: MakeEmployee) -> list[Employee]:
    return [make_employee(f"Person {number}") for number in range(FEWEST_ANONYMOUS)]


@pytest.fixture
def alna(make_group: MakeGroup, kari: Employee, amina: Employee, crew: list[Employee]) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina, *crew])


@pytest.fixture
def make_poll(alna: Group, kari: Employee) -> MakePoll:
    def make(votes: str = "named", *, several: bool = False, **facts: datetime.datetime) -> Poll:
        asked = PollFacts(CHOICES, several, votes, facts.get("closes_at"))
        return publish_post(actor=kari, groups=[alna], text="Når passer fagtimen?", poll=asked).poll

    return make


def seen_by(reader: Employee, poll: Poll) -> PollView:
    view = load_post(reader, Post.objects.get(pk=poll.post_id))
    assert view
    assert view.poll
    return view.poll


def numbers(reader: Employee, poll: Poll) -> list[int | None]:
    return [choice.votes for choice in seen_by(reader, poll).choices]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PollFacts(["Ja"]), "choices"),
        (PollFacts(["Ja", " ", ""]), "choices"),
        (PollFacts(["Ja", "ja"]), "choices"),
        (PollFacts([f"{number}" for number in range(11)]), "choices"),
        (PollFacts(["Ja", "N" * 121]), "choices"),
        (PollFacts(["Ja", "\x00"]), "choices"),
        (PollFacts(["Ja", "Nei"], votes="everyone"), "votes"),
        (PollFacts(["Ja", "Nei"], closes_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)), "closes_at"),
        (PollFacts(["Ja", "Nei"], closes_at=datetime.datetime(2199, 1, 1, tzinfo=datetime.UTC)), "closes_at"),
    ],
)
def test_polls_that_cannot_be_asked_are_refused_whole(
    alna: Group, kari: Employee, facts: PollFacts, field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        publish_post(actor=kari, groups=[alna], text="Når?", poll=facts)
    assert refused.value.field == field
    assert not Post.objects.exists()


def test_an_ordinary_answer_is_counted_and_can_be_changed_until_the_end(make_poll: MakePoll, amina: Employee) -> None:
    poll = make_poll()
    vote_in_poll(actor=amina, poll=poll, choices=[1])
    assert numbers(amina, poll) == [1, 0, 0]
    vote_in_poll(actor=amina, poll=poll, choices=[3])
    view = seen_by(amina, poll)
    assert [(choice.votes, choice.percent, choice.mine) for choice in view.choices][2] == (1, 100, True)
    assert view.may_change
    take_back_vote(actor=amina, poll=poll)
    assert not Vote.objects.exists()


def test_one_choice_or_several(make_poll: MakePoll, amina: Employee, kari: Employee) -> None:
    one, several = make_poll(), make_poll(several=True)
    for poll, choices in ((one, [1, 2]), (one, []), (one, [4]), (several, []), (several, [1, 9])):
        with pytest.raises(RefusedError):
            vote_in_poll(actor=amina, poll=poll, choices=choices)
    vote_in_poll(actor=amina, poll=several, choices=[1, 3])
    vote_in_poll(actor=kari, poll=several, choices=[3])
    view = seen_by(amina, several)
    assert view.voters == 2
    assert [choice.percent for choice in view.choices] == [50, 0, 100]


def test_those_who_may_answer_the_post_may_vote(
    make_group: MakeGroup, make_employee: MakeEmployee, kari: Employee, thanh: Employee
) -> None:
    town, inside = make_group("Hele Oslo", owner=kari), make_group("Alna", "closed", owner=kari)
    asked = PollFacts(CHOICES)
    open_poll = publish_post(actor=kari, groups=[town], text="Når?", poll=asked).poll
    closed_poll = publish_post(actor=kari, groups=[inside], text="Når?", poll=asked).poll
    for poll in (open_poll, closed_poll):
        with pytest.raises(PermissionDenied):
            vote_in_poll(actor=thanh, poll=poll, choices=[1])
    new = make_employee("Sunniva Dahl", accepted=False)
    Membership.objects.create(group=town, employee=new)
    with pytest.raises(HouseRulesRequiredError):
        vote_in_poll(actor=new, poll=open_poll, choices=[1])
    Membership.objects.create(group=town, employee=thanh)
    vote_in_poll(actor=thanh, poll=open_poll, choices=[1])


def test_who_voted_what_is_told_in_named_polls_alone(
    make_poll: MakePoll, amina: Employee, kari: Employee, client_of: ClientOf
) -> None:
    for votes, told in (("named", True), ("counted", False), ("anonymous", False)):
        poll = make_poll(votes)
        vote_in_poll(actor=amina, poll=poll, choices=[2])
        assert bool(people_by_choice(poll)) is told
        page = client_of(kari).get(poll.get_absolute_url()).content.decode()
        assert ("Amina Hassan" in page) is told


def test_an_anonymous_answer_is_final_and_nowhere_stored(make_poll: MakePoll, amina: Employee, kari: Employee) -> None:
    poll = make_poll("anonymous")
    vote_in_poll(actor=amina, poll=poll, choices=[2])
    assert not Vote.objects.exists()
    assert list(Ballot.objects.values_list("poll", "employee")) == [(poll.pk, amina.pk)]
    with pytest.raises(RefusedError):
        vote_in_poll(actor=amina, poll=poll, choices=[1])
    with pytest.raises(RefusedError):
        take_back_vote(actor=amina, poll=poll)
    for reader in (amina, kari):
        view = seen_by(reader, poll)
        assert [choice.votes for choice in view.choices] == [None, None, None]
        assert not any(choice.mine for choice in view.choices)
        assert view.voters is None


def test_the_rows_of_an_anonymous_poll_look_alike_after_every_answer(make_poll: MakePoll, amina: Employee) -> None:
    poll = make_poll("anonymous")
    vote_in_poll(actor=amina, poll=poll, choices=[2])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM feed_polloption WHERE poll_id = %s", [poll.pk])
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("counted", "several", "told", "voters"),
    [
        ([5, 7, 9], False, [5, 7, 9], 21),
        # Less than five is hidden, and so is the sum it could be worked out from.
        ([20, 14, 2], False, [20, 14, None], None),
        ([7, 0, 0], False, [7, None, None], None),
        ([4, 4, 4], False, [None, None, None], None),
        # Where one may choose several, nobody knows how many answered.
        ([5, 7, 9], True, [5, 7, 9], None),
        ([5, 1, 9], True, [5, None, 9], None),
    ],
)
def test_anonymous_numbers_below_five_are_never_told(
    make_poll: MakePoll,
    kari: Employee,
    amina: Employee,
    client_of: ClientOf,
    counted: list[int],
    several: bool,
    told: list[int | None],
    voters: int | None,
) -> None:
    poll = make_poll("anonymous", several=several)
    for option, number in zip(poll.options.order_by("position"), counted, strict=True):
        PollOption.objects.filter(pk=option.pk).update(anonymous_votes=number)
    Ballot.objects.create(poll=poll, employee=amina)
    assert numbers(amina, poll) == [None, None, None]
    close_poll(actor=kari, poll=poll)
    view = seen_by(amina, poll)
    assert [choice.votes for choice in view.choices] == told
    assert (view.voters, view.was_too_few) == (voters, not any(told))
    assert not Ballot.objects.exists()
    assert not PollOption.objects.filter(anonymous_votes__in=range(1, FEWEST_ANONYMOUS)).exists()
    shown = client_of(amina).get(f"/api/v1/posts/{poll.post.public_id}/poll/").json()
    assert ([choice["votes"] for choice in shown["choices"]], shown["voters"]) == (told, voters)
    page = client_of(amina).get(poll.post.get_absolute_url()).content.decode()
    assert (" %<span" in page) is (voters is not None)
    assert ("færre enn fem" in page) is (None in told and any(told))


def test_how_many_of_how_many_answered_is_told_in_closed_groups_alone(
    make_poll: MakePoll, make_group: MakeGroup, kari: Employee, amina: Employee, client_of: ClientOf
) -> None:
    inside = make_poll()
    vote_in_poll(actor=amina, poll=inside, choices=[1])
    assert seen_by(amina, inside).asked == 2 + FEWEST_ANONYMOUS
    assert "1 av 7 har svart" in client_of(amina).get(inside.post.get_absolute_url()).content.decode()
    town = make_group("Hele Oslo", owner=kari, members=[amina])
    outside = publish_post(actor=kari, groups=[town], text="Når?", poll=PollFacts(CHOICES)).poll
    assert seen_by(amina, outside).asked is None
    assert seen_by(amina, make_poll("anonymous")).asked is None


def test_only_the_author_closes_early_and_nobody_votes_after(
    make_poll: MakePoll, kari: Employee, amina: Employee
) -> None:
    poll = make_poll()
    with pytest.raises(PermissionDenied):
        close_poll(actor=amina, poll=poll)
    close_poll(actor=kari, poll=poll)
    for act in (
        lambda: vote_in_poll(actor=amina, poll=poll, choices=[1]),
        lambda: take_back_vote(actor=amina, poll=poll),
        lambda: close_poll(actor=kari, poll=poll),
    ):
        with pytest.raises(RefusedError):
            act()


def test_the_sweeper_closes_what_is_due(make_poll: MakePoll, amina: Employee) -> None:
    later = timezone.now() + datetime.timedelta(hours=1)
    due, open_still = make_poll(closes_at=later), make_poll(closes_at=later)
    Poll.objects.filter(pk=due.pk).update(closes_at=timezone.now() - datetime.timedelta(minutes=1))
    with pytest.raises(RefusedError):
        vote_in_poll(actor=amina, poll=due, choices=[1])
    assert close_due_polls() == 1
    assert close_due_polls() == 0
    assert list(Poll.objects.filter(closed_at=None)) == [open_still]


def test_voting_works_with_and_without_script(make_poll: MakePoll, amina: Employee, client_of: ClientOf) -> None:
    poll, client = make_poll(), client_of(amina)
    address = poll.get_absolute_url()
    empty = client.post(address)
    assert empty.status_code == 422
    assert "Velg et svar" in empty.content.decode()
    assert client.post(address, {"choice": "1"}).status_code == 302
    part = client.post(address, {"choice": "2"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "100 %" in part.content.decode()
    assert 'type="radio"' in client.get(f"{address}?change=1").content.decode()
    assert client.post(address, {"choice": ["²", "x", "-1"]}).status_code == 422


@pytest.mark.parametrize(
    ("votes", "words"),
    [("named", "vil se hva du svarer"), ("counted", "ingen ser hva du svarer"), ("anonymous", "kan ikke endres")],
)
def test_who_sees_the_votes_is_said_before_voting(
    make_poll: MakePoll, amina: Employee, client_of: ClientOf, votes: str, words: str
) -> None:
    poll = make_poll(votes)
    page = client_of(amina).get(poll.post.get_absolute_url()).content.decode()
    assert words in page
    assert 'name="choice"' in page


def test_many_polls_cost_one_query(make_poll: MakePoll, amina: Employee, alna: Group) -> None:
    def cost() -> int:
        for known in ("roles", "led_unit_paths"):
            amina.__dict__.pop(known, None)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load_posts(amina, list(alna.placements.values_list("pk", flat=True)))
        return len(queries)

    make_poll()
    one = cost()
    for votes in ("named", "counted", "anonymous"):
        make_poll(votes)
    assert cost() == one


def test_polls_over_the_api(make_poll: MakePoll, amina: Employee, client_of: ClientOf, alna: Group) -> None:
    client, poll = client_of(amina), make_poll("counted", several=True)
    address = f"/api/v1/posts/{poll.post.public_id}/poll/"
    shown = client.get(address).json()
    assert [choice["text"] for choice in shown["choices"]] == CHOICES
    assert shown["votes"] == "counted"
    voted = client.put(f"{address}votes/", {"choices": [1, 3]}, content_type="application/json").json()
    assert [(choice["votes"], choice["mine"]) for choice in voted["choices"]] == [(1, True), (0, False), (1, True)]
    assert client.delete(f"{address}votes/").status_code == 204
    wrong = client.put(f"{address}votes/", {"choices": []}, content_type="application/json")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    made = client.post(
        "/api/v1/posts/",
        {"group": alna.public_id, "text": "", "poll": {"choices": ["Ja", "Nei"], "votes": "anonymous"}},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    assert made.json()["poll"]["voters"] is None
    assert client.post(f"{address}close/").status_code == 403
    plain = publish_post(actor=amina, groups=[alna], text="Uten avstemning")
    assert client.get(f"/api/v1/posts/{plain.public_id}/poll/").status_code == 404
