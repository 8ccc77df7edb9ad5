"""Posts, comments and reactions as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.models import Attachment, Reaction
from conversations.reading import CommentView
from conversations.tallies import Tally
from directory.models import Employee
from directory.serializers import UnitReferenceSerializer
from feed.models import Post
from feed.poll_serializers import NewPollSerializer, PollSerializer
from feed.reading import PostView
from groups.serializers import GroupReferenceSerializer


class PersonSerializer(serializers.Serializer[Employee]):
    """Who wrote: the id leads to `employees/`, and is null for a person with a protected address."""

    id = serializers.SerializerMethodField()
    name = serializers.CharField(source="display_name")

    def get_id(self, person: Employee) -> str | None:
        return None if person.protected else person.public_id


class AttachmentSerializer(serializers.Serializer[Attachment]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    name = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()
    alternative_text = serializers.CharField()
    url = serializers.SerializerMethodField()

    def get_url(self, attachment: Attachment) -> str:
        return reverse("attachment", args=[attachment.public_id])


class TallySerializer(serializers.Serializer[Tally]):
    total = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    mine = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=Reaction.Kind.choices, allow_null=True))
    def get_mine(self, tally: Tally) -> str | None:
        return tally.mine or None


class PostSerializer(serializers.Serializer[PostView]):
    """A post in one of the groups it stands in: one of mine where there is one. What a leader wrote to a unit and those
    below has `unit` and no `group`."""

    id = serializers.CharField(source="post.public_id")
    url = serializers.CharField(source="post.get_absolute_url")
    author = PersonSerializer(source="post.author")
    group = GroupReferenceSerializer(allow_null=True)
    unit = UnitReferenceSerializer(source="placement.unit", allow_null=True)
    kind = serializers.ChoiceField(source="post.kind", choices=Post.Kind.choices)
    text = serializers.CharField(source="post.text")
    thanked = PersonSerializer(source="post.thanked", allow_null=True)
    accepted_answer = serializers.CharField(source="post.accepted_answer.public_id", default=None, allow_null=True)
    filled_at = serializers.DateTimeField(source="post.filled_at", allow_null=True)
    pinned_at = serializers.DateTimeField(source="placement.pinned_at", allow_null=True)
    published_at = serializers.DateTimeField(source="placement.published_at")
    edited_at = serializers.DateTimeField(source="post.edited_at", allow_null=True)
    comment_count = serializers.IntegerField(source="thread.parts.comment_count")
    reactions = TallySerializer(source="thread.tally")
    attachments = AttachmentSerializer(source="thread.parts.attachments", many=True)
    may_comment = serializers.BooleanField(source="thread.parts.may_comment")
    comments_open = serializers.BooleanField(source="post.thread.comments_open")
    ends_at = serializers.DateTimeField(source="post.ends_at", allow_null=True)
    poll = PollSerializer(allow_null=True)


class PostPageSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="The address of the next page.")
    results = PostSerializer(many=True)


class NewPostSerializer(serializers.Serializer[Any]):
    """A post to be published. Send `multipart/form-data` to add `pictures` and, in the same order, their texts."""

    group = serializers.CharField(max_length=12, required=False, help_text="The id of a group you may write in.")
    unit = serializers.CharField(
        max_length=12, required=False, help_text="Instead of `group`: the id of a unit you lead, or one below it."
    )
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    kind = serializers.ChoiceField(choices=Post.Kind.choices, default=Post.Kind.POST)
    thanked = serializers.CharField(max_length=12, required=False, help_text="The id of the colleague thanked.")
    mentioned = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=50)
    also = serializers.ListField(
        child=serializers.CharField(max_length=12),
        required=False,
        max_length=50,
        help_text="The ids of other open groups it stands in as well.",
    )
    poll = NewPollSerializer(required=False, allow_null=True)
    publish_at = serializers.DateTimeField(required=False, allow_null=True, help_text="When it comes out, if later.")
    ends_at = serializers.DateTimeField(required=False, allow_null=True, help_text="When it leaves the feeds.")
    pictures = serializers.ListField(child=serializers.FileField(), required=False, max_length=10)
    alternative_text = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=500), required=False, max_length=10
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        # Asked for beside whatever else is missing, so that all is told at once.
        self.fields["group"].required = "unit" not in data
        taken: dict[str, Any] = super().to_internal_value(data)
        return taken


class SharingSerializer(serializers.Serializer[Any]):
    groups = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=50, help_text="The ids of groups you may write in."
    )


class PlaceSerializer(serializers.Serializer[Any]):
    pinned = serializers.BooleanField()


class PostChangeSerializer(serializers.Serializer[Any]):
    """What is to be changed; what is not sent stays as it is."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False, required=False)
    mentioned = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=50)
    accepted_answer = serializers.CharField(
        max_length=12, required=False, allow_null=True, help_text="The id of the comment that settled the question."
    )
    filled = serializers.BooleanField(required=False, help_text="Whether the stand-in has been found.")
    comments_open = serializers.BooleanField(required=False, help_text="Whether people may comment.")


class TextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)


class CommentSerializer(serializers.Serializer[CommentView]):
    id = serializers.CharField(source="comment.public_id")
    author = PersonSerializer(source="comment.author")
    text = serializers.CharField(source="comment.text")
    parent = serializers.CharField(source="comment.parent.public_id", default=None, allow_null=True)  # type: ignore[assignment]
    created_at = serializers.DateTimeField(source="comment.created_at")
    edited_at = serializers.DateTimeField(source="comment.edited_at", allow_null=True)
    reactions = TallySerializer(source="tally")
    attachments = AttachmentSerializer(source="parts.attachments", many=True)


class NewCommentSerializer(TextSerializer):
    parent = serializers.CharField(max_length=12, required=False, allow_null=True, help_text="The comment answered.")  # type: ignore[assignment]
    mentioned = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=50)


class RevisionSerializer(serializers.Serializer[Any]):
    """What a post said until `replaced_at`."""

    text = serializers.CharField()
    replaced_at = serializers.DateTimeField()


class ReactionSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Reaction.Kind.choices)
