"""Sending and taking back over the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import actions
from announcements.api.requests import OneView, fields_as_sent, person_of
from announcements.serializers import DraftSerializer


class Publish(OneView):
    """Send a draft. Answers at once with state `sending`; `progress/` tells how far it is."""

    @extend_schema(request=None, responses={202: DraftSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        draft = self.keep(request, public_id)
        with fields_as_sent():
            actions.publish_announcement(actor=person_of(request), announcement=draft)
        return self.show(request, draft, 202)


class Withdraw(OneView):
    """Take a sent announcement back."""

    @extend_schema(request=None, responses=DraftSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        sent = self.keep(request, public_id)
        actions.withdraw_announcement(actor=person_of(request), announcement=sent)
        return self.show(request, sent)
