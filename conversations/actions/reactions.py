from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.actions.telling import take_back_telling, tell_of_reaction
from conversations.models import Comment, Reaction, Thread
from core.errors import RefusedError, require
from directory.house_rules import require_accepted
from directory.models import Employee


@transaction.atomic
def react(*, actor: Employee, thread: Thread, comment: Comment | None = None, kind: str) -> Reaction:
    """React to what the thread belongs to, or to `comment`; a reaction already given is changed. Returns it.

    Raises PermissionDenied, HouseRulesRequiredError, and RefusedError for a kind that does not exist.
    """
    require(actor.has_perm("conversations.react", thread))
    require_accepted(actor)
    if kind not in Reaction.Kind.values:
        raise RefusedError(_("Choose one of the five reactions."), field="kind", code="unknown_kind")
    _require_same(thread, comment)
    reaction, created = Reaction.objects.update_or_create(
        thread=thread, comment=comment, employee=actor, defaults={"kind": kind}
    )
    if created:
        tell_of_reaction(reaction)
    return reaction


@transaction.atomic
def take_back_reaction(*, actor: Employee, thread: Thread, comment: Comment | None = None) -> None:
    """Take back one's own reaction, if there is one. Raises PermissionDenied where the thread may not be seen."""
    require(actor.has_perm("conversations.see", thread))
    _require_same(thread, comment)
    for reaction in Reaction.objects.on(thread, comment).filter(employee=actor):
        take_back_telling(reaction)
        reaction.delete()


def _require_same(thread: Thread, comment: Comment | None) -> None:
    if comment and (comment.thread_id != thread.pk or comment.deleted_at):
        raise RefusedError(_("The comment is no longer there."), code="gone")
