"""Polls as the API shows and takes them."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from feed.models import Poll
from feed.polls import ChoiceView, PollView


class ChoiceSerializer(serializers.Serializer[ChoiceView]):
    position = serializers.IntegerField()
    text = serializers.CharField()
    votes = serializers.IntegerField(allow_null=True, help_text="null as long as the number may not be told.")
    mine = serializers.BooleanField()


class PollSerializer(serializers.Serializer[PollView]):
    """A poll as the caller may see it. Nobody's anonymous answer can be read, the caller's own included."""

    votes = serializers.ChoiceField(source="poll.votes", choices=Poll.Votes.choices)
    several = serializers.BooleanField(source="poll.several")
    closes_at = serializers.DateTimeField(source="poll.closes_at", allow_null=True)
    is_open = serializers.BooleanField()
    choices = ChoiceSerializer(many=True)
    voters = serializers.IntegerField(allow_null=True, help_text="null as long as the number may not be told.")
    asked = serializers.IntegerField(allow_null=True, help_text="The members of the closed group it stands in.")
    has_voted = serializers.BooleanField()
    may_vote = serializers.BooleanField()


class NewPollSerializer(serializers.Serializer[Any]):
    """A poll to go with a new post. In a form: `poll.choices` and so on, or all of it as JSON in `poll`."""

    choices = serializers.ListField(child=serializers.CharField(max_length=500, allow_blank=True), max_length=20)
    several = serializers.BooleanField(default=False)
    votes = serializers.ChoiceField(choices=Poll.Votes.choices, default=Poll.Votes.NAMED)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)

    def get_value(self, dictionary: Any) -> Any:
        sent = dictionary.get(self.field_name)
        if not isinstance(sent, str):
            return super().get_value(dictionary)
        try:
            return json.loads(sent)
        except (ValueError, RecursionError):
            return sent  # no object, and refused as such


class VotesSerializer(serializers.Serializer[Any]):
    choices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32767), max_length=20, help_text="Positions of choices."
    )
