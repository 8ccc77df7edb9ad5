"""Signing up, picking, and the leader's word."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from responses import actions
from responses import serializers as shapes
from responses.api.requests import FormView, person_of
from responses.models import SignUp
from responses.querysets import SignUpQuerySet


class OwnSignUp(FormView):
    """The person's own sign-up."""

    @extend_schema(
        operation_id="answer_form_sign_up",
        request=shapes.WriteSignUpSerializer,
        responses={201: shapes.OwnSignUpSerializer},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Sign up: with a place, or on the waiting list."""
        form = self.find(request, public_id)
        note = self.sent(shapes.WriteSignUpSerializer, request)["note"]
        mine = actions.sign_up(actor=person_of(request), form=form, note=note)
        return Response(shapes.OwnSignUpSerializer(mine).data, status=201)

    @extend_schema(operation_id="answer_form_withdraw", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Withdraw."""
        actions.withdraw_sign_up(actor=person_of(request), form=self.find(request, public_id))
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        operation_id="answer_form_sign_ups", parameters=[OpenApiParameter("state", enum=SignUp.State.values)]
    )
)
class SignUps(FormView, generics.ListAPIView[SignUp]):
    """Everyone who has signed up, for those who keep the form. Protected people are left out."""

    serializer_class = shapes.SignUpSerializer
    queryset = SignUp.objects.none()

    def get_queryset(self) -> SignUpQuerySet:
        form = self.keep(self.request, self.kwargs["public_id"])
        found = SignUp.objects.filter(form=form, employee__protected=False).with_people()
        state = self.request.query_params.get("state", "")
        return found.filter(state=state) if state in SignUp.State.values else found


class Pick(FormView):
    """Choose a volunteer; the leader is asked."""

    @extend_schema(
        operation_id="answer_form_pick", request=shapes.OneSignUpSerializer, responses=shapes.SignUpSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        form = self.keep(request, public_id)
        wanted = self.sent(shapes.OneSignUpSerializer, request)["sign_up"]
        one = get_object_or_404(form.sign_ups.select_related("form"), public_id=wanted)
        return Response(shapes.SignUpSerializer(actions.pick_volunteer(actor=person_of(request), sign_up=one)).data)


@extend_schema_view(get=extend_schema(operation_id="answer_form_own_people"))
class OwnPeople(FormView, generics.ListAPIView[SignUp]):
    """The leader's own people who have been picked; the leader need not have got the announcement."""

    serializer_class = shapes.LeaderSignUpSerializer
    queryset = SignUp.objects.none()

    def get_queryset(self) -> SignUpQuerySet:
        asked = self._asked()
        get_object_or_404(asked[:1])
        return asked.with_people()

    def _asked(self) -> SignUpQuerySet:
        mine = SignUp.objects.led_by(person_of(self.request))
        return mine.filter(form__announcement__public_id=self.kwargs["public_id"])

    @extend_schema(
        operation_id="answer_form_answer_for",
        request=shapes.LeaderAnswerSerializer,
        responses=shapes.LeaderSignUpSerializer,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Say yes, or not now: assigned, or the place goes to the next."""
        asked = self._asked()
        if not asked.exists():
            self.find(request, public_id)
        sent = self.sent(shapes.LeaderAnswerSerializer, request)
        one = get_object_or_404(asked.select_related("form"), public_id=sent["sign_up"])
        one = actions.answer_for_volunteer(actor=person_of(request), sign_up=one, approve=sent["approve"])
        return Response(shapes.LeaderSignUpSerializer(one).data)
