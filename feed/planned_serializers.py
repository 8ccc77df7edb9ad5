"""Posts that wait, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.serializers import UnitReferenceSerializer
from feed.models import PlannedPlacement, Post
from feed.serializers import PersonSerializer
from groups.serializers import GroupReferenceSerializer


class PlannedPostSerializer(serializers.Serializer[PlannedPlacement]):
    """A post on its way to one group, or to the people of one unit."""

    id = serializers.CharField(source="public_id")
    group = GroupReferenceSerializer(allow_null=True)
    unit = UnitReferenceSerializer(allow_null=True)
    author = PersonSerializer(source="post.author")
    kind = serializers.ChoiceField(source="post.kind", choices=Post.Kind.choices)
    text = serializers.CharField(source="post.text")
    publish_at = serializers.DateTimeField(allow_null=True)
    needs_approval = serializers.BooleanField()
    returned_at = serializers.DateTimeField(allow_null=True)
    returned_note = serializers.CharField()
    created_at = serializers.DateTimeField()


class PlannedChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is not sent stays as it is."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False, required=False)
    mentioned = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=50)
    groups = serializers.ListField(
        child=serializers.CharField(max_length=12), required=False, max_length=50, help_text="All it is to stand in."
    )
    publish_at = serializers.DateTimeField(required=False, allow_null=True, help_text="null: at once.")
    ends_at = serializers.DateTimeField(required=False, allow_null=True)


class DecisionSerializer(serializers.Serializer[Any]):
    let_out = serializers.BooleanField()
    note = serializers.CharField(default="", allow_blank=True, max_length=2000, help_text="Why it is sent back.")
