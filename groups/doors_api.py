"""The API of who comes into a group: requests, invitations, and what becomes of members."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from core.pagination import CursorPagination
from directory.models import Employee
from groups.actions import (
    answer_invitation,
    answer_request,
    ask_to_join,
    invite_to_group,
    remove_member,
    set_role,
    take_back_invitation,
    take_back_request,
)
from groups.models import Group, Invitation, Membership, MembershipRequest
from groups.serializers import (
    AcceptingSerializer,
    InvitationSerializer,
    MemberSerializer,
    MembershipRequestSerializer,
    PersonSerializer,
    RoleSerializer,
)


class OldestFirst(CursorPagination):
    """Pages of what waits, the oldest first."""

    ordering = ("created_at", "pk")


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _group(request: Request, public_id: str) -> Group:
    return get_object_or_404(Group.objects.visible_to(_me(request)), public_id=public_id.replace("\x00", ""))


def _person(request: Request, public_id: str) -> Employee:
    people = Employee.objects.active().visible_to(_me(request))
    found: Employee = get_object_or_404(people, public_id=public_id.replace("\x00", ""))
    return found


def _member(group: Group, person_id: str) -> Membership:
    members = Membership.objects.filter(group=group).select_related("employee")
    return get_object_or_404(members, employee__public_id=person_id.replace("\x00", ""))


def _read(serializer: type[Any], request: Request) -> dict[str, Any]:
    taken = serializer(data=request.data)
    taken.is_valid(raise_exception=True)
    data: dict[str, Any] = taken.validated_data
    return data


class OneMemberView(APIView):
    """One member of a group, for those who run it."""

    @extend_schema(request=RoleSerializer, responses=MemberSerializer)
    def patch(self, request: Request, public_id: str, person_id: str) -> Response:
        """Give a member another role. For owners."""
        group = _group(request, public_id)
        role = _read(RoleSerializer, request)["role"]
        require(_me(request).has_perm("groups.moderate", group))
        member = _member(group, person_id)
        set_role(actor=_me(request), group=group, employee=member.employee, role=role)
        return Response(MemberSerializer(_member(group, person_id)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str, person_id: str) -> Response:
        """Take a member out of the group, for good: no rule puts them back."""
        group = _group(request, public_id)
        require(_me(request).has_perm("groups.moderate", group))
        remove_member(actor=_me(request), group=group, employee=_member(group, person_id).employee)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RequestsView(GenericAPIView[MembershipRequest]):
    """Those who ask to join a group."""

    queryset = MembershipRequest.objects.none()
    serializer_class = MembershipRequestSerializer
    pagination_class = OldestFirst

    def get(self, request: Request, public_id: str) -> Response:
        """List who waits for an answer. For those who run the group."""
        group = _group(request, public_id)
        require(_me(request).has_perm("groups.moderate", group))
        waiting = MembershipRequest.objects.unanswered().filter(group=group).select_related("employee")
        page = self.paginate_queryset(waiting)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=None, responses={201: MembershipRequestSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Ask to join."""
        asked = ask_to_join(actor=_me(request), group=_group(request, public_id))
        return Response(self.get_serializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take one's own request back."""
        take_back_request(actor=_me(request), group=_group(request, public_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneRequestView(APIView):
    """One who asks to join."""

    @extend_schema(operation_id="groups_requests_answer", request=AcceptingSerializer, responses={204: None})
    def post(self, request: Request, public_id: str, person_id: str) -> Response:
        """Let the person in, or not. For those who run the group."""
        group = _group(request, public_id)
        accept = _read(AcceptingSerializer, request)["accept"]
        require(_me(request).has_perm("groups.moderate", group))
        waiting = MembershipRequest.objects.unanswered().filter(group=group).select_related("group", "employee")
        asked = get_object_or_404(waiting, employee__public_id=person_id.replace("\x00", ""))
        answer_request(actor=_me(request), request=asked, accept=accept)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationsView(GenericAPIView[Invitation]):
    """Those who have been asked to come into a group."""

    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    pagination_class = OldestFirst

    def get(self, request: Request, public_id: str) -> Response:
        """List who has not answered. For those who run the group."""
        group = _group(request, public_id)
        require(_me(request).has_perm("groups.moderate", group))
        waiting = Invitation.objects.waiting().filter(group=group).select_related("employee")
        page = self.paginate_queryset(waiting)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=PersonSerializer, responses={201: InvitationSerializer, 204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Ask a colleague to come in; 204 where there is nothing to ask: a member, asked before, or has said no."""
        group = _group(request, public_id)
        person_id = _read(PersonSerializer, request)["person"]
        require(_me(request).has_perm("groups.invite", group))
        made = invite_to_group(actor=_me(request), group=group, employee=_person(request, person_id))
        if made is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


class OneInvitationView(APIView):
    """One who has been asked to come in."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str, person_id: str) -> Response:
        """Take the invitation back. For who sent it, and those who run the group."""
        group = _group(request, public_id)
        require(_me(request).has_perm("groups.invite", group))
        take_back_invitation(actor=_me(request), group=group, employee=_person(request, person_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class OwnInvitationView(APIView):
    """One's own invitation into a group."""

    @extend_schema(request=AcceptingSerializer, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Come in, or say no."""
        group = _group(request, public_id)
        accept = _read(AcceptingSerializer, request)["accept"]
        get_object_or_404(Invitation.objects.visible_to(_me(request)), group=group)
        answer_invitation(actor=_me(request), group=group, accept=accept)
        return Response(status=status.HTTP_204_NO_CONTENT)
