"""What a desk's own system tells us back: `POST /api/v1/hooks/desks/{id}/`, signed with the hook's secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import problem
from onboarding.arrivals.hooks import secrets_of, sign
from onboarding.arrivals.task_actions import COMMENT_LENGTH, change_state
from onboarding.models import ArrivalTask, DeskHook, HookAnswer

# A message older, or newer, than this is not taken: it may have been caught on its way.
SECONDS_OFF = 300
MAX_BODY = 64 * 1024


class HookAnswerSerializer(serializers.Serializer[Any]):
    """How far a task has come in the desk's own system."""

    task = serializers.CharField(max_length=20, help_text="The id the task was told with.")
    state = serializers.ChoiceField(choices=ArrivalTask.State.choices)
    comment = serializers.CharField(max_length=COMMENT_LENGTH, required=False, default="", allow_blank=True)


class DeskHookView(APIView):
    """The way back of a desk's hook. Who signs with its secret is the desk; nothing else opens it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    # Not for who holds a token: docs/arrivals.md tells a desk's system how it is called.
    @extend_schema(exclude=True)
    def post(self, request: Request, public_id: str) -> Response:
        """Say how far a task has come. The same message twice does nothing the second time."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            return problem(413, "too-large", _("The message is too large."))
        signature, body = request.headers.get("Tunet-Signature", ""), request._request.body
        hook = DeskHook.objects.select_related("desk").filter(public_id=public_id.replace("\x00", "")).first()
        if not _is_signed(hook, signature, request.headers.get("Tunet-Timestamp", ""), body):
            return problem(401, "not-signed", _("The signature does not fit."))
        assert hook is not None
        sent = HookAnswerSerializer(data=_read(body))
        sent.is_valid(raise_exception=True)
        return _take(hook, signature, sent.validated_data)


@transaction.atomic
def _take(hook: DeskHook, signature: str, values: dict[str, Any]) -> Response:
    try:
        with transaction.atomic():
            HookAnswer.objects.create(digest=hashlib.sha256(f"{hook.pk}{signature}".encode()).hexdigest())
    except IntegrityError:
        return Response({"result": "taken_before"})
    wanted = values["task"].replace("\x00", "")
    task = ArrivalTask.objects.filter(desk=hook.desk, public_id=wanted).select_related("arrival").first()
    if task is None:
        return problem(404, "not-found", _("The desk has no such task."))
    change_state(actor=None, task=task, state=values["state"], comment=values["comment"])
    return Response({"result": "taken"})


def _is_signed(hook: DeskHook | None, signature: str, timestamp: str, body: bytes) -> bool:
    if hook is None or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(timezone.now().timestamp() - int(timestamp)) > SECONDS_OFF:
        return False
    expected = [sign(secret, timestamp, body) for secret in secrets_of(hook)]
    return any(hmac.compare_digest(one.encode(), signature.encode()) for one in expected)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # the latter: brackets within brackets without end
        raise serializers.ValidationError({"detail": [_("What was sent is not JSON.")]}) from error
