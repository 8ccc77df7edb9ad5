"""The API of portraits: anybody's, and one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.actions import remove_photo, store_photo
from directory.models import Employee
from directory.photo_answers import photo_answer
from directory.photos import SIZES


class AnyKind(BaseContentNegotiation):
    """Whatever kinds of answer the caller names: a picture is a picture, a refusal is JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        first = next(iter(renderers))
        return first, first.media_type


class PhotoSizeSerializer(serializers.Serializer[Any]):
    """Which size is wanted."""

    size = serializers.ChoiceField(choices=SIZES, default=200)


class NewPhotoSerializer(serializers.Serializer[Any]):
    """A new portrait."""

    picture = serializers.FileField()


class EmployeePhotoView(APIView):
    """The portrait of a colleague."""

    content_negotiation_class = AnyKind

    @extend_schema(
        operation_id="employees_photo",
        parameters=[OpenApiParameter("size", int, enum=SIZES, description="Width and height: 200 unless said.")],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """Return the picture as WebP; 404 where there is none to show."""
        asked = PhotoSizeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return photo_answer(request, id, int(asked.validated_data["size"]))


class MyPhotoView(APIView):
    """One's own portrait."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="me_photo_replace", request={"multipart/form-data": NewPhotoSerializer}, responses={204: None}
    )
    def put(self, request: Request) -> Response:
        """Make the picture one's portrait: cut to a square, and with nothing in it but pixels."""
        sent = NewPhotoSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        employee: Employee = request.user  # type: ignore[assignment]
        store_photo(actor=employee, employee=employee, file=sent.validated_data["picture"])
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="me_photo_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take the portrait away."""
        employee: Employee = request.user  # type: ignore[assignment]
        remove_photo(actor=employee, employee=employee)
        return Response(status=status.HTTP_204_NO_CONTENT)
