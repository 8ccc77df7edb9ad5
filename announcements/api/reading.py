"""What readers do over the API: have it in view, confirm it."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.api.requests import OneView, person_of
from announcements.serializers import AcknowledgeSerializer, AnnouncementSerializer


class Seen(OneView):
    """Say that the person has had it in view."""

    @extend_schema(request=None, responses=AnnouncementSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        actions.mark_seen(employee=person_of(request), announcement=self.find(request, public_id))
        return Response(AnnouncementSerializer(self.find(request, public_id)).data)


class Acknowledge(OneView):
    """Confirm that the person has read it. The first confirmation stands."""

    @extend_schema(request=AcknowledgeSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        found = self.find(request, public_id)
        read = AcknowledgeSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        actions.acknowledge(employee=person_of(request), announcement=found, **read.validated_data)
        return Response(AnnouncementSerializer(self.find(request, public_id)).data)
