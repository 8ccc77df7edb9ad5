"""The API of notifications."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.actions import mark_all_read, mark_read
from notifications.inbox import count_unread
from notifications.models import Notification
from notifications.querysets import NotificationQuerySet


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    id = serializers.CharField(source="public_id", read_only=True)
    actor = serializers.CharField(source="actor.public_id", read_only=True, default=None)

    class Meta:
        model = Notification
        fields = ["id", "kind", "actor", "created_at", "read_at"]


class CountersSerializer(serializers.Serializer[dict[str, int]]):
    unread = serializers.IntegerField()


class NotificationList(generics.ListAPIView[Notification]):
    """The signed-in person's own notifications, newest first."""

    serializer_class = NotificationSerializer
    queryset = Notification.objects.none()

    def get_queryset(self) -> NotificationQuerySet:
        return Notification.objects.visible_to(self.request.user).select_related("actor")  # type: ignore[arg-type]


class NotificationRead(APIView):
    """Mark one as read."""

    @extend_schema(operation_id="notifications_read_one", request=None, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        mine = Notification.objects.visible_to(request.user)  # type: ignore[arg-type]
        mark_read(reader=request.user, notification=get_object_or_404(mine, public_id=public_id))  # type: ignore[arg-type]
        return Response(status=204)


class NotificationsRead(APIView):
    """Mark all as read."""

    @extend_schema(operation_id="notifications_read_all", request=None, responses=CountersSerializer)
    def post(self, request: Request) -> Response:
        mark_all_read(reader=request.user)  # type: ignore[arg-type]
        return Response({"unread": count_unread(request.user)})  # type: ignore[arg-type]


class Counters(APIView):
    """The numbers shown on badges."""

    @extend_schema(responses=CountersSerializer)
    def get(self, request: Request) -> Response:
        return Response({"unread": count_unread(request.user)})  # type: ignore[arg-type]
