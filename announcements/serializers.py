"""Announcements as the API shows and takes them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from announcements.actions import Content, Wording, version_of, wordings_of
from announcements.actions.writing import LANGUAGES
from announcements.models import Announcement, AnnouncementText
from announcements.text_messages import TextMessages, text_messages_of
from conversations.files import StoredFile, Upload, examine
from core.errors import RefusedError
from directory.models import Employee, OrgUnit
from groups.audience_input import parse_audience
from groups.audience_words import audience_as_input
from groups.audiences import terms_of

WORDS = ("title", "body", "button_text")


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
    # What the button for confirming says; empty for the usual words.
    button_text = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    revision = serializers.IntegerField(read_only=True)


class WordingSerializer(serializers.Serializer[Any]):
    """A wording: `title`, `body` and `button_text` in bokmål, other languages under `texts`."""

    title = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    body = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    button_text = serializers.CharField(allow_blank=True, required=False, trim_whitespace=False)
    texts = serializers.DictField(child=TextSerializer(), required=False)

    def wordings(self, before: dict[str, Wording] | None = None) -> dict[str, Wording]:
        """Return what was sent by language, laid over what was there before."""
        data, texts = self.validated_data, dict(before or {})
        texts |= {code: Wording(**text) for code, text in data.get("texts", {}).items()}
        named = {name: data[name] for name in WORDS if name in data}
        if named:
            texts["nb"] = replace(texts.get("nb", Wording("", "")), **named)
        return texts


class CorrectionSerializer(WordingSerializer):
    """A new wording; `tell_again` tells everyone of it, `ask_again` asks all to confirm it."""

    change_note = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    tell_again = serializers.BooleanField(default=False)
    ask_again = serializers.BooleanField(default=False)


class PictureSerializer(serializers.Serializer[Any]):
    picture = serializers.FileField()
    alternative_text = serializers.CharField(max_length=500, allow_blank=True, default="")

    def examined(self) -> StoredFile:
        """Return the picture, found good. Raises RefusedError at `picture`."""
        file = self.validated_data["picture"]
        try:
            return examine(Upload(file, f"{file.name}.jpg", self.validated_data["alternative_text"]))
        except RefusedError as refusal:
            refusal.field = "picture"
            raise


class VersionSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    is_current = serializers.BooleanField()
    language = serializers.CharField(source="text.language")
    languages = serializers.ListField(child=serializers.CharField())
    title = serializers.CharField(source="text.title")
    body = serializers.CharField(source="text.body")
    change_note = serializers.CharField(source="text.change_note")
    created_at = serializers.DateTimeField(source="at")
    created_by = serializers.CharField(source="by.display_name", default=None)


class WriteSerializer(WordingSerializer):
    """What an author decides."""

    # The version that was read: a save since then is answered with 409. Not asked where it is left out.
    version = serializers.CharField(required=False)
    # Read by `parse_audience`, which says in the reader's language what is wrong with it.
    audience = serializers.JSONField(required=False)
    asks_confirmation = serializers.BooleanField(required=False)
    days_on_top = serializers.IntegerField(required=False)
    level = serializers.CharField(required=False)
    urgent_reason = serializers.CharField(
        required=False, allow_blank=True, help_text="Why it passes quiet hours; from whoever leads all it goes to."
    )
    comments_open = serializers.BooleanField(required=False)
    keeps_confirmations_days = serializers.IntegerField(required=False)
    reminds_after_hours = serializers.IntegerField(required=False, allow_null=True)
    sender_unit = serializers.SlugRelatedField(
        slug_field="public_id", queryset=OrgUnit.objects.active(), required=False, allow_null=True
    )

    def content(self, author: Employee, draft: Announcement | None = None) -> Content:
        """Return the content: what was sent, and for the rest what the draft had. Raises RefusedError."""
        data = dict(self.validated_data)
        for name in (*WORDS, "texts", "version"):
            data.pop(name, None)
        before = _content_of(draft) if draft else {}
        if "audience" in data:
            data["terms"] = parse_audience(data.pop("audience"), employee=author)
        return Content(**(before | data | {"texts": self.wordings(before.get("texts"))}))


def _content_of(draft: Announcement) -> dict[str, Any]:
    return {
        "texts": wordings_of(draft),
        "terms": terms_of(draft.audience),
        "asks_confirmation": draft.asks_confirmation,
        "days_on_top": draft.days_on_top,
        "level": draft.level,
        "urgent_reason": draft.urgent_reason,
        "comments_open": draft.thread.comments_open,
        "sender_unit": draft.sender_unit,
        "keeps_confirmations_days": draft.keeps_confirmations_days,
        "reminds_after_hours": draft.reminds_after_hours,
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
    # The one it follows, and the update that has taken its place.
    updates = serializers.CharField(source="updates.public_id", default=None, read_only=True)
    superseded_by = serializers.CharField(source="superseded_by.public_id", default=None, read_only=True)
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
            *("update_number", "updates", "superseded_by", "urgent_reason"),
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


class TextMessagesSerializer(serializers.Serializer[TextMessages]):
    """Text messages to whoever has not seen it in time: never more than these, at never more than this price."""

    most = serializers.IntegerField(help_text="How many of those it is for have a number.")
    parts = serializers.IntegerField(help_text="What one is paid as, in the language where it is longest.")
    minutes = serializers.IntegerField(help_text="How long it waits to be seen.")
    kroner = serializers.IntegerField(allow_null=True, help_text="Null where the price is not known.")


class DraftSerializer(AnnouncementSerializer):
    """One announcement as its keeper sees it: with the audience as it was chosen."""

    audience = serializers.SerializerMethodField()
    text_messages = serializers.SerializerMethodField(help_text="Null once it is sent, and where none go.")
    version = serializers.SerializerMethodField()
    approved_by = AuthorSerializer(read_only=True, allow_null=True)

    class Meta(AnnouncementSerializer.Meta):
        fields = [
            *AnnouncementSerializer.Meta.fields,
            *("audience", "keeps_confirmations_days", "reminds_after_hours", "publish_requested_at", "version"),
            *("publish_at", "approved_at", "approved_by", "returned_note", "text_messages"),
        ]
        read_only_fields = fields

    def get_version(self, announcement: Announcement) -> str:
        return version_of(announcement)

    @extend_schema_field(AudienceSerializer)
    def get_audience(self, announcement: Announcement) -> dict[str, Any]:
        return audience_as_input(terms_of(announcement.audience), self.context["request"].user)

    @extend_schema_field(TextMessagesSerializer(allow_null=True))
    def get_text_messages(self, announcement: Announcement) -> dict[str, Any] | None:
        found = None if announcement.is_sent else text_messages_of(announcement, terms_of(announcement.audience))
        return TextMessagesSerializer(found).data if found else None


class ScheduleSerializer(serializers.Serializer[Any]):
    """The moment to send it, with its offset; now without one."""

    publish_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    @classmethod
    def read(cls, data: Any) -> datetime.datetime | None:
        """Return the moment in `data`; None stands for now. Raises ValidationError for what is no moment."""
        sent = cls(data=data)
        sent.is_valid(raise_exception=True)
        moment: datetime.datetime | None = sent.validated_data["publish_at"]
        return moment


class NoteSerializer(serializers.Serializer[Any]):
    """What should be changed before it is sent."""

    note = serializers.CharField(allow_blank=True, trim_whitespace=False)


class StateSerializer(serializers.ModelSerializer[Announcement]):
    """How far an announcement has come."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Announcement
        fields = ["id", "state", "publish_at", "approved_at"]
        read_only_fields = fields


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """Which wording was read; the one in force unless given."""

    revision = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
