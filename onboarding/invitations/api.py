"""The API of invitations, for HR: `/api/v1/invitations/`. What one run came to is told in figures, never by name."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from directory.models import Employee
from onboarding.invitations.actions import invite, take_back
from onboarding.invitations.planning import WHO, make_plan, may_be_invited
from onboarding.models import InvitationRun


class InvitationRunSerializer(serializers.ModelSerializer[InvitationRun]):
    """Invitations that were made at once, and what became of them."""

    id = serializers.CharField(source="public_id", read_only=True)
    people = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)
    sent = serializers.IntegerField(read_only=True)
    letters = serializers.IntegerField(read_only=True, help_text="Letters that wait to be printed.")
    printed = serializers.IntegerField(read_only=True)
    stopped = serializers.IntegerField(read_only=True)

    class Meta:
        model = InvitationRun
        fields = ["id", "made_at", "cancelled_at", "people", "waiting", "sent", "letters", "printed", "stopped"]
        read_only_fields = fields


class WhomSerializer(serializers.Serializer[Any]):
    """Whom to invite, and at what hour of the day."""

    who = serializers.ChoiceField(choices=list(WHO))
    hour = serializers.TimeField()


class InviteSerializer(WhomSerializer):
    """The same, with the number of people that was shown."""

    count = serializers.IntegerField(min_value=0)


class InvitationPlanSerializer(serializers.Serializer[Any]):
    """What inviting would come to."""

    people = serializers.IntegerField()
    by_road = serializers.DictField(child=serializers.IntegerField())
    without_facts = serializers.IntegerField(help_text="People HR lacks the facts of that a code is bound to.")
    price = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    first_at = serializers.DateTimeField(allow_null=True)


@extend_schema_view(get=extend_schema(operation_id="invitations_list"))
class InvitationsView(ListAPIView[InvitationRun]):
    """The invitations that were made, the newest first."""

    serializer_class = InvitationRunSerializer
    queryset = InvitationRun.objects.none()

    def get_queryset(self) -> QuerySet[InvitationRun]:
        """Return the runs with what became of each."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return InvitationRun.objects.visible_to(_keeper(self.request)).with_counts().order_by("-pk")

    @extend_schema(
        operation_id="invitations_create", request=InviteSerializer, responses={201: InvitationRunSerializer}
    )
    def post(self, request: Request) -> Response:
        """Invite those whom the preview counted; another number by now is refused."""
        keeper = _keeper(request)
        sent = InviteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        run = invite(actor=keeper, **sent.validated_data)
        return Response(_shown(run), status=status.HTTP_201_CREATED)


class InvitationPreviewView(APIView):
    """What inviting would come to, without storing it."""

    @extend_schema(operation_id="invitations_preview", request=WhomSerializer, responses=InvitationPlanSerializer)
    def post(self, request: Request) -> Response:
        """Count whom it would reach, by which road, and what it costs."""
        keeper = _keeper(request)
        sent = WhomSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        plan = make_plan(may_be_invited(keeper, sent.validated_data["who"]), sent.validated_data["hour"])
        told = {"people": len(plan.people), "by_road": plan.by_road, "without_facts": len(plan.without_facts)}
        told |= {"price": plan.price, "first_at": plan.first_at}
        return Response(InvitationPlanSerializer(told).data)


class InvitationRunView(APIView):
    """One run."""

    @extend_schema(operation_id="invitations_retrieve", responses=InvitationRunSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Show what became of it."""
        return Response(_shown(_find(request, public_id)))


class StopInvitationsView(APIView):
    """Stopping what has not gone yet."""

    @extend_schema(operation_id="invitations_stop", request=None, responses=InvitationRunSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Stop it, and show how many were stopped and how many had been sent."""
        run = _find(request, public_id)
        take_back(actor=_keeper(request), run=run)
        return Response(_shown(run))


def _keeper(request: Request) -> Employee:
    keeper: Employee = request.user  # type: ignore[assignment]
    require(keeper.has_perm("onboarding.invite"))
    return keeper


def _find(request: Request, public_id: str) -> InvitationRun:
    runs = InvitationRun.objects.visible_to(_keeper(request))
    return get_object_or_404(runs, public_id=public_id.replace("\x00", ""))


def _shown(run: InvitationRun) -> Any:
    return InvitationRunSerializer(InvitationRun.objects.with_counts().get(pk=run.pk)).data
