"""The API of polls: what may be told of one, my answer, closing my own."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from directory.models import Employee
from feed.actions import close_poll, take_back_vote, vote_in_poll
from feed.models import Poll, Post
from feed.poll_serializers import PollSerializer, VotesSerializer
from feed.reading import load_post


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _poll(request: Request, public_id: str) -> Poll:
    posts = Post.objects.visible_to(_me(request)).values("pk")
    return get_object_or_404(Poll.objects.select_related("post"), post__public_id=public_id, post__in=posts)


def _shown(request: Request, poll: Poll) -> dict[str, Any]:
    view = load_post(_me(request), poll.post)
    if view is None or view.poll is None:
        raise Http404
    return PollSerializer(view.poll).data


class PostPollView(APIView):
    """The poll of a post."""

    @extend_schema(operation_id="posts_poll_retrieve", responses=PollSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(_shown(request, _poll(request, public_id)))


class PollVotesView(APIView):
    """My answer to a poll."""

    @extend_schema(operation_id="posts_poll_votes_put", request=VotesSerializer, responses=PollSerializer)
    def put(self, request: Request, public_id: str) -> Response:
        poll = _poll(request, public_id)
        taken = VotesSerializer(data=request.data)
        taken.is_valid(raise_exception=True)
        vote_in_poll(actor=_me(request), poll=poll, choices=taken.validated_data["choices"])
        return Response(_shown(request, poll))

    @extend_schema(operation_id="posts_poll_votes_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        take_back_vote(actor=_me(request), poll=_poll(request, public_id))
        return Response(status=204)


class ClosePollView(APIView):
    """Closing my own poll before its time."""

    @extend_schema(operation_id="posts_poll_close", request=None, responses=PollSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        poll = _poll(request, public_id)
        close_poll(actor=_me(request), poll=poll)
        return Response(_shown(request, poll))
