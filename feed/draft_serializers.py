"""Drafts as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from feed.actions.drafts import MAX_FIELD, MOST_KEPT
from feed.models import Poll, Post, PostDraft


def _list() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=MAX_FIELD), required=False, max_length=MOST_KEPT
    )


class PostDraftFieldsSerializer(serializers.Serializer[Any]):
    """What has been typed so far, as it stands in the fields; nothing of it is checked before it is published."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False, default="")
    kind = serializers.ChoiceField(choices=Post.Kind.choices, required=False)
    group = serializers.CharField(
        max_length=20, required=False, help_text="The id of a group, or `unit-` and a unit's."
    )
    also = _list()
    mentioned = _list()
    thanked = serializers.CharField(max_length=12, required=False)
    choices = _list()
    votes = serializers.ChoiceField(choices=Poll.Votes.choices, required=False)
    publish_at = serializers.CharField(max_length=40, required=False)
    ends_at = serializers.CharField(max_length=40, required=False)
    closes_at = serializers.CharField(max_length=40, required=False)


class PostDraftSerializer(serializers.Serializer[PostDraft]):
    place = serializers.CharField(help_text="`home`, or the id of a group.")
    saved_at = serializers.DateTimeField()
    fields = PostDraftFieldsSerializer()  # type: ignore[assignment]
