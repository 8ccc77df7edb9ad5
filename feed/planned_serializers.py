"""Posts that wait, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from feed.models import PlannedPlacement, Post
from feed.serializers import PersonSerializer
from groups.serializers import GroupReferenceSerializer


class PlannedPostSerializer(serializers.Serializer[PlannedPlacement]):
    """A post on its way to one group."""

    id = serializers.CharField(source="public_id")
    group = GroupReferenceSerializer(allow_null=True)
    author = PersonSerializer(source="post.author")
    kind = serializers.ChoiceField(source="post.kind", choices=Post.Kind.choices)
    text = serializers.CharField(source="post.text")
    publish_at = serializers.DateTimeField(allow_null=True)
    needs_approval = serializers.BooleanField()
    returned_at = serializers.DateTimeField(allow_null=True)
    returned_note = serializers.CharField()
    created_at = serializers.DateTimeField()


class DecisionSerializer(serializers.Serializer[Any]):
    let_out = serializers.BooleanField()
    note = serializers.CharField(default="", allow_blank=True, max_length=2000, help_text="Why it is sent back.")
