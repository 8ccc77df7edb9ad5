"""The API of where posts stand: sharing one on, taking it back, pinning it; and of the list of those I have saved."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import RefusedError
from core.pagination import PAGE_PARAMETERS, Cursor, next_address, page_size
from directory.models import Employee
from feed.actions import pin_post, share_post, unpin_post, unshare_post
from feed.finding import find_post
from feed.models import Placement
from feed.reading import load_posts
from feed.saved import read_saved
from feed.serializers import PlaceSerializer, PostPageSerializer, SharingSerializer
from groups.models import Group
from groups.serializers import GroupReferenceSerializer


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


class PostPlacesView(APIView):
    """The groups a post stands in."""

    @extend_schema(
        operation_id="posts_share", request=SharingSerializer, responses={201: GroupReferenceSerializer(many=True)}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Share a post from an open group into others of mine: into all of them, or none."""
        post = find_post(_me(request), public_id)
        taken = SharingSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        wanted = list(dict.fromkeys(taken.validated_data["groups"]))
        groups = list(Group.objects.visible_to(_me(request)).filter(public_id__in=wanted))
        if len(groups) < len(wanted):
            raise RefusedError(_("There is no such group."), field="groups", code="unknown_group")
        places = share_post(actor=_me(request), post=post, groups=groups)
        shared: Any = [place.group for place in places]
        return Response(GroupReferenceSerializer(shared, many=True).data, status=201)


class PostPlaceView(APIView):
    """A post in one group."""

    @extend_schema(operation_id="posts_pin", request=PlaceSerializer, responses={204: None})
    def patch(self, request: Request, public_id: str, group_id: str) -> Response:
        """Fasten it to the top of the group, or loosen it."""
        taken = PlaceSerializer(data=request.data)
        places = Placement.objects.standing().readable_by(_me(request))
        place = get_object_or_404(places, post__public_id=public_id, group__public_id=group_id)
        taken.is_valid(raise_exception=True)
        (pin_post if taken.validated_data["pinned"] else unpin_post)(actor=_me(request), placement=place)
        return Response(status=204)

    @extend_schema(operation_id="posts_unshare", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str, group_id: str) -> Response:
        """Take it out of a group I shared it with."""
        groups = list(Group.objects.visible_to(_me(request)).filter(public_id=group_id))
        if not unshare_post(actor=_me(request), post=find_post(_me(request), public_id), groups=groups):
            raise Http404
        return Response(status=204)


class SavedPostsView(APIView):
    """The posts I have saved."""

    @extend_schema(operation_id="saved_posts_list", parameters=PAGE_PARAMETERS, responses=PostPageSerializer)
    def get(self, request: Request) -> Response:
        """List those I may still read, saved last first."""
        cursor = Cursor.decode(request.query_params.get("cursor"))
        found = read_saved(_me(request), cursor, size=page_size(request))
        after = next_address(request, found.next_cursor)
        return Response(PostPageSerializer({"next": after, "results": load_posts(_me(request), found.items)}).data)
