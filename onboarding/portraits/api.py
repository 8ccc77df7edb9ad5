"""The API of pictures supplied by somebody else: `/api/v1/photo-proposals/`, and one's own answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import require
from directory.models import Employee
from directory.photos import SIZES
from directory.photos_api import AnyKind, PhotoSizeSerializer
from onboarding.models import PhotoProposal
from onboarding.portraits.actions import SECONDS, answer_proposal, propose_photos, withdraw_proposals
from onboarding.portraits.answers import proposed_photo_answer
from onboarding.portraits.sources import from_uploads


class ProposedPicturesSerializer(serializers.Serializer[Any]):
    """Pictures named by employee number, and ZIPs of them."""

    pictures = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class ProposedFileSerializer(serializers.Serializer[Any]):
    """A file that was not taken."""

    name = serializers.CharField()
    outcome = serializers.CharField()
    words = serializers.CharField(help_text="What became of it, in the caller's language.")
    reason = serializers.CharField()


class ProposalReportSerializer(serializers.Serializer[Any]):
    """What became of the files: how many of each outcome, and those that were not taken."""

    batch = serializers.CharField(help_text="Takes this round back.")
    total = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    not_taken = ProposedFileSerializer(many=True, source="lines")


class BatchSerializer(serializers.Serializer[Any]):
    """A round of pictures."""

    batch = serializers.CharField(max_length=40)


class WithdrawnSerializer(serializers.Serializer[Any]):
    """How many pictures were taken back."""

    withdrawn = serializers.IntegerField()


class MyProposalSerializer(serializers.Serializer[Any]):
    """A picture one is asked about."""

    proposed_at = serializers.DateTimeField()


class ProposalAnswerSerializer(serializers.Serializer[Any]):
    """Yes or no to it."""

    use = serializers.BooleanField()


class PhotoProposalsView(APIView):
    """Pictures brought in at once."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="photo_proposals_create",
        request={"multipart/form-data": ProposedPicturesSerializer},
        responses=ProposalReportSerializer,
    )
    def post(self, request: Request) -> Response:
        """Ask each person about the picture with their number. Nobody else sees it before the yes."""
        keeper = _keeper(request)
        sent = ProposedPicturesSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        files = from_uploads(sent.validated_data["pictures"])
        return Response(ProposalReportSerializer(propose_photos(actor=keeper, files=files, seconds=SECONDS)).data)


class WithdrawPhotoProposalsView(APIView):
    """Undo of a round."""

    @extend_schema(
        operation_id="photo_proposals_withdraw", request=BatchSerializer, responses={200: WithdrawnSerializer}
    )
    def post(self, request: Request) -> Response:
        """Erase what nobody has answered yet."""
        keeper = _keeper(request)
        sent = BatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        count = withdraw_proposals(actor=keeper, batch=sent.validated_data["batch"])
        return Response(WithdrawnSerializer({"withdrawn": count}).data)


class MyPhotoProposalView(APIView):
    """The picture one is asked about."""

    @extend_schema(operation_id="me_photo_proposal", responses=MyProposalSerializer)
    def get(self, request: Request) -> Response:
        """Tell that there is one; 404 where there is none."""
        proposal = PhotoProposal.objects.answerable().filter(employee=_me(request)).first()
        if proposal is None:
            raise Http404
        return Response(MyProposalSerializer(proposal).data)

    @extend_schema(operation_id="me_photo_proposal_answer", request=ProposalAnswerSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Use it as one's portrait, or have it erased."""
        sent = ProposalAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        answer_proposal(actor=_me(request), yes=sent.validated_data["use"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyProposedPhotoView(APIView):
    """That picture itself."""

    content_negotiation_class = AnyKind

    @extend_schema(
        operation_id="me_photo_proposal_picture",
        parameters=[OpenApiParameter("size", int, enum=SIZES, description="Width and height: 200 unless said.")],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return it as WebP, to the person alone; 404 where there is none."""
        asked = PhotoSizeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return proposed_photo_answer(_me(request), int(asked.validated_data["size"]))


def _keeper(request: Request) -> Employee:
    keeper = _me(request)
    require(keeper.has_perm("onboarding.import_photos"))
    return keeper


def _me(request: Request) -> Employee:
    employee: Employee = request.user  # type: ignore[assignment]
    return employee
