"""The API of what people choose: `/api/v1/me/notification-settings/` and a unit's quiet hours."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.models import Employee, OrgUnit
from notifications.choices.actions import change_settings, choose_kind, choose_topic, set_unit_hours
from notifications.choices.reading import TopicRow, settings_of, topics_of
from notifications.models import NotificationSettings, Preference, UnitQuietHours
from notifications.quiet import unit_hours_of

# More than there are topics, kinds and roads that anybody changes at once.
MOST_CHOICES = 50


class TopicSerializer(serializers.Serializer[TopicRow]):
    topic = serializers.CharField(source="key")
    name = serializers.CharField()
    wanted = serializers.DictField(child=serializers.BooleanField(), help_text="By channel: inbox, push, email.")


class UnitHoursSerializer(serializers.ModelSerializer[UnitQuietHours]):
    """When it is quiet, in a unit and below it or for one person; the same time twice is never."""

    class Meta:
        model = UnitQuietHours
        fields = ["starts", "ends"]


class ChoiceSerializer(serializers.Serializer[Any]):
    """One choice: of a whole topic, or of one kind."""

    topic = serializers.CharField(required=False)
    kind = serializers.CharField(required=False)
    channel = serializers.ChoiceField(choices=Preference.Channel.choices)
    wanted = serializers.BooleanField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for both, though what is around it need not be whole."""
        missing = [name for name in ("channel", "wanted") if name not in attrs]
        if missing:
            raise serializers.ValidationError(dict.fromkeys(missing, self.error_messages["required"]))
        return attrs


class NotificationSettingsSerializer(serializers.ModelSerializer[NotificationSettings]):
    """What the person has chosen; quiet hours are null where the unit's hold, and `quiet_hours` those that hold."""

    quiet_hours = serializers.SerializerMethodField()
    topics = serializers.SerializerMethodField()

    class Meta:
        model = NotificationSettings
        fields = [
            *("quiet_from", "quiet_to", "paused_until", "digest", "digest_hour", "text_on_lock_screen"),
            *("closed_text_in_email", "quiet_hours", "topics"),
        ]

    @extend_schema_field(UnitHoursSerializer(allow_null=True))
    def get_quiet_hours(self, settings: NotificationSettings) -> Any:
        starts, ends = settings.quiet_from, settings.quiet_to
        hours = unit_hours_of(settings.employee) if starts is None or ends is None else (starts, ends)
        return UnitHoursSerializer(UnitQuietHours(starts=hours[0], ends=hours[1])).data if hours else None

    @extend_schema_field(TopicSerializer(many=True))
    def get_topics(self, settings: NotificationSettings) -> Any:
        return TopicSerializer(topics_of(settings.employee), many=True).data  # type: ignore[arg-type]


class NotificationSettingsChangeSerializer(NotificationSettingsSerializer):
    """What is to be changed; the rest stays."""

    choices = ChoiceSerializer(many=True, required=False, max_length=MOST_CHOICES)  # type: ignore[call-arg]

    class Meta(NotificationSettingsSerializer.Meta):
        fields = [*NotificationSettingsSerializer.Meta.fields[:-2], "choices"]


class MyNotificationSettings(APIView):
    """How the signed-in person wants to be told."""

    @extend_schema(operation_id="notification_settings", responses=NotificationSettingsSerializer)
    def get(self, request: Request) -> Response:
        return Response(NotificationSettingsSerializer(settings_of(_me(request))).data)

    @extend_schema(
        operation_id="change_notification_settings",
        request=NotificationSettingsChangeSerializer,
        responses=NotificationSettingsSerializer,
    )
    @transaction.atomic
    def patch(self, request: Request) -> Response:
        """Change some of it; refused as a whole where one part cannot be."""
        asked = NotificationSettingsChangeSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        for choice in wanted.pop("choices", []):
            _choose(_me(request), choice)
        if wanted:
            change_settings(actor=_me(request), **wanted)
        return Response(NotificationSettingsSerializer(settings_of(_me(request))).data)


def _choose(actor: Employee, choice: dict[str, Any]) -> None:
    chosen = {"channel": choice["channel"], "wanted": choice["wanted"]}
    if "kind" in choice:
        choose_kind(actor=actor, kind=choice["kind"], **chosen)
    else:
        choose_topic(actor=actor, topic=choice.get("topic", ""), **chosen)


class UnitHours(APIView):
    """The quiet hours of a unit, to those who lead or administer it."""

    @extend_schema(operation_id="unit_quiet_hours", responses=UnitHoursSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return them; 404 where the hours above it hold."""
        own = get_object_or_404(UnitQuietHours, unit=_unit(request, public_id))
        return Response(UnitHoursSerializer(own).data)

    @extend_schema(operation_id="set_unit_quiet_hours", request=UnitHoursSerializer, responses=UnitHoursSerializer)
    def put(self, request: Request, public_id: str) -> Response:
        unit, asked = _unit(request, public_id), UnitHoursSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        set_unit_hours(
            actor=_me(request), unit=unit, hours=(asked.validated_data["starts"], asked.validated_data["ends"])
        )
        return Response(asked.data)

    @extend_schema(operation_id="remove_unit_quiet_hours", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Let the hours above it hold again."""
        set_unit_hours(actor=_me(request), unit=_unit(request, public_id), hours=None)
        return Response(status=204)


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _unit(request: Request, public_id: str) -> OrgUnit:
    unit = get_object_or_404(OrgUnit.objects.active(), public_id=public_id)
    if not _me(request).has_perm("notifications.set_quiet_hours", unit):
        raise Http404
    return unit
