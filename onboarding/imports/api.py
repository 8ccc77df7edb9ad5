"""The API of imports: `/api/v1/imports/`."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from core.pagination import CursorPagination
from directory.models import Employee
from onboarding.imports import actions
from onboarding.imports.applying import WORKING
from onboarding.imports.presenting import leavers_of
from onboarding.imports.serializers import (
    ApplySerializer,
    FindingSerializer,
    ImportRunSerializer,
    LeaverSerializer,
    RowSerializer,
    UploadSerializer,
)
from onboarding.imports.unattended import take_file
from onboarding.models import ImportFinding, ImportRecord, ImportRun


class ByRecord(CursorPagination):
    """Findings in the order of the file."""

    ordering = ("record", "id")


class ByName(CursorPagination):
    """People in the order of their names."""

    ordering = ("sort_key", "id")


def _runs(request: Request) -> Any:
    actor = _actor(request)
    require(actor.has_perm("directory.import_people"))
    return ImportRun.objects.visible_to(actor).told().select_related("scope")


def _actor(request: Request) -> Employee:
    return cast(Employee, request.user)


class ImportsView(generics.ListAPIView[ImportRun]):
    """All runs, the newest first; or a new one."""

    serializer_class = ImportRunSerializer
    parser_classes = (MultiPartParser,)
    queryset = ImportRun.objects.none()

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else _runs(self.request)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportRunSerializer})
    def post(self, request: Request) -> Response:
        """Check a file, and with `apply` bring it in at once. A worker does the long ones: ask again for `state`."""
        asked = UploadSerializer(data=request.data)
        require(_actor(request).has_perm("directory.import_people"))
        asked.is_valid(raise_exception=True)
        upload, said = asked.validated_data["file"], asked.validated_data
        facts: dict[str, Any] = {
            "actor": _actor(request),
            "file": upload.file,
            "file_name": upload.name,
            "is_delta": said["delta"],
            "scope": said["scope"],
            "creates_units": said["create_units"],
            "source": said["source"],
            "headings": said["headings"],
        }
        if said["apply"]:
            run = take_file(confirm_leavers=said["confirm_leavers"], **facts)
        else:
            run = actions.check_import(**facts)
        return Response(ImportRunSerializer(run).data, status=status.HTTP_201_CREATED)


class ImportView(generics.RetrieveDestroyAPIView[ImportRun]):
    """One run; DELETE throws away a file that was never added."""

    serializer_class = ImportRunSerializer
    lookup_field = "public_id"
    queryset = ImportRun.objects.none()

    def get_queryset(self) -> Any:
        return self.queryset if getattr(self, "swagger_fake_view", False) else _runs(self.request)

    def perform_destroy(self, instance: ImportRun) -> None:
        actions.discard_import(actor=_actor(self.request), run=instance)


class FindingsView(generics.ListAPIView[ImportFinding]):
    """What was found in the rows of a run, in the order of the file."""

    serializer_class = FindingSerializer
    pagination_class = ByRecord
    queryset = ImportFinding.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        run = get_object_or_404(_runs(self.request), public_id=self.kwargs["public_id"])
        return run.findings.shown_to(_actor(self.request), run.records.all())


class RowsView(generics.ListAPIView[ImportRecord]):
    """The rows of a checked run and what each would change; rows of protected people for HR alone."""

    serializer_class = RowSerializer
    pagination_class = ByRecord
    queryset = ImportRecord.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        run = get_object_or_404(_runs(self.request), public_id=self.kwargs["public_id"])
        return run.records.shown_to(_actor(self.request))


class LeavingView(generics.ListAPIView[Employee]):
    """Who would leave by a checked run, or has left by one applied; of those whom one may find."""

    serializer_class = LeaverSerializer
    pagination_class = ByName
    queryset = Employee.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        run = get_object_or_404(_runs(self.request), public_id=self.kwargs["public_id"])
        return leavers_of(run, _actor(self.request))


class ApplyView(APIView):
    """Bring a checked run in."""

    @extend_schema(request=ApplySerializer, responses={200: ImportRunSerializer, 202: ImportRunSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Apply the run. 202 means that a worker does it: ask again until `state` tells what became of it."""
        run = get_object_or_404(_runs(request), public_id=public_id)
        asked = ApplySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.ask_for_application(
            actor=_actor(request),
            run=run,
            confirm_leavers=asked.validated_data["confirm_leavers"],
            skips_warnings=asked.validated_data["skip_warnings"],
        )
        code = status.HTTP_202_ACCEPTED if run.state in WORKING else status.HTTP_200_OK
        return Response(ImportRunSerializer(run).data, status=code)


class UndoView(APIView):
    """Take a run back."""

    @extend_schema(request=None, responses={200: ImportRunSerializer, 202: ImportRunSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Undo an applied run within 24 hours. People changed since stay: `summary.undone` counts and names them."""
        run = get_object_or_404(_runs(request), public_id=public_id)
        actions.undo_import(actor=_actor(request), run=run)
        code = status.HTTP_202_ACCEPTED if run.state in WORKING else status.HTTP_200_OK
        return Response(ImportRunSerializer(run).data, status=code)
