"""The API of posts: my feed, one post, its comments, my reaction to it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations.actions import (
    add_comment,
    close_comments,
    delete_comment,
    edit_comment,
    open_comments,
    react,
    take_back_reaction,
)
from conversations.files import Upload
from conversations.finding import find_comment
from conversations.models import Comment
from conversations.reading import CommentView, view_comments
from conversations.tallies import Tally, tally_reactions
from core.errors import RefusedError
from core.pagination import PAGE_PARAMETERS, next_address, page_size
from core.parsers import JSONParser
from directory.models import Employee, OrgUnit
from feed.actions import (
    PollFacts,
    accept_answer,
    delete_post,
    edit_post,
    publish_post,
    publish_to_line,
    set_stand_in_filled,
)
from feed.cursors import FeedCursor
from feed.finding import find_post
from feed.home import read_feed
from feed.models import PlannedPlacement, Post
from feed.planned_serializers import PlannedPostSerializer
from feed.reading import PostView, load_post, load_posts
from feed.serializers import (
    CommentSerializer,
    NewCommentSerializer,
    NewPostSerializer,
    PostChangeSerializer,
    PostPageSerializer,
    PostSerializer,
    ReactionSerializer,
    TallySerializer,
    TextSerializer,
)
from groups.models import Group


def _me(request: Request) -> Employee:
    assert isinstance(request.user, Employee)
    return request.user


def _shown(request: Request, post: Post) -> PostView:
    view = load_post(_me(request), post)
    if view is None:
        raise Http404
    return view


def _read(serializer: type[Any], request: Request) -> dict[str, Any]:
    taken = serializer(data=request.data)
    taken.is_valid(raise_exception=True)
    data: dict[str, Any] = taken.validated_data
    return data


class PostsView(APIView):
    """The posts of my groups, newest first; publishing one."""

    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="posts_list", parameters=PAGE_PARAMETERS, responses=PostPageSerializer)
    def get(self, request: Request) -> Response:
        cursor = FeedCursor.decode(request.query_params.get("cursor", ""))
        page = read_feed(_me(request), cursor, unread_first=False, size=page_size(request))
        after = next_address(request, page.next_cursor.encode() if page.next_cursor else None)
        results = load_posts(_me(request), page.placement_ids)
        return Response(PostPageSerializer({"next": after, "results": results}).data)

    @extend_schema(
        operation_id="posts_create",
        request=NewPostSerializer,
        responses={201: PostSerializer, 202: PlannedPostSerializer(many=True)},
    )
    def post(self, request: Request) -> Response:
        taken = _read(NewPostSerializer, request)
        texts = taken.get("alternative_text", [])
        uploads = [
            Upload(file, file.name or "", texts[place] if place < len(texts) else "")
            for place, file in enumerate(taken.get("pictures", []))
        ]
        content: dict[str, Any] = {
            "text": taken["text"],
            "kind": taken["kind"],
            "mentioned": taken.get("mentioned", []),
            "uploads": uploads,
            "thanked": self._thanked(request, taken.get("thanked")),
            "poll": PollFacts(**taken["poll"]) if taken.get("poll") else None,
            "publish_at": taken.get("publish_at"),
            "ends_at": taken.get("ends_at"),
        }
        if "unit" in taken:
            post = publish_to_line(actor=_me(request), unit=self._unit(taken["unit"]), **content)
        else:
            places = dict.fromkeys([taken["group"], *taken.get("also", [])])
            groups = [self._group(request, each) for each in places]
            post = publish_post(actor=_me(request), groups=groups, **content)
        if not post.placements.exists():
            waiting: Any = PlannedPlacement.objects.filter(post=post).with_parts()
            return Response(PlannedPostSerializer(waiting, many=True).data, status=202)
        return Response(PostSerializer(_shown(request, post)).data, status=201)

    @staticmethod
    def _group(request: Request, public_id: str) -> Group:
        group = Group.objects.visible_to(_me(request)).filter(public_id=public_id).first()
        if group is None:
            raise RefusedError(_("There is no such group."), field="group", code="unknown_group")
        return group

    @staticmethod
    def _unit(public_id: str) -> OrgUnit:
        unit = OrgUnit.objects.active().filter(public_id=public_id).first()
        if unit is None:
            raise RefusedError(_("There is no such unit."), field="unit", code="unknown_unit")
        return unit

    @staticmethod
    def _thanked(request: Request, public_id: str | None) -> Employee | None:
        if not public_id:
            return None
        people = Employee.objects.visible_to(_me(request)).active().filter(protected=False, public_id=public_id)
        thanked: Employee | None = people.first()
        if thanked is None:
            raise RefusedError(_("There is no such colleague."), field="thanked", code="unknown_person")
        return thanked


class OnePostView(APIView):
    """One post."""

    @extend_schema(operation_id="posts_retrieve", responses=PostSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(PostSerializer(_shown(request, find_post(_me(request), public_id))).data)

    @extend_schema(operation_id="posts_update", request=PostChangeSerializer, responses=PostSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        """Correct the text, say which answer settled it, whether the stand-in was found, and who may comment."""
        post, taken = find_post(_me(request), public_id), _read(PostChangeSerializer, request)
        with transaction.atomic():
            if "text" in taken:
                edit_post(actor=_me(request), post=post, text=taken["text"], mentioned=taken.get("mentioned", []))
            if "accepted_answer" in taken:
                accept_answer(actor=_me(request), post=post, comment=_answer(post, taken["accepted_answer"]))
            if "filled" in taken:
                set_stand_in_filled(actor=_me(request), post=post, filled=taken["filled"])
            if "comments_open" in taken:
                set_open = open_comments if taken["comments_open"] else close_comments
                set_open(actor=_me(request), thread=post.thread)
        return Response(PostSerializer(_shown(request, post)).data)

    @extend_schema(operation_id="posts_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        delete_post(actor=_me(request), post=find_post(_me(request), public_id))
        return Response(status=204)


class PostCommentsView(GenericAPIView[Comment]):
    """What is said under a post, newest first; answering it."""

    queryset = Comment.objects.none()

    @extend_schema(operation_id="posts_comments_list", responses=CommentSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        comments = Comment.objects.standing().filter(thread=find_post(_me(request), public_id).thread)
        rows = self.paginate_queryset(comments.with_parts().select_related("author", "parent", "thread")) or []
        shown: Any = view_comments(_me(request), rows)
        return self.get_paginated_response(CommentSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="posts_comments_create", request=NewCommentSerializer, responses={201: CommentSerializer}
    )
    def post(self, request: Request, public_id: str) -> Response:
        thread, taken = find_post(_me(request), public_id).thread, _read(NewCommentSerializer, request)
        parent = None
        if taken.get("parent"):
            parent = thread.comments.standing().filter(public_id=taken["parent"]).first()
            if parent is None:
                raise RefusedError(_("The comment you answer is no longer there."), field="parent", code="gone")
        comment = add_comment(
            actor=_me(request),
            thread=thread,
            text=taken["text"],
            parent=parent,
            mentioned=taken.get("mentioned", []),
        )
        return Response(CommentSerializer(_comment_view(request, comment)).data, status=201)


class PostReactionsView(APIView):
    """My reaction to a post: one at a time."""

    @extend_schema(operation_id="posts_reactions_put", request=ReactionSerializer, responses=TallySerializer)
    def put(self, request: Request, public_id: str) -> Response:
        thread = find_post(_me(request), public_id).thread
        react(actor=_me(request), thread=thread, kind=_read(ReactionSerializer, request)["kind"])
        tallies = tally_reactions(_me(request), [thread.pk], [])
        return Response(TallySerializer(tallies.get(("thread", thread.pk), Tally())).data)

    @extend_schema(operation_id="posts_reactions_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        take_back_reaction(actor=_me(request), thread=find_post(_me(request), public_id).thread)
        return Response(status=204)


class CommentReactionsView(APIView):
    """My reaction to a comment: one at a time."""

    @extend_schema(operation_id="comments_reactions_put", request=ReactionSerializer, responses=TallySerializer)
    def put(self, request: Request, public_id: str) -> Response:
        comment = find_comment(_me(request), public_id)
        react(
            actor=_me(request),
            thread=comment.thread,
            comment=comment,
            kind=_read(ReactionSerializer, request)["kind"],
        )
        tallies = tally_reactions(_me(request), [], [comment.pk])
        return Response(TallySerializer(tallies.get(("comment", comment.pk), Tally())).data)

    @extend_schema(operation_id="comments_reactions_delete", request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        comment = find_comment(_me(request), public_id)
        take_back_reaction(actor=_me(request), thread=comment.thread, comment=comment)
        return Response(status=204)


class OneCommentView(APIView):
    """One comment under anything I may see."""

    @extend_schema(operation_id="comments_retrieve", responses=CommentSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        return Response(CommentSerializer(_comment_view(request, find_comment(_me(request), public_id))).data)

    @extend_schema(operation_id="comments_update", request=TextSerializer, responses=CommentSerializer)
    def patch(self, request: Request, public_id: str) -> Response:
        comment = find_comment(_me(request), public_id)
        edit_comment(actor=_me(request), comment=comment, text=_read(TextSerializer, request)["text"])
        return Response(CommentSerializer(_comment_view(request, comment)).data)

    @extend_schema(operation_id="comments_delete", responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        delete_comment(actor=_me(request), comment=find_comment(_me(request), public_id))
        return Response(status=204)


def _answer(post: Post, public_id: str | None) -> Comment | None:
    if not public_id:
        return None
    found = post.thread.comments.standing().filter(public_id=public_id).first()
    if found is None:
        raise RefusedError(_("The comment is no longer there."), field="accepted_answer", code="gone")
    return found


def _comment_view(request: Request, comment: Comment) -> CommentView:
    row = Comment.objects.with_parts().select_related("author", "parent", "thread").get(pk=comment.pk)
    return view_comments(_me(request), [row])[0]
