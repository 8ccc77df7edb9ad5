"""The API of what is one's own: what one has begun to write, and the colleagues one follows."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.models import Employee
from feed.actions import discard_draft, follow_person, save_draft, unfollow_person
from feed.draft_serializers import PostDraftFieldsSerializer, PostDraftSerializer
from feed.models import PostDraft
from groups.models import Group

HOME = "home"


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


class DraftsView(GenericAPIView[PostDraft]):
    """What I have begun to write and not published."""

    queryset = PostDraft.objects.none()

    @extend_schema(operation_id="drafts_list", responses=PostDraftSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows: Any = self.paginate_queryset(PostDraft.objects.filter(author=_me(request))) or []
        return self.get_paginated_response(PostDraftSerializer(rows, many=True).data)


class OneDraftView(APIView):
    """What I have begun to write in one place: `home`, or the id of a group."""

    @extend_schema(operation_id="drafts_retrieve", responses=PostDraftSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        drafts = PostDraft.objects.filter(author=_me(request), place=self._place(request, public_id))
        return Response(PostDraftSerializer(get_object_or_404(drafts)).data)

    @extend_schema(
        operation_id="drafts_put", request=PostDraftFieldsSerializer, responses={200: PostDraftSerializer, 204: None}
    )
    def put(self, request: Request, public_id: str) -> Response:
        """Keep it instead of what was kept; 204 where nothing is written, and then nothing is kept."""
        place, taken = self._place(request, public_id), PostDraftFieldsSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        kept = save_draft(actor=_me(request), place=place, fields=taken.validated_data)
        return Response(PostDraftSerializer(kept).data) if kept else Response(status=204)

    @extend_schema(operation_id="drafts_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Throw it away."""
        discard_draft(actor=_me(request), place=self._place(request, public_id))
        return Response(status=204)

    @staticmethod
    def _place(request: Request, public_id: str) -> str:
        if public_id != HOME and not Group.objects.visible_to(_me(request)).filter(public_id=public_id).exists():
            raise Http404
        return public_id


class FollowPersonView(APIView):
    """Whether a colleague's posts stand under «From leaders»."""

    @extend_schema(operation_id="employees_follow_put", request=None, responses={204: None})
    def put(self, request: Request, public_id: str) -> Response:
        follow_person(actor=_me(request), person=self._person(request, public_id))
        return Response(status=204)

    @extend_schema(operation_id="employees_follow_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        unfollow_person(actor=_me(request), person=self._person(request, public_id))
        return Response(status=204)

    @staticmethod
    def _person(request: Request, public_id: str) -> Employee:
        people = Employee.objects.visible_to(_me(request)).filter(protected=False)
        found: Employee = get_object_or_404(people, public_id=public_id)
        return found
