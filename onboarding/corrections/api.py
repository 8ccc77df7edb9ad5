"""The API of «something wrong?»: `/api/v1/corrections/`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError, require
from directory.models import Employee
from onboarding.corrections.actions import MAX_LENGTH, report_wrong, settle_correction
from onboarding.models import Correction


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """What somebody says is wrong about a person, and what HR answered."""

    id = serializers.CharField(source="public_id", read_only=True)
    employee = serializers.CharField(source="employee.public_id", read_only=True)
    name = serializers.CharField(source="employee.full_name", read_only=True)
    reported_by = serializers.SerializerMethodField()

    class Meta:
        model = Correction
        fields = ["id", "employee", "name", "text", "reported_by", "reported_at", "answer", "settled_at"]
        read_only_fields = fields

    def get_reported_by(self, correction: Correction) -> str | None:
        """The id of who said it; nothing for who is gone, and for a protected person."""
        reporter = correction.reported_by
        return None if reporter is None or reporter.protected else reporter.public_id


class NewCorrectionSerializer(serializers.Serializer[Any]):
    """Something that is wrong about a person."""

    employee = serializers.CharField(max_length=40)
    text = serializers.CharField(max_length=MAX_LENGTH)


class CorrectionAnswerSerializer(serializers.Serializer[Any]):
    """HR's answer to whoever said it."""

    answer = serializers.CharField(max_length=MAX_LENGTH)


@extend_schema_view(
    get=extend_schema(
        operation_id="corrections_list",
        parameters=[OpenApiParameter("waiting", bool, description="Only those nobody has answered.")],
    )
)
class CorrectionsView(ListAPIView[Correction]):
    """What one has said is wrong oneself; for HR what everybody has."""

    serializer_class = CorrectionSerializer
    queryset = Correction.objects.none()

    def get_queryset(self) -> QuerySet[Correction]:
        """Return the reports, the newest first."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        found = Correction.objects.visible_to(self.request.user).with_people()  # type: ignore[arg-type]
        is_waiting = self.request.query_params.get("waiting", "").lower() in ("1", "true")
        return found.filter(settled_at=None) if is_waiting else found

    @extend_schema(
        operation_id="corrections_create", request=NewCorrectionSerializer, responses={201: CorrectionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Tell HR; HR is notified, and answers."""
        sent = NewCorrectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        reporter: Employee = request.user  # type: ignore[assignment]
        people = Employee.objects.visible_to(reporter)
        person = people.filter(public_id=sent.validated_data["employee"].replace("\x00", "")).first()
        if person is None:
            raise RefusedError(_("We did not find the person."), field="employee")
        correction = report_wrong(actor=reporter, employee=person, text=sent.validated_data["text"])
        return Response(CorrectionSerializer(correction).data, status=status.HTTP_201_CREATED)


class CorrectionAnswerView(APIView):
    """HR's answer to one of them."""

    @extend_schema(
        operation_id="corrections_answer", request=CorrectionAnswerSerializer, responses=CorrectionSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Answer whoever said it, and close the matter."""
        keeper: Employee = request.user  # type: ignore[assignment]
        require(keeper.has_perm("onboarding.answer_corrections"))
        correction = get_object_or_404(Correction.objects.to_answer(keeper), public_id=public_id)
        sent = CorrectionAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        settle_correction(actor=keeper, correction=correction, answer=sent.validated_data["answer"])
        return Response(CorrectionSerializer(Correction.objects.with_people().get(pk=correction.pk)).data)
