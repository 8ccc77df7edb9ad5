"""What every operation here begins with: who asks, and which form, unit or need."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.errors import require
from directory.models import Employee, OrgUnit
from responses import serializers as shapes
from responses.models import AnswerForm, Need
from responses.reading import own_sign_up, read_answering


def person_of(request: Request) -> Employee:
    """Return whom the session or the token stands for."""
    assert isinstance(request.user, Employee)
    return request.user


class FormView(APIView):
    """What is done to one form; what one may not see is 404."""

    def find(self, request: Request, public_id: str) -> AnswerForm:
        """Return a form the person may see."""
        visible = AnswerForm.objects.visible_to(person_of(request)).with_announcement()
        return get_object_or_404(visible, announcement__public_id=public_id)

    def keep(self, request: Request, public_id: str) -> AnswerForm:
        """Return a form the person keeps; one only for reading is 403."""
        form = self.find(request, public_id)
        require(person_of(request).has_perm("responses.manage", form))
        return form

    def sent(self, shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
        """Return what was sent, checked."""
        data = shape(data=request.data)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def show(self, request: Request, form: AnswerForm, status: int = 200) -> Response:
        """Answer with the form as it stands to the person now."""
        form = AnswerForm.objects.with_announcement().get(pk=form.pk)
        return Response(shapes.AnswerFormSerializer(facts_of(person_of(request), form)).data, status=status)


def facts_of(person: Employee, form: AnswerForm) -> Any:
    """Return what `person` may know of the form: it, the own part, and the counts for who keeps it."""
    own = read_answering(person, form) if form.kind == AnswerForm.Kind.NEEDS else []
    counts: dict[str, int] | None = None
    if person.has_perm("responses.manage", form):
        needs = Need.objects.filter(service__form=form)
        counts = needs.counts() if form.kind == AnswerForm.Kind.NEEDS else form.sign_ups.counts()
    names = ("kind", "introduction", "level", "own_question_1", "own_question_2", "places", "deadline_at", "closed_at")
    return {name: getattr(form, name) for name in names} | {
        "stop": form.stop,
        "services": [each.view for each in own],
        "needs": [need for each in own for need in each.needs],
        "sign_up": own_sign_up(person, form),
        "counts": counts,
    }


def find_unit(public_id: str) -> OrgUnit:
    """Return the unit. Raises Http404."""
    return get_object_or_404(OrgUnit.objects.active().select_related("leader"), public_id=public_id)


def find_need(form: AnswerForm, public_id: str) -> Need:
    """Return the need of this form. Raises Http404."""
    needs = Need.objects.filter(service__form=form).select_related("service__form", "service__unit")
    return get_object_or_404(needs, public_id=public_id)
