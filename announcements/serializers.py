"""Announcements as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from announcements.actions import Content, Wording
from announcements.actions.writing import LANGUAGES
from announcements.models import Announcement, AnnouncementText, Reminder
from directory.models import Employee, OrgUnit
from groups.audience_input import parse_audience
from groups.audience_words import audience_as_input
from groups.audiences import terms_of


class TermSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.CharField(required=False)
    days = serializers.IntegerField(required=False)
    name = serializers.CharField(required=False, read_only=True)


class AudienceSerializer(serializers.Serializer[Any]):
    """Any of `include`, and none of `exclude`."""

    include = TermSerializer(many=True)
    exclude = TermSerializer(many=True, required=False)


class TextSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    body = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    revision = serializers.IntegerField(read_only=True)


class WordingSerializer(serializers.Serializer[Any]):
    """A wording: `title` and `body` in bokmål, other languages under `texts`."""

    title = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    body = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    texts = serializers.DictField(child=TextSerializer(), required=False)

    def wordings(self, before: dict[str, Wording] | None = None) -> dict[str, Wording]:
        """Return what was sent by language, laid over what was there before."""
        data, texts = self.validated_data, dict(before or {})
        texts |= {code: Wording(text["title"], text["body"]) for code, text in data.get("texts", {}).items()}
        if "title" in data or "body" in data:
            known = texts.get("nb", Wording("", ""))
            texts["nb"] = Wording(data.get("title", known.title), data.get("body", known.body))
        return texts


class CorrectionSerializer(WordingSerializer):
    change_note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class WriteSerializer(WordingSerializer):
    """What an author decides."""

    # Read by `parse_audience`, which says in the reader's language what is wrong with it.
    audience = serializers.JSONField(required=False)
    asks_confirmation = serializers.BooleanField(required=False)
    days_on_top = serializers.IntegerField(required=False)
    level = serializers.CharField(required=False)
    comments_open = serializers.BooleanField(required=False)
    keeps_confirmations_days = serializers.IntegerField(required=False)
    sender_unit = serializers.SlugRelatedField(
        slug_field="public_id", queryset=OrgUnit.objects.active(), required=False, allow_null=True
    )

    def content(self, author: Employee, draft: Announcement | None = None) -> Content:
        """Return the content: what was sent, and for the rest what the draft had. Raises RefusedError."""
        data = dict(self.validated_data)
        for name in ("title", "body", "texts"):
            data.pop(name, None)
        before = _content_of(draft) if draft else {}
        if "audience" in data:
            data["terms"] = parse_audience(data.pop("audience"), employee=author)
        return Content(**(before | data | {"texts": self.wordings(before.get("texts"))}))


def _content_of(draft: Announcement) -> dict[str, Any]:
    return {
        "texts": {code: Wording(text.title, text.body) for code, text in draft.current_texts.items()},
        "terms": terms_of(draft.audience),
        "asks_confirmation": draft.asks_confirmation,
        "days_on_top": draft.days_on_top,
        "level": draft.level,
        "comments_open": draft.thread.comments_open,
        "sender_unit": draft.sender_unit,
        "keeps_confirmations_days": draft.keeps_confirmations_days,
    }


class AuthorSerializer(serializers.Serializer[Employee]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField(source="display_name")


class AnnouncementSerializer(serializers.ModelSerializer[Announcement]):
    """One announcement as the reader sees it: in the own language, with the own receipt."""

    id = serializers.CharField(source="public_id", read_only=True)
    author = AuthorSerializer(read_only=True)
    sender_unit = serializers.CharField(source="sender_unit.public_id", default=None, read_only=True)
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    language = serializers.SerializerMethodField()
    revision = serializers.SerializerMethodField()
    texts = serializers.DictField(source="current_texts", child=TextSerializer(), read_only=True)
    comments_open = serializers.BooleanField(source="thread.comments_open", read_only=True)
    delivered_at = serializers.DateTimeField(source="my_delivered_at", read_only=True)
    seen_at = serializers.DateTimeField(source="my_seen_at", read_only=True)
    acknowledged_at = serializers.DateTimeField(source="my_acknowledged_at", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Announcement
        fields = [
            *("id", "state", "level", "author", "sender_unit", "title", "body", "language", "revision", "texts"),
            *("asks_confirmation", "days_on_top", "comments_open", "created_at", "published_at", "on_top_until"),
            *("withdrawn_at", "corrected_at", "delivered_at", "seen_at", "acknowledged_at", "url"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: Announcement) -> dict[str, Any]:
        """A withdrawn one is a stub to its readers: nothing of what it said."""
        shown = super().to_representation(instance)
        if instance.state == Announcement.State.WITHDRAWN:
            shown |= {"body": "", "texts": {}}
        return shown

    def _text(self, announcement: Announcement) -> AnnouncementText:
        return announcement.text_in(translation.get_language() or "nb")

    def get_title(self, announcement: Announcement) -> str:
        return self._text(announcement).title

    def get_body(self, announcement: Announcement) -> str:
        return self._text(announcement).body

    def get_language(self, announcement: Announcement) -> str:
        return self._text(announcement).language

    def get_revision(self, announcement: Announcement) -> int:
        return self._text(announcement).revision


class DraftSerializer(AnnouncementSerializer):
    """One announcement as its keeper sees it: with the audience as it was chosen."""

    audience = serializers.SerializerMethodField()

    class Meta(AnnouncementSerializer.Meta):
        fields = [*AnnouncementSerializer.Meta.fields, "audience", "keeps_confirmations_days", "publish_requested_at"]
        read_only_fields = fields

    @extend_schema_field(AudienceSerializer)
    def get_audience(self, announcement: Announcement) -> dict[str, Any]:
        return audience_as_input(terms_of(announcement.audience), self.context["request"].user)


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """Which wording was read; the one in force unless given."""

    revision = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class RemindSerializer(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=Reminder.To.choices, default=Reminder.To.UNSEEN)


class ReminderSerializer(serializers.Serializer[Any]):
    """`count` is null where the audience is too small to have figures."""

    to = serializers.CharField()
    sent_at = serializers.DateTimeField()
    count = serializers.IntegerField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """Figures about use are null where the audience is below ten; below fifty they are renewed every 30 minutes."""

    state = serializers.CharField()
    audience = serializers.IntegerField()
    frozen = serializers.IntegerField()
    joined_later = serializers.IntegerField()
    left = serializers.IntegerField()
    active = serializers.IntegerField()
    delivered = serializers.IntegerField(allow_null=True)
    seen = serializers.IntegerField(allow_null=True)
    unseen = serializers.IntegerField(allow_null=True)
    acknowledged = serializers.IntegerField(allow_null=True)
