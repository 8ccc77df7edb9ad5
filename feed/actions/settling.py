from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.telling import tell_threads_page
from conversations.models import Comment
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee
from feed.actions.telling import tell_of_accepted_answer
from feed.models import Post


@transaction.atomic
def accept_answer(*, actor: Employee, post: Post, comment: Comment | None) -> None:
    """Say which comment settled the question, or with None that none did; its author is told.

    Raises PermissionDenied, HouseRulesRequiredError, and RefusedError when the post is no question or the comment
    stands elsewhere.
    """
    require(actor.has_perm("feed.settle_post", post))
    require_accepted(actor)
    if post.kind != Post.Kind.QUESTION:
        raise RefusedError(_("Only questions have an answer."), code="no_question")
    if comment and (comment.thread_id != post.thread_id or not comment.is_standing):
        raise RefusedError(_("The comment is no longer there."), code="gone")
    post.accepted_answer = comment
    post.save(update_fields=["accepted_answer"])
    tell_of_accepted_answer(post, actor)
    tell_threads_page(post.thread)


@transaction.atomic
def set_stand_in_filled(*, actor: Employee, post: Post, filled: bool) -> None:
    """Say that the stand-in has been found, or that one is needed again. Raises PermissionDenied or RefusedError."""
    require(actor.has_perm("feed.settle_post", post))
    require_accepted(actor)
    if post.kind != Post.Kind.STAND_IN:
        raise RefusedError(_("This post does not ask for a stand-in."), code="no_stand_in")
    post.filled_at = timezone.now() if filled else None
    post.save(update_fields=["filled_at"])
    tell_threads_page(post.thread)
