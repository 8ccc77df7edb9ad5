"""The API of one-time codes, for leaders and superusers about their own people. No key makes a way in for others."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.policies import allowed
from directory.models import Employee
from onboarding.models import SignInCode
from onboarding.sign_in_codes.actions import give_code, withdraw_codes
from onboarding.sign_in_codes.codes import shown


class SignInCodeSerializer(serializers.Serializer[Any]):
    """The code that stands; `code` itself is told once, in the answer that makes it."""

    made_at = serializers.DateTimeField(source="issued_at")
    opens_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class NewSignInCodeSerializer(SignInCodeSerializer):
    """A code just made."""

    code = serializers.CharField()


class SignInCodeView(APIView):
    """The one-time code of one of the own people. They are told of it on every road."""

    @extend_schema(operation_id="sign_in_code_retrieve", responses=SignInCodeSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Show when the standing code works; never the code."""
        person = _helped(request, public_id)
        code = get_object_or_404(SignInCode.objects.open(), employee=person)
        return Response(SignInCodeSerializer(code).data)

    @extend_schema(operation_id="sign_in_code_create", request=None, responses={201: NewSignInCodeSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Make a code to hand over; earlier ones are worthless from now on. By a person alone, never by a key."""
        person = _helped(request, public_id)
        if request.auth is not None:
            raise PermissionDenied(_("A code is handed over by a person who is signed in."))
        code = give_code(actor=_me(request), employee=person)
        made = SignInCode.objects.open().get(employee=person)
        told = SignInCodeSerializer(made).data | {"code": shown(code)}
        return Response(told, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="sign_in_code_destroy", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Make the code worthless."""
        withdraw_codes(actor=_me(request), employee=_helped(request, public_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _helped(request: Request, public_id: str) -> Employee:
    people = allowed(Employee.objects.people(), _me(request), "onboarding.give_sign_in_codes")
    person: Employee = get_object_or_404(people, public_id=public_id.replace("\x00", ""))
    return person


def _me(request: Request) -> Employee:
    me: Employee = request.user  # type: ignore[assignment]
    return me
