"""The API of operators: `/api/v1/deliveries/`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from directory.models import Employee
from notifications.models import Delivery
from notifications.operating.actions import give_up, run_again, try_again
from notifications.operating.reading import ChannelFigures, Health, Heap, JobFigures, PulseFigures, read_health


class ChannelFiguresSerializer(serializers.Serializer[ChannelFigures]):
    channel = serializers.ChoiceField(choices=Delivery.Channel.choices)
    is_on = serializers.BooleanField()
    per_minute = serializers.IntegerField(help_text="How many may go in a minute; 0 is as many as are taken.")
    due = serializers.IntegerField()
    later = serializers.IntegerField()
    due_since = serializers.DateTimeField(allow_null=True)
    sent_last_hour = serializers.IntegerField()
    sent_last_day = serializers.IntegerField()
    failed = serializers.IntegerField()
    failing_since = serializers.DateTimeField(allow_null=True)
    resting_until = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()


class HeapSerializer(serializers.Serializer[Heap]):
    channel = serializers.ChoiceField(choices=Delivery.Channel.choices)
    kind = serializers.CharField()
    why = serializers.ChoiceField(choices=["sending", "due", "tried", "later", "failed"])
    error = serializers.CharField(help_text="What the server answered, without addresses.")
    count = serializers.IntegerField()
    oldest_at = serializers.DateTimeField()
    next_at = serializers.DateTimeField()
    attempts = serializers.IntegerField(help_text="The most any of them was tried.")


class JobFiguresSerializer(serializers.Serializer[JobFigures]):
    job = serializers.CharField()
    waiting = serializers.IntegerField()
    standing = serializers.IntegerField(help_text="Due, and taken up by nobody for a minute.")
    failed = serializers.IntegerField()
    standing_since = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()


class PulseFiguresSerializer(serializers.Serializer[PulseFigures]):
    process = serializers.CharField()
    beaten_at = serializers.DateTimeField(allow_null=True)
    is_silent = serializers.BooleanField()


class HealthSerializer(serializers.Serializer[Health]):
    """How sending fares, in numbers: never who, never what."""

    channels = ChannelFiguresSerializer(many=True)
    waiting = HeapSerializer(many=True, help_text="The oldest first, 50 at most.")
    failed = HeapSerializer(many=True, help_text="Given up; the oldest first, 50 at most.")
    jobs = JobFiguresSerializer(many=True)
    pulses = PulseFiguresSerializer(many=True)
    refused_addresses = serializers.IntegerField(help_text="People whose e-mail address the mail server does not know.")
    problems = serializers.ListField(child=serializers.CharField(), help_text="What somebody should look at.")


class NamedMessagesSerializer(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(choices=Delivery.Channel.choices)
    kind = serializers.CharField(max_length=40, required=False, default="")


class NamedKindSerializer(NamedMessagesSerializer):
    kind = serializers.CharField(max_length=40)


class NamedJobSerializer(serializers.Serializer[Any]):
    job = serializers.CharField(max_length=60)


class CountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class DeliveriesHealth(APIView):
    """How sending fares."""

    @extend_schema(operation_id="deliveries_health", responses=HealthSerializer)
    def get(self, request: Request) -> Response:
        _operator(request)
        return Response(HealthSerializer(read_health()).data)


class DeliveriesAgain(APIView):
    """Try again now what was tried or given up over a channel, of one kind or of all."""

    @extend_schema(operation_id="deliveries_again", request=NamedMessagesSerializer, responses=CountSerializer)
    def post(self, request: Request) -> Response:
        operator = _operator(request)
        return Response({"count": try_again(actor=operator, **_read(NamedMessagesSerializer, request))})


class DeliveriesGivenUp(APIView):
    """Give up what is due, or was tried, of one kind over a channel."""

    @extend_schema(operation_id="deliveries_give_up", request=NamedKindSerializer, responses=CountSerializer)
    def post(self, request: Request) -> Response:
        operator = _operator(request)
        return Response({"count": give_up(actor=operator, **_read(NamedKindSerializer, request))})


class JobsAgain(APIView):
    """Take up again work for many that failed."""

    @extend_schema(operation_id="deliveries_jobs_again", request=NamedJobSerializer, responses=CountSerializer)
    def post(self, request: Request) -> Response:
        operator = _operator(request)
        return Response({"count": run_again(actor=operator, **_read(NamedJobSerializer, request))})


def _operator(request: Request) -> Employee:
    operator: Employee = request.user  # type: ignore[assignment]
    require(operator.has_perm("notifications.operate"))
    return operator


def _read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    sent = serializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)
