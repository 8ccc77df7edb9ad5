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
from groups.actions import (
    add_members,
    agree_to_takeover,
    archive_group,
    change_group,
    close_group,
    confirm_in_use,
    create_group,
    follow_group,
    join_group,
    leave_group,
    offer_to_take_over,
    reopen_group,
    set_muted,
    set_notification_level,
    take_back_offer,
    unarchive_group,
    unfollow_group,
)
from groups.models import Group, Membership
from groups.pages import groups_with_rights
from groups.serializers import (
    GroupFactsSerializer,
    GroupSerializer,
    JoiningSerializer,
    MemberSerializer,
    MembershipSerializer,
    OwnPartSerializer,
    PersonSerializer,
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


# What the asker may be to a group, and the mark that says so.
TIES = {"member": "is_member", "following": "is_following", "invited": "is_invited"}


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="Words in name or purpose."),
            OpenApiParameter("tie", str, enum=sorted(TIES), description="Only those one is tied to in this way."),
        ]
    ),
)
class GroupViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Group]):
    """Groups the asker may know of."""

    queryset = Group.objects.none()
    serializer_class = GroupSerializer
    pagination_class = ByName
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> QuerySet[Group]:
        """Return the groups with the asker's rights, narrowed by `search` and `tie`."""
        groups = groups_with_rights(self._asker())
        if (tie := self.request.query_params.get("tie", "")) and self.action == "list":
            groups = groups.filter(**{TIES[tie]: True}) if tie in TIES else groups.none()
        words = self.request.query_params.get("search", "")
        if words and self.action == "list":
            groups = groups.with_words(words)
        return groups.by_name()

    @extend_schema(request=GroupFactsSerializer, responses={201: GroupSerializer})
    def create(self, request: Request) -> Response:
        """Start a group; the asker becomes its owner."""
        wanted = GroupFactsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        group = create_group(actor=self._asker(), facts=wanted.facts())
        return Response(self._shown(group), status=status.HTTP_201_CREATED)

    @extend_schema(request=GroupFactsSerializer, responses=GroupSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change what an owner decides; what is not sent stays as it is."""
        group = self.get_object()
        wanted = GroupFactsSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        change_group(actor=self._asker(), group=group, facts=wanted.facts(group))
        return Response(self._shown(group))

    @extend_schema(request=None, responses=GroupSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, id: str) -> Response:
        """Let the group be read only."""
        group = self.get_object()
        archive_group(actor=self._asker(), group=group)
        return Response(self._shown(group))

    @extend_schema(request=None, responses=GroupSerializer)
    @action(detail=True, methods=["post"])
    def unarchive(self, request: Request, id: str) -> Response:
        """Let members write again."""
        group = self.get_object()
        unarchive_group(actor=self._asker(), group=group)
        return Response(self._shown(group))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: str) -> Response:
        """Take the group down, at once and everywhere; `reopen` brings it back for 30 days."""
        close_group(actor=self._asker(), group=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=GroupSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: str) -> Response:
        """Bring back a group that was closed down lately. For its owners."""
        closed = Group.objects.reopenable_by(self._asker())
        group = get_object_or_404(closed, public_id=id.replace("\x00", ""))
        reopen_group(actor=self._asker(), group=group)
        return Response(self._shown(group))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="in-use")
    def in_use(self, request: Request, id: str) -> Response:
        """Say that the group is still in use: its owners are not asked for another year."""
        confirm_in_use(actor=self._asker(), group=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post", "delete"])
    def takeover(self, request: Request, id: str) -> Response:
        """Offer to look after a group that has no owner, or take that back. Another member has to agree."""
        group = self.get_object()
        (offer_to_take_over if request.method == "POST" else take_back_offer)(actor=self._asker(), group=group)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"], url_path="takeover/agree")
    def agree(self, request: Request, id: str) -> Response:
        """Agree that the member who offered becomes the owner."""
        owner = agree_to_takeover(actor=self._asker(), group=self.get_object())
        return Response(MemberSerializer(owner).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["put", "delete"])
    def follow(self, request: Request, id: str) -> Response:
        """Have an open group's posts in one's feed without joining, or no longer."""
        group = self.get_object()
        (follow_group if request.method == "PUT" else unfollow_group)(actor=self._asker(), group=group)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=MemberSerializer(many=True))
    @action(detail=True, pagination_class=ByRole)
    def members(self, request: Request, id: str) -> Response:
        """List the members, for those who may read the group."""
        readable = Group.objects.visible_to(self._asker()).readable_by(self._asker())
        group = get_object_or_404(readable, public_id=id.replace("\x00", ""))
        page = self.paginate_queryset(Membership.objects.filter(group=group).active().helpers_first())  # type: ignore[arg-type]
        return self.get_paginated_response(MemberSerializer(page, many=True).data)  # type: ignore[arg-type]

    @extend_schema(request=PersonSerializer, responses={201: MemberSerializer})
    @members.mapping.post
    def add(self, request: Request, id: str) -> Response:
        """Put a colleague into the group. For those who run it."""
        group = self.get_object()
        wanted = PersonSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        people = Employee.objects.active().visible_to(self._asker())
        person = get_object_or_404(people, public_id=wanted.validated_data["person"].replace("\x00", ""))
        add_members(actor=self._asker(), group=group, employees=[person])
        made = Membership.objects.filter(group=group, employee=person).select_related("employee").get()
        return Response(MemberSerializer(made).data, status=status.HTTP_201_CREATED)

    def _shown(self, group: Group) -> Any:
        return GroupSerializer(groups_with_rights(self._asker()).get(pk=group.pk)).data

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
        return Membership.objects.standing().filter(employee=self._asker()).select_related("group")

    @extend_schema(request=JoiningSerializer, responses={201: MembershipSerializer})
    def create(self, request: Request) -> Response:
        """Join a group that lets anyone in."""
        wanted = JoiningSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        group = self._group(wanted.validated_data["group"])
        membership = join_group(actor=self._asker(), group=group)
        if level := wanted.validated_data.get("notification_level"):
            set_notification_level(actor=self._asker(), group=group, level=level)
            membership.notification_level = level
        return Response(MembershipSerializer(membership).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=OwnPartSerializer, responses=MembershipSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Choose how much to be told of, and whether the group's posts stand in one's feed."""
        group = self._group(id)
        wanted = OwnPartSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        mine = get_object_or_404(self.get_queryset(), group=group)
        if level := wanted.validated_data.get("notification_level"):
            set_notification_level(actor=self._asker(), group=group, level=level)
        if (muted := wanted.validated_data.get("is_muted")) is not None:
            set_muted(actor=self._asker(), group=group, muted=muted)
        mine.refresh_from_db()
        return Response(MembershipSerializer(mine).data)

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
