"""Who may do what in a thread. The thread's owner decides; here the answers of all owners become one rule."""

from __future__ import annotations

from django.db.models import Q

from conversations.models import Report, Thread
from conversations.owners import any_owner
from conversations.querysets import STANDING
from core.policies import policy
from directory.models import Employee


def _threads(condition: Q) -> Q:
    return Q(thread__in=Thread.objects.filter(condition).values("pk"))


@policy("conversations.see", kept=True)
def see(employee: Employee) -> Q:
    """Whoever may see what the thread belongs to."""
    return any_owner(employee, "visible_to")


@policy("conversations.comment", kept=True)
def comment(employee: Employee) -> Q:
    """Those the owner lets answer, while the thread is open for it."""
    return Q(comments_open=True) & see(employee) & any_owner(employee, "may_comment")


@policy("conversations.react", kept=True)
def react(employee: Employee) -> Q:
    """Those the owner lets react."""
    return see(employee) & any_owner(employee, "may_react")


@policy("conversations.moderate", kept=True)
def moderate(employee: Employee) -> Q:
    """Those who look after the place the thread stands in."""
    return see(employee) & any_owner(employee, "may_moderate")


@policy("conversations.close_comments", kept=True)
def close_comments(employee: Employee) -> Q:
    """Those who wrote what the thread belongs to, and those who look after the place; they open it again too."""
    return see(employee) & (any_owner(employee, "written_by") | any_owner(employee, "may_moderate"))


@policy("conversations.decide_report")
def decide_report(employee: Employee) -> Q:
    """Those who look after the place, of hidden things too; never of their own words."""
    return Q(pk__in=Report.objects.decidable_by(employee).values("pk"))


@policy("conversations.edit_comment", kept=True)
def edit_comment(employee: Employee) -> Q:
    """Everyone corrects their own words, where they may still write."""
    return Q(author=employee) & STANDING & _threads(comment(employee))


@policy("conversations.delete_comment", kept=True)
def delete_comment(employee: Employee) -> Q:
    """Everyone takes back their own words; moderators take down those of others."""
    own = Q(author=employee) & _threads(see(employee))
    return STANDING & (own | _threads(moderate(employee)))


@policy("conversations.restore_comment", kept=True)
def restore_comment(employee: Employee) -> Q:
    """Whoever deleted it undoes that."""
    return Q(deleted_by=employee, deleted_at__isnull=False) & _threads(see(employee))
