"""The API of posts that wait, and of those I have saved."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError
from directory.models import Employee
from feed.actions import change_planned, let_out, save_post, send_back, take_back_planned, unsave_post
from feed.finding import find_post
from feed.models import PlannedPlacement
from feed.planned_serializers import DecisionSerializer, PlannedChangeSerializer, PlannedPostSerializer
from groups.models import Group


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

    @extend_schema(
        operation_id="planned_posts_update",
        request=PlannedChangeSerializer,
        responses={200: PlannedPostSerializer(many=True), 204: None},
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change one's own in all its places: 204 where it came out by that."""
        planned = self._mine(request, public_id)
        taken = PlannedChangeSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        kept: dict[str, Any] = {"text": planned.post.text, "ends_at": planned.post.ends_at, "unit": planned.unit}
        kept |= {"publish_at": planned.publish_at, **taken.validated_data}
        groups = self._groups(request, planned, kept.pop("groups", None))
        if groups:
            kept["unit"] = None
        post = change_planned(actor=_me(request), planned=planned, groups=groups, **kept)
        waiting: Any = PlannedPlacement.objects.filter(post=post).with_parts()
        if not waiting:
            return Response(status=204)
        return Response(PlannedPostSerializer(waiting, many=True).data)

    @extend_schema(operation_id="planned_posts_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take back one's own from everywhere it waits: it becomes a draft."""
        take_back_planned(actor=_me(request), planned=self._mine(request, public_id))
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

    @staticmethod
    def _mine(request: Request, public_id: str) -> PlannedPlacement:
        mine = PlannedPlacement.objects.of_author(_me(request)).with_parts()
        return get_object_or_404(mine, public_id=public_id)

    @staticmethod
    def _groups(request: Request, planned: PlannedPlacement, wanted: list[str] | None) -> list[Group]:
        if wanted is None:
            return list(Group.objects.filter(planned_placements__post=planned.post))
        groups = list(Group.objects.visible_to(_me(request)).filter(public_id__in=wanted))
        if len(groups) < len(set(wanted)):
            raise RefusedError(_("There is no such group."), field="groups", code="unknown_group")
        return groups


class SavedPostView(APIView):
    """Whether a post is on my list of saved ones."""

    @extend_schema(operation_id="posts_saved_put", request=None, responses={204: None})
    def put(self, request: Request, public_id: str) -> Response:
        save_post(actor=_me(request), post=find_post(_me(request), public_id))
        return Response(status=204)

    @extend_schema(operation_id="posts_saved_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        unsave_post(actor=_me(request), post=find_post(_me(request), public_id))
        return Response(status=204)
