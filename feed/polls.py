"""Polls as one reader sees them: what may be told of the votes, and to whom, is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields import IntegerField
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from directory.models import Employee
from feed.models import FEWEST_ANONYMOUS, Ballot, Poll, PollOption, Post, Vote
from groups.models import Membership


@dataclass
class ChoiceView:
    """One choice: its number is None as long as it may not be told."""

    position: int
    text: str
    votes: int | None = None
    # How long its bar is: its share of those who answered, or of the numbers told where that is not.
    percent: int = 0
    mine: bool = False


@dataclass
class PollView:
    """A poll as the reader sees it; `templates/feed/poll.html` draws it as `poll`."""

    poll: Poll
    post: Post
    choices: list[ChoiceView]
    may_vote: bool = False
    may_close: bool = False
    # Whether the reader has answered; forgotten when an anonymous poll has closed.
    has_voted: bool = False
    # How many have answered; None as long as that may not be told.
    voters: int | None = None
    # How many were asked, where they are the members of one closed circle; None where that is not told.
    asked: int | None = None
    # The reader wants to answer anew, or was refused.
    changing: bool = False
    error: str = ""
    wanted: set[int] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        return self.poll.is_open

    @property
    def is_anonymous(self) -> bool:
        return self.poll.votes == Poll.Votes.ANONYMOUS

    @property
    def is_named(self) -> bool:
        return self.poll.votes == Poll.Votes.NAMED

    @property
    def shows_numbers(self) -> bool:
        """Whether there are numbers to show."""
        return any(choice.votes is not None for choice in self.choices)

    @property
    def hides_some(self) -> bool:
        """Whether some numbers of an anonymous poll are told, and others are too small."""
        return self.shows_numbers and any(choice.votes is None for choice in self.choices)

    @property
    def asks(self) -> bool:
        """Whether the choices stand as a form to answer."""
        if not (self.is_open and self.may_vote):
            return False
        return not self.has_voted or (self.changing and not self.is_anonymous)

    @property
    def may_change(self) -> bool:
        return self.is_open and self.may_vote and self.has_voted and not self.is_anonymous

    @property
    def was_too_few(self) -> bool:
        """Whether an anonymous poll closed without a number that may be told."""
        return self.is_anonymous and self.poll.closed_at is not None and not self.shows_numbers

    @property
    def url(self) -> str:
        return reverse("poll", args=[self.post.public_id])

    @property
    def close_url(self) -> str:
        return reverse("close_poll", args=[self.post.public_id]) if self.may_close and self.is_open else ""


def view_polls(reader: Employee, places: Iterable[Any]) -> dict[int, PollView]:
    """Return the polls of the posts at these places, by the post's id: one query, none where there is no poll.

    The places were read with `with_card` and `for_reader`.
    """
    found = {place.post_id: place for place in places if place.has_poll}
    if not found:
        return {}
    circles = [place.group_id for place in found.values() if place.group and place.group.privacy != "open"]
    rows = _with_votes(reader).annotate(asked=_members_of(circles)).filter(post__in=found)
    return {row.post_id: _view(reader, row, found[row.post_id]) for row in rows}


def people_by_choice(poll: Poll) -> dict[int, list[Employee]]:
    """Return who has chosen what, by the position of the choice, newest first: for named polls alone."""
    people: dict[int, list[Employee]] = {}
    if poll.votes == Poll.Votes.NAMED:
        votes = Vote.objects.filter(option__poll=poll).select_related(
            "option", "employee__primary_employment__unit__agency"
        )
        for vote in votes.order_by("-created_at", "-pk")[:2000]:
            people.setdefault(vote.option.position, []).append(vote.employee)
    return people


def _with_votes(reader: Employee) -> QuerySet[Poll]:
    mine = Vote.objects.filter(option=OuterRef("pk"), employee=reader)
    facts = JSONObject(
        position=F("position"),
        text=F("text"),
        votes=_number(Vote.objects.filter(option=OuterRef("pk")), "option"),
        counted=F("anonymous_votes"),
        mine=Exists(mine),
    )
    options = PollOption.objects.filter(poll=OuterRef("pk")).order_by("position").values(row=facts)
    return Poll.objects.annotate(
        option_rows=ArraySubquery(options),
        voters=_number(Vote.objects.filter(option__poll=OuterRef("pk")), "option__poll"),
        has_ballot=Exists(Ballot.objects.filter(poll=OuterRef("pk"), employee=reader)),
    )


def _number(votes: QuerySet[Vote], by: str) -> Coalesce:
    counted = votes.order_by().values(by).annotate(number=Count("employee", distinct=True)).values("number")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def _members_of(groups: list[int]) -> Coalesce:
    """How many work here of the members of those of `groups` in which the post stands."""
    members = Membership.objects.active().filter(group__in=groups, group__placements__post=OuterRef("post"))
    counted = members.order_by().values("group__placements__post").annotate(number=Count("employee", distinct=True))
    return Coalesce(Subquery(counted.values("number")), Value(0), output_field=IntegerField())


def _view(reader: Employee, row: Any, place: Any) -> PollView:
    view = PollView(
        poll=row,
        post=place.post,
        choices=[ChoiceView(each["position"], each["text"], mine=each["mine"]) for each in row.option_rows],
        may_vote=place.may_comment,
        may_close=place.may_comment and place.post.author_id == reader.pk,
        has_voted=row.has_ballot or any(each["mine"] for each in row.option_rows),
    )
    if row.votes != Poll.Votes.ANONYMOUS:
        _tell(view, [each["votes"] for each in row.option_rows], row.voters)
    elif row.closed_at:
        _tell_anonymous(view, [each["counted"] for each in row.option_rows])
    if row.asked and view.voters is not None and view.voters <= row.asked:
        view.asked = row.asked
    return view


def _tell(view: PollView, numbers: list[int], voters: int) -> None:
    view.voters = voters
    for choice, number in zip(view.choices, numbers, strict=True):
        choice.votes = number
        choice.percent = 100 * number // voters if voters else 0


def _tell_anonymous(view: PollView, numbers: list[int]) -> None:
    """Tell each number that is large enough, and how many answered only where no number is hidden.

    Else what is hidden could be had by subtraction. Where one may choose several, nobody knows how many answered.
    """
    told = [number for number in numbers if number >= FEWEST_ANONYMOUS]
    if len(told) == len(numbers) and not view.poll.several:
        _tell(view, numbers, sum(numbers))
        return
    for choice, number in zip(view.choices, numbers, strict=True):
        if number >= FEWEST_ANONYMOUS:
            choice.votes, choice.percent = number, 100 * number // sum(told)
