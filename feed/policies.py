"""Who may do what with a post. Writing one is `groups.write` of the group; reading is `visible_to`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from core.policies import allowed, policy
from directory.models import Employee
from feed.models import Placement, Post
from groups.models import Group


def _visible(employee: Employee) -> Q:
    return Q(pk__in=Post.objects.visible_to(employee).values("pk"))


def _stands_where(employee: Employee, verb: str) -> Q:
    groups = allowed(Group.objects.all(), employee, verb).values("pk")
    return Q(Exists(Placement.objects.filter(group__in=groups, post=OuterRef("pk"))))


@policy("feed.edit_post")
def edit_post(employee: Employee) -> Q:
    """Authors correct their own words, in groups where they may still write."""
    return Q(author=employee) & _visible(employee) & _stands_where(employee, "groups.comment")


@policy("feed.delete_post")
def delete_post(employee: Employee) -> Q:
    """Authors take back their own; moderators take down what stands in their group."""
    return _visible(employee) & (Q(author=employee) | _stands_where(employee, "groups.moderate"))


@policy("feed.restore_post")
def restore_post(employee: Employee) -> Q:
    """Whoever deleted it undoes that, while still a member."""
    return Q(deleted_by=employee, deleted_at__isnull=False) & _stands_where(employee, "groups.comment")


@policy("feed.settle_post")
def settle_post(employee: Employee) -> Q:
    """The author, or a moderator, says which answer settled a question and whether a stand-in was found."""
    mine = Q(author=employee) & _stands_where(employee, "groups.comment")
    moderated = Placement.objects.home().moderated_by(employee).filter(post=OuterRef("pk"))
    return _visible(employee) & (mine | Q(Exists(moderated)))


@policy("feed.share_post")
def share_post(employee: Employee) -> Q:
    """What stands in an open group may be shared on. What a closed or secret group says stays there."""
    return _visible(employee) & Q(Exists(Placement.objects.open().filter(post=OuterRef("pk"))))


@policy("feed.pin")
def pin(employee: Employee) -> Q:
    """Moderators fasten posts to the top of their group."""
    return Q(group__in=allowed(Group.objects.all(), employee, "groups.moderate").values("pk"))
