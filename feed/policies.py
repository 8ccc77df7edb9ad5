"""Who may do what with a post. Writing one is `groups.write` of the group; reading is `visible_to`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from core.policies import allowed, policy
from directory.models import Employee
from feed.models import Placement, Post
from feed.querysets import has_addressed, in_line_of, leads_line
from groups.models import Group


def _visible(employee: Employee) -> Q:
    return Q(pk__in=Post.objects.visible_to(employee).values("pk"))


def _stands_where(employee: Employee, verb: str) -> Q:
    """In a group where `employee` may do `verb`, or in a line where that is theirs as well."""
    groups = allowed(Group.objects.all(), employee, verb).values("pk")
    line = leads_line(employee) | has_addressed(employee) if verb == "groups.moderate" else in_line_of(employee)
    places = Placement.objects.filter(Q(group__in=groups) | line)
    return Q(Exists(places.filter(post=OuterRef("pk"))))


@policy("feed.write_to_line")
def write_to_line(employee: Employee) -> Q:
    """Leaders, acting ones too, write to the units they lead and to those below."""
    led = Q(pk__in=[])
    for path in employee.led_paths:
        led |= Q(path__startswith=path)
    return Q(ended_date__isnull=True) & led


@policy("feed.see_post", kept=True)
def see_post(employee: Employee) -> Q:
    """Whoever may read one of the places where it stands."""
    return _visible(employee)


@policy("feed.edit_post", kept=True)
def edit_post(employee: Employee) -> Q:
    """Authors correct their own words, in groups where they may still write."""
    return Q(author=employee) & _visible(employee) & _stands_where(employee, "groups.comment")


@policy("feed.delete_post", kept=True)
def delete_post(employee: Employee) -> Q:
    """Authors take back their own; moderators take down what stands in their group."""
    return _visible(employee) & (Q(author=employee) | _stands_where(employee, "groups.moderate"))


@policy("feed.restore_post", kept=True)
def restore_post(employee: Employee) -> Q:
    """Whoever deleted it undoes that, while still a member."""
    return Q(deleted_by=employee, deleted_at__isnull=False) & _stands_where(employee, "groups.comment")


@policy("feed.settle_post", kept=True)
def settle_post(employee: Employee) -> Q:
    """The author, or a moderator, says which answer settled a question and whether a stand-in was found."""
    mine = Q(author=employee) & _stands_where(employee, "groups.comment")
    moderated = Placement.objects.home().moderated_by(employee).filter(post=OuterRef("pk"))
    return _visible(employee) & (mine | Q(Exists(moderated)))


@policy("feed.share_post", kept=True)
def share_post(employee: Employee) -> Q:
    """What stands in an open group may be shared on. What a closed or secret group says stays there."""
    return _visible(employee) & Q(Exists(Placement.objects.open().filter(post=OuterRef("pk"))))


@policy("feed.see_readers")
def see_readers(employee: Employee) -> Q:
    """Members of a closed or secret group that shows its members who has seen a post; never in open groups."""
    named = Q(group__seen_by=Group.SeenBy.NAMES) & ~Q(group__privacy=Group.Privacy.OPEN)
    return named & Q(group__in=Group.objects.of_member(employee).values("pk"))


@policy("feed.follow_person")
def follow_person(employee: Employee) -> Q:
    """Anyone who works here but oneself, and those with a protected address."""
    return Q(is_active=True, kind=Employee.Kind.PERSON, protected=False) & ~Q(pk=employee.pk)


@policy("feed.pin")
def pin(employee: Employee) -> Q:
    """Moderators fasten posts to the top of their group."""
    return Q(group__in=allowed(Group.objects.all(), employee, "groups.moderate").values("pk"))


@policy("feed.vote", kept=True)
def vote(employee: Employee) -> Q:
    """Whoever may answer a post may answer its poll."""
    answerable = Placement.objects.standing().answerable_by(employee).filter(post=OuterRef("post"))
    return Q(post__in=Post.objects.visible_to(employee).values("pk")) & Q(Exists(answerable))


@policy("feed.close_poll", kept=True)
def close_poll(employee: Employee) -> Q:
    """Authors close their own polls, where they may still write."""
    mine = Post.objects.visible_to(employee).filter(author=employee).filter(_stands_where(employee, "groups.comment"))
    return Q(post__in=mine.values("pk"))


@policy("feed.decide_planned")
def decide_planned(employee: Employee) -> Q:
    """Moderators let out, or send back, what waits in their group; never their own."""
    moderated = allowed(Group.objects.all(), employee, "groups.moderate").values("pk")
    return Q(needs_approval=True, returned_at=None, group__in=moderated) & ~Q(post__author=employee)
