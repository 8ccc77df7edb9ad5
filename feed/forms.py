"""What comes in from the composer: a text on its way into a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conversations.forms import Writing
from conversations.mentions import named_in
from conversations.readers import readers_of
from core.policies import allowed
from core.text import fold
from directory.models import Employee
from feed.models import Placement, Post
from groups.models import Group

# Groups of people who stand in for each other: they get the shortcut for it.
STAND_IN_PLACES = ("barnehage", "skole", "hjemmetjeneste", "sykehjem", "vikar", "turnus", "bemanning")


def groups_to_write_in(employee: Employee) -> QuerySet[Group]:
    """Return the groups `employee` may write in, those last joined first."""
    groups = allowed(Group.objects.live(), employee, "groups.write")
    return groups.select_related("unit").order_by("name", "pk")


def last_group_of(employee: Employee) -> Group | None:
    """Return the group `employee` last wrote in, where writing is still allowed."""
    last = Placement.objects.filter(placed_by=employee, post__author=employee).order_by("-post__created_at", "-pk")
    return groups_to_write_in(employee).filter(pk__in=last.values("group_id")[:1]).first()


def asks_for_stand_ins(group: Group | None) -> bool:
    """Say whether the group is of a kind where people stand in for each other."""
    names = fold(f"{group.name} {group.unit.name if group.unit else ''}") if group else ""
    return any(fold(word) in names for word in STAND_IN_PLACES)


@dataclass
class PostWriting(Writing):
    """The composer's fields besides the text."""

    kind: str = Post.Kind.POST
    group: Group | None = None
    thanked: Employee | None = None
    thanked_name: str = ""
    # The page the composer stands on: "home", or a group's public id.
    page: str = "home"

    @classmethod
    def begun(cls, request: HttpRequest, writer: Employee) -> Self:
        """An empty form, with the group, kind and person the address names."""
        form = cls(page=request.GET.get("page", "home")[:12], typed=request.GET.get("text", "")[:500])
        form._choose(request.GET.get("group", ""), request.GET.get("kind", ""), writer)
        form._thank(writer, request.GET.get("person", ""), "")
        form.group = form.group or last_group_of(writer)
        return form

    @classmethod
    def sent_by(cls, request: HttpRequest, writer: Employee) -> Self:
        """Read what was posted."""
        form = cls.sent(request)
        form.page = request.POST.get("page", "home")[:12]
        form._choose(request.POST.get("group", ""), request.POST.get("kind", ""), writer)
        form._thank(writer, request.POST.get("thanked", ""), request.POST.get("thanked_name", ""))
        return form

    def is_whole(self, writer: Employee) -> bool:
        """Say whether the post may be published as it is; else `errors` or `unreached` says why not."""
        if self.group is None:
            self.errors["group"] = [_("Choose the group the post belongs in.")]
            return False
        if self.kind == Post.Kind.THANKS and not self.thanked:
            self.errors["thanked"] = [
                _("We did not find this colleague. Write the full name, or choose from the list.")
            ]
            return False
        return self.is_ready(writer, readers_of(self.group))

    def _choose(self, group: str, kind: str, writer: Employee) -> None:
        if kind in Post.Kind.values:
            self.kind = kind
        if group:
            self.group = groups_to_write_in(writer).filter(public_id=group).first()

    def _thank(self, writer: Employee, public_id: str, name: str) -> None:
        """Find whom the thank-you goes to: by the id chosen from the menu, else by the full name typed."""
        people = Employee.objects.visible_to(writer).active().filter(protected=False)
        self.thanked_name = name.strip()[:200]
        if public_id:
            chosen = people.filter(public_id=public_id).first()
            if chosen and (not self.thanked_name or fold(chosen.display_name) == fold(self.thanked_name)):
                self.thanked, self.thanked_name = chosen, chosen.display_name
                return
        if self.thanked_name and self.kind == Post.Kind.THANKS:
            named = named_in(f"@{self.thanked_name}", people)
            self.thanked = named[0] if len(named) == 1 else None
