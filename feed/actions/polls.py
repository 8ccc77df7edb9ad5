"""Polls: putting choices before readers, voting, closing.

An anonymous vote is nowhere stored: it is counted at once, and all choices of the poll are written anew in the same
statement, so that not even the database's own row versions tell the one that was chosen.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.texts import written
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.moments import check_moment
from feed.actions.poll_reminders import plan_reminder
from feed.models import FEWEST_ANONYMOUS, Ballot, Poll, PollOption, Post, Vote

FEWEST_CHOICES, MOST_CHOICES, MAX_CHOICE = 2, 10, 120


@dataclass(frozen=True)
class PollFacts:
    """A poll as it is asked for: its choices in order, and how it is answered."""

    choices: Sequence[str]
    several: bool = False
    votes: str = Poll.Votes.NAMED
    closes_at: datetime.datetime | None = None


def check_poll(facts: PollFacts, *, begins_at: datetime.datetime | None = None) -> PollFacts:
    """Return `facts` with the choices as they will stand. Raises RefusedError, with the field, for what cannot be."""
    choices = [_line(each) for each in facts.choices if each.strip()]
    if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        text = _("A poll has from %(fewest)d to %(most)d choices.") % {"fewest": FEWEST_CHOICES, "most": MOST_CHOICES}
        raise RefusedError(text, field="choices", code="number_of_choices")
    if len({choice.casefold() for choice in choices}) < len(choices):
        raise RefusedError(_("Two choices say the same."), field="choices", code="same_choices")
    if facts.votes not in Poll.Votes.values:
        raise RefusedError(_("Choose who sees the votes."), field="votes", code="unknown_votes")
    check_moment(facts.closes_at, field="closes_at", after=begins_at)
    return PollFacts(choices, facts.several, facts.votes, facts.closes_at)


def add_poll(post: Post, facts: PollFacts) -> Poll:
    """Store the poll of a new post; `facts` have been checked. Part of the transaction that stores the post."""
    poll = Poll.objects.create(post=post, several=facts.several, votes=facts.votes, closes_at=facts.closes_at)
    PollOption.objects.bulk_create(
        [PollOption(poll=poll, text=text, position=place) for place, text in enumerate(facts.choices, 1)]
    )
    plan_reminder(poll)
    return poll


@transaction.atomic
def vote_in_poll(*, actor: Employee, poll: Poll, choices: Collection[int]) -> Poll:
    """Answer the poll with the choices at these positions, in place of what one answered before.

    An answer to an anonymous poll is final. Raises PermissionDenied where `actor` may not vote,
    HouseRulesRequiredError, and RefusedError when the poll has closed or the choices cannot be used.
    """
    require(actor.has_perm("feed.vote", poll))
    require_accepted(actor)
    poll = Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
    _require_open(poll)
    chosen = _chosen(poll, choices)
    if poll.votes == Poll.Votes.ANONYMOUS:
        _count(actor, poll, chosen)
    else:
        mine = Vote.objects.filter(option__poll=poll, employee=actor)
        mine.exclude(option__in=chosen).delete()
        Vote.objects.bulk_create([Vote(option=each, employee=actor) for each in chosen], ignore_conflicts=True)
    return poll


@transaction.atomic
def take_back_vote(*, actor: Employee, poll: Poll) -> None:
    """Have no answer in the poll. Raises PermissionDenied, and RefusedError when it has closed or is anonymous."""
    require(actor.has_perm("feed.vote", poll))
    poll = Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
    _require_open(poll)
    if poll.votes == Poll.Votes.ANONYMOUS:
        raise RefusedError(_final(), code="final")
    Vote.objects.filter(option__poll=poll, employee=actor).delete()


@transaction.atomic
def close_poll(*, actor: Employee, poll: Poll) -> Poll:
    """Close one's own poll before its time; it cannot be opened again. Raises PermissionDenied or RefusedError."""
    require(actor.has_perm("feed.close_poll", poll))
    poll = Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
    _require_open(poll)
    _close(poll)
    return poll


def close_due_polls() -> int:
    """Close the polls whose time is over; return how many there were. Part of the sweeper's round."""
    due = Poll.objects.filter(closed_at=None, closes_at__lte=timezone.now())
    number = 0
    for pk in list(due.values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            if poll := due.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first():
                _close(poll)
                number += 1
    return number


def _close(poll: Poll) -> None:
    """Close it; of an anonymous poll forget who answered, and every number that is too small to be told."""
    poll.closed_at = timezone.now()
    poll.save(update_fields=["closed_at"])
    poll.options.filter(anonymous_votes__lt=FEWEST_ANONYMOUS).update(anonymous_votes=0)
    Ballot.objects.filter(poll=poll).delete()


def _line(text: str) -> str:
    try:
        return written(" ".join(text.split()), max_length=MAX_CHOICE)
    except RefusedError as refusal:
        raise RefusedError(refusal.message, field="choices", code=refusal.code) from None


def _require_open(poll: Poll) -> None:
    if not poll.is_open:
        raise RefusedError(_("The poll has closed."), code="closed")


def _chosen(poll: Poll, choices: Collection[int]) -> list[PollOption]:
    wanted = set(choices)
    found = list(poll.options.filter(position__in=wanted))
    if not found or len(found) != len(wanted):
        raise RefusedError(_("Choose an answer first."), field="choices", code="no_choice")
    if len(found) > 1 and not poll.several:
        raise RefusedError(_("This poll takes one answer."), field="choices", code="one_choice")
    return found


def _count(actor: Employee, poll: Poll, chosen: Sequence[PollOption]) -> None:
    _ballot, is_new = Ballot.objects.get_or_create(poll=poll, employee=actor)
    if not is_new:
        raise RefusedError(_final(), code="final")
    one_more = When(Q(pk__in=[each.pk for each in chosen]), then=F("anonymous_votes") + Value(1))
    poll.options.update(anonymous_votes=Case(one_more, default=F("anonymous_votes"), output_field=IntegerField()))


def _final() -> str:
    return _("You have answered, and an anonymous answer is final.")
