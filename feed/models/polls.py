from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# An anonymous poll tells no smaller number than this; smaller ones are forgotten when it closes.
FEWEST_ANONYMOUS = 5


class Poll(models.Model):
    """The choices a post puts before its readers."""

    class Votes(models.TextChoices):
        NAMED = "named", _("Everyone who sees the poll sees who has voted what")
        COUNTED = "counted", _("Everyone sees the numbers, nobody who has voted what")
        ANONYMOUS = "anonymous", _("Anonymous: numbers when the poll has closed, from five votes up")

    post = models.OneToOneField("feed.Post", models.CASCADE, related_name="poll")
    several = models.BooleanField(default=False)
    votes = models.CharField(max_length=9, choices=Votes.choices, default=Votes.NAMED)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"poll of {self.post_id}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.closed_at is None and (self.closes_at is None or self.closes_at > timezone.now())

    def get_absolute_url(self) -> str:
        """Where it is answered; reads the post."""
        return reverse("poll", args=[self.post.public_id])


class PollOption(models.Model):
    """One of the choices."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    text = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    # Anonymous polls alone: the votes themselves are nowhere stored.
    anonymous_votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("poll", "position", name="poll_option_position")]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """One person's choice in a poll that is not anonymous; it can be changed until the poll closes."""

    option = models.ForeignKey(PollOption, models.CASCADE, related_name="votes")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("option", "employee", name="vote_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} for {self.option_id}"


class Ballot(models.Model):
    """That a person has voted in an anonymous poll, not what: one final answer each. Gone when the poll has closed."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="ballots")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("poll", "employee", name="ballot_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.poll_id}"
