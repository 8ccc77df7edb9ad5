"""What every operation here begins with: who asks, and which announcement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from announcements.models import Announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.serializers import DraftSerializer
from core.errors import RefusedError, require
from directory.models import Employee

# The API's own names for the fields of the bokmål text.
NAMES = {"title_nb": "title", "body_nb": "body"}


@contextmanager
def fields_as_sent() -> Iterator[None]:
    """Tell a refusal at the field as the API calls it."""
    try:
        yield
    except RefusedError as refusal:
        refusal.field = NAMES.get(refusal.field or "", refusal.field)
        raise


def person_of(request: Request) -> Employee:
    """Return whom the session or the token stands for."""
    assert isinstance(request.user, Employee)
    return request.user


def visible_to(person: Employee) -> AnnouncementQuerySet:
    """Return what the person may read, with sender, wording and the own receipt."""
    found = Announcement.objects.visible_to(person).with_sender().with_receipt_of(person)
    return found.with_deciders().select_related("updates", "superseded_by")


class OneView(APIView):
    """What is done to one announcement; what one may not see is 404."""

    def find(self, request: Request, public_id: str) -> Announcement:
        return get_object_or_404(visible_to(person_of(request)), public_id=public_id)

    def keep(self, request: Request, public_id: str) -> Announcement:
        """Find one the person keeps; one that is only for reading is 403."""
        found = self.find(request, public_id)
        require(person_of(request).has_perm("announcements.manage", found))
        return found

    def show(self, request: Request, announcement: Announcement, status: int = 200) -> Response:
        return show(request, announcement.pk, status)


def show(request: Request, pk: int, status: int = 200) -> Response:
    """Answer with an announcement as its keeper sees it."""
    found = visible_to(person_of(request)).get(pk=pk)
    return Response(DraftSerializer(found, context={"request": request}).data, status=status)
