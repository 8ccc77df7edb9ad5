"""The API of groups: `/api/v1/groups/`, `…/members/`, and one's own `/api/v1/memberships/`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.pagination import CursorPagination
from directory.models import Employee
from groups.actions import create_group, join_group, leave_group
from groups.models import Group, Membership
from groups.pages import groups_with_rights
from groups.serializers import (
    GroupSerializer,
    JoiningSerializer,
    MemberSerializer,
    MembershipSerializer,
    NewGroupSerializer,
)


class ByName(CursorPagination):
    """Pages in the order of names."""

    ordering = ("name_key", "pk")


class ByRole(CursorPagination):
    """Pages of members: owners, then moderators, then the others."""

    ordering = ("rank", "pk")


class ByJoining(CursorPagination):
    """Pages of one's memberships, the newest first."""

    ordering = ("-joined_at", "-pk")


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("search", str, description="Words in name or purpose.")]),
)
class GroupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Group]):
    """Groups the asker may know of."""

    queryset = Group.objects.none()
    serializer_class = GroupSerializer
    pagination_class = ByName
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[Group]:
        """Return the groups with the asker's rights, narrowed by `search`."""
        groups = groups_with_rights(self._asker())
        words = self.request.query_params.get("search", "")
        if words and self.action == "list":
            groups = groups.with_words(words)
        return groups.by_name()

    @extend_schema(request=NewGroupSerializer, responses={201: GroupSerializer})
    def create(self, request: Request) -> Response:
        """Start a group; the asker becomes its owner."""
        wanted = NewGroupSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        group = create_group(actor=self._asker(), facts=wanted.facts())
        shown = groups_with_rights(self._asker()).get(pk=group.pk)
        return Response(GroupSerializer(shown).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=MemberSerializer(many=True))
    @action(detail=True, pagination_class=ByRole)
    def members(self, request: Request, id: str) -> Response:
        """List the members, for those who may read the group."""
        readable = Group.objects.visible_to(self._asker()).readable_by(self._asker())
        group = get_object_or_404(readable, public_id=id.replace("\x00", ""))
        page = self.paginate_queryset(Membership.objects.filter(group=group).active().helpers_first())  # type: ignore[arg-type]
        return self.get_paginated_response(MemberSerializer(page, many=True).data)  # type: ignore[arg-type]

    def _asker(self) -> Employee:
        asker: Employee = self.request.user  # type: ignore[assignment]
        return asker


class MembershipViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Membership]):
    """One's own memberships; the id in an address is the group's."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    pagination_class = ByJoining
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[Membership]:
        """Return the asker's memberships with their groups."""
        return Membership.objects.filter(employee=self._asker()).select_related("group")

    @extend_schema(request=JoiningSerializer, responses={201: MembershipSerializer})
    def create(self, request: Request) -> Response:
        """Join an open group."""
        wanted = JoiningSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        membership = join_group(actor=self._asker(), group=self._group(wanted.validated_data["group"]))
        return Response(MembershipSerializer(membership).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:
        """Leave a group."""
        leave_group(actor=self._asker(), group=self._group(id))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _group(self, public_id: str) -> Any:
        return get_object_or_404(Group.objects.visible_to(self._asker()), public_id=public_id.replace("\x00", ""))

    def _asker(self) -> Employee:
        asker: Employee = self.request.user  # type: ignore[assignment]
        return asker
