"""The API of what comes after writing: what a post said before, undoing a deletion, reporting what should not stand."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.actions import report, restore_comment
from conversations.finding import find_comment
from conversations.models import Comment, Thread
from conversations.report_serializers import NewReportSerializer, ReportSerializer
from conversations.reports_api import show_report
from core.errors import require
from directory.models import Employee
from feed.actions import restore_post
from feed.finding import find_post
from feed.models import Post, PostRevision
from feed.reading import may_read_history
from feed.serializers import RevisionSerializer


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


class PostHistoryView(GenericAPIView[PostRevision]):
    """What a post said before, the last first."""

    queryset = PostRevision.objects.none()

    @extend_schema(operation_id="posts_history", responses=RevisionSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """For its author, and for those who look after its place."""
        post = find_post(_me(request), public_id)
        if not may_read_history(_me(request), post):
            raise Http404
        rows: Any = self.paginate_queryset(PostRevision.objects.filter(post=post)) or []
        return self.get_paginated_response(RevisionSerializer(rows, many=True).data)


class PostRestoreView(APIView):
    """Undoing one's own deletion of a post."""

    @extend_schema(operation_id="posts_restore", request=None, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Bring it back: for who deleted it, for ten minutes."""
        restore_post(actor=_me(request), post=get_object_or_404(Post, public_id=public_id, deleted_by=_me(request)))
        return Response(status=204)


class CommentRestoreView(APIView):
    """Undoing one's own deletion of a comment."""

    @extend_schema(operation_id="comments_restore", request=None, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Bring it back: for who deleted it, for ten minutes."""
        threads = Thread.objects.visible_to(_me(request)).values("pk")
        mine = Comment.objects.filter(thread__in=threads, deleted_by=_me(request)).select_related("thread")
        restore_comment(actor=_me(request), comment=get_object_or_404(mine, public_id=public_id))
        return Response(status=204)


class PostReportsView(APIView):
    """Saying that a post should not stand."""

    @extend_schema(operation_id="posts_report", request=NewReportSerializer, responses={201: ReportSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Report it; what tells something about a citizen is hidden at once."""
        return _report(request, find_post(_me(request), public_id).thread, None)


class CommentReportsView(APIView):
    """Saying that a comment should not stand."""

    @extend_schema(operation_id="comments_report", request=NewReportSerializer, responses={201: ReportSerializer})
    def post(self, request: Request, public_id: str) -> Response:
        """Report it; what tells something about a citizen is hidden at once."""
        comment = find_comment(_me(request), public_id)
        require(comment.author_id != _me(request).pk)
        return _report(request, comment.thread, comment)


def _report(request: Request, thread: Thread, comment: Comment | None) -> Response:
    taken = NewReportSerializer(data=request.data)
    taken.is_valid(raise_exception=True)
    made = report(actor=_me(request), thread=thread, comment=comment, **taken.validated_data)
    return Response(show_report(_me(request), made.public_id), status=201)
