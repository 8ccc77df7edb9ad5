"""The API of posts that wait, and of those I have saved."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.models import Employee
from feed.actions import let_out, save_post, send_back, take_back_planned, unsave_post
from feed.models import PlannedPlacement, Post
from feed.planned_serializers import DecisionSerializer, PlannedPostSerializer


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


class PlannedPostsView(GenericAPIView[PlannedPlacement]):
    """Posts of mine that are not out yet, and those that wait for me to let them out: the newest first."""

    queryset = PlannedPlacement.objects.none()

    @extend_schema(operation_id="planned_posts_list", responses=PlannedPostSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = PlannedPlacement.objects.visible_to(_me(request)).with_parts()
        rows: Any = self.paginate_queryset(found) or []
        return self.get_paginated_response(PlannedPostSerializer(rows, many=True).data)


class OnePlannedPostView(APIView):
    """A post that waits."""

    @extend_schema(operation_id="planned_posts_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take back one's own: its text becomes a draft."""
        mine = PlannedPlacement.objects.of_author(_me(request)).select_related("post__author", "group")
        take_back_planned(actor=_me(request), planned=get_object_or_404(mine, public_id=public_id))
        return Response(status=204)

    @extend_schema(operation_id="planned_posts_decide", request=DecisionSerializer, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Let it out, or send it back with a note."""
        waiting = PlannedPlacement.objects.waiting_for(_me(request))
        planned = get_object_or_404(waiting, public_id=public_id)
        taken = DecisionSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        if taken.validated_data["let_out"]:
            let_out(actor=_me(request), planned=planned)
        else:
            send_back(actor=_me(request), planned=planned, note=taken.validated_data["note"])
        return Response(status=204)


class SavedPostView(APIView):
    """Whether a post is on my list of saved ones."""

    @extend_schema(operation_id="posts_saved_put", request=None, responses={204: None})
    def put(self, request: Request, public_id: str) -> Response:
        save_post(actor=_me(request), post=self._post(request, public_id))
        return Response(status=204)

    @extend_schema(operation_id="posts_saved_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        unsave_post(actor=_me(request), post=self._post(request, public_id))
        return Response(status=204)

    @staticmethod
    def _post(request: Request, public_id: str) -> Post:
        return get_object_or_404(Post.objects.visible_to(_me(request)), public_id=public_id)
