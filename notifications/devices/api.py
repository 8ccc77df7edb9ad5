"""The API of devices: `/api/v1/devices/`, by which a browser asks for notifications."""

from __future__ import annotations

import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.channels import vapid
from notifications.devices.actions import remove_device, subscribe_device
from notifications.devices.reading import devices_of
from notifications.devices.trying import send_trial
from notifications.models import PushSubscription


class DeviceSerializer(serializers.ModelSerializer[PushSubscription]):
    """A browser in which the person gets notifications."""

    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(source="device", read_only=True)

    class Meta:
        model = PushSubscription
        fields = ["id", "name", "created_at", "taken_at"]
        read_only_fields = fields


class DevicesSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(
        help_text="What to subscribe with (`applicationServerKey`); empty where nothing is sent."
    )
    results = DeviceSerializer(many=True)


class KeysSerializer(serializers.Serializer[Any]):
    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)


class SubscriptionSerializer(serializers.Serializer[Any]):
    """What a browser's `PushSubscription.toJSON()` gives."""

    endpoint = serializers.CharField(max_length=500)
    keys = KeysSerializer()
    expirationTime = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10**14, help_text="Milliseconds since 1970."
    )


class DevicesView(APIView):
    """The devices on which the signed-in person gets notifications."""

    @extend_schema(operation_id="devices_list", responses=DevicesSerializer)
    def get(self, request: Request) -> Response:
        found = {"key": vapid.public_key(), "results": devices_of(request.user)}  # type: ignore[arg-type]
        return Response(DevicesSerializer(found).data)

    @extend_schema(operation_id="devices_subscribe", request=SubscriptionSerializer, responses={201: DeviceSerializer})
    def post(self, request: Request) -> Response:
        """Have notifications shown in this browser. Asks for a session: a token has no browser."""
        wanted = SubscriptionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        stored = subscribe_device(
            actor=request.user,  # type: ignore[arg-type]
            request=request,
            endpoint=wanted.validated_data["endpoint"],
            **wanted.validated_data["keys"],
            expires_at=_moment(wanted.validated_data.get("expirationTime")),
        )
        return Response(DeviceSerializer(stored).data, status=201)


class DeviceView(APIView):
    """One of them."""

    @extend_schema(operation_id="devices_remove", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Show nothing there any more."""
        mine = PushSubscription.objects.visible_to(request.user)  # type: ignore[arg-type]
        remove_device(actor=request.user, subscription=get_object_or_404(mine, public_id=public_id))  # type: ignore[arg-type]
        return Response(status=204)


class DeviceTrial(APIView):
    """A notification to try it with."""

    @extend_schema(operation_id="devices_try", request=None, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Show one there now. 400 with a sentence where the browser's service does not take it."""
        mine = PushSubscription.objects.visible_to(request.user)  # type: ignore[arg-type]
        send_trial(actor=request.user, subscription=get_object_or_404(mine, public_id=public_id))  # type: ignore[arg-type]
        return Response(status=204)


def _moment(milliseconds: int | None) -> datetime.datetime | None:
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC) if milliseconds else None
