"""The API of notifications."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.pagination import PAGE_PARAMETERS, next_address, page_size
from notifications.actions import mark_all_read, mark_read
from notifications.inbox import Edge, Line, count_unread, load_inbox
from notifications.models import Notification


class NotificationSerializer(serializers.Serializer[Line]):
    """One line, as the page has it."""

    id = serializers.CharField(source="key")
    kind = serializers.CharField()
    actor = serializers.CharField(source="person.public_id", default=None, allow_null=True)
    others = serializers.IntegerField(help_text="How many more did the same.")
    text = serializers.CharField(source="words", help_text="What it says, in your language.")
    url = serializers.CharField(help_text="Opens what it is about, and marks it as read.")
    reason = serializers.CharField(help_text="Goes on from «You get this because».")
    created_at = serializers.DateTimeField(source="at")
    unread = serializers.BooleanField(help_text="As many as the counters tell are unread.")
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationPageSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="The address of the next page.")
    results = NotificationSerializer(many=True)


class CountersSerializer(serializers.Serializer[dict[str, int]]):
    unread = serializers.IntegerField()


class NotificationList(APIView):
    """What waits for the signed-in person, announcements included: the unread first, each part newest first."""

    @extend_schema(operation_id="notifications_list", parameters=PAGE_PARAMETERS, responses=NotificationPageSerializer)
    def get(self, request: Request) -> Response:
        after = Edge.decode(request.query_params.get("cursor", ""))
        page = load_inbox(request.user, after=after, size=page_size(request))  # type: ignore[arg-type]
        following = next_address(request, page.next_edge.encode() if page.next_edge else None)
        answer = {"next": following, "results": page.lines}
        return Response(NotificationPageSerializer(answer).data)


class NotificationRead(APIView):
    """Mark one as read."""

    @extend_schema(operation_id="notifications_read_one", request=None, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        mine = Notification.objects.visible_to(request.user)  # type: ignore[arg-type]
        mark_read(reader=request.user, notification=get_object_or_404(mine, public_id=public_id))  # type: ignore[arg-type]
        return Response(status=204)


class UntilSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField(required=False, help_text="When the list was fetched; without it, everything.")


class NotificationsRead(APIView):
    """Mark all as read."""

    @extend_schema(operation_id="notifications_read_all", request=UntilSerializer, responses=CountersSerializer)
    def post(self, request: Request) -> Response:
        """Leave unread what came after `until`, which nobody has seen."""
        asked = UntilSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        mark_all_read(reader=request.user, until=asked.validated_data.get("until"))  # type: ignore[arg-type]
        return Response({"unread": count_unread(request.user)})  # type: ignore[arg-type]


class Counters(APIView):
    """The numbers shown on badges."""

    @extend_schema(responses=CountersSerializer)
    def get(self, request: Request) -> Response:
        return Response({"unread": count_unread(request.user)})  # type: ignore[arg-type]
