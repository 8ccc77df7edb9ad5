"""What comes in from the composer: a text on its way into a group."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from conversations.forms import Writing
from conversations.mentions import named_in
from conversations.readers import readers_of
from core.errors import RefusedError
from core.policies import allowed
from core.text import fold
from directory.models import Employee, OrgUnit
from feed.actions import PollFacts
from feed.models import UNIT, Placement, PlannedPlacement, Poll, Post, PostDraft
from feed.moments import as_typed, read_moment
from feed.readers import readers_of_line
from groups.models import Group

# Groups of people who stand in for each other: they get the shortcut for it.
STAND_IN_PLACES = ("barnehage", "skole", "hjemmetjeneste", "sykehjem", "vikar", "turnus", "bemanning")


def groups_to_write_in(employee: Employee) -> QuerySet[Group]:
    """Return the groups `employee` may write in, those last joined first."""
    groups = allowed(Group.objects.live(), employee, "groups.write")
    return groups.select_related("unit").order_by("name", "pk")


def units_to_write_to(employee: Employee) -> QuerySet[OrgUnit]:
    """Return the units `employee` may write to: those led, and all below them, the highest first."""
    return allowed(OrgUnit.objects.all(), employee, "feed.write_to_line").order_by("depth", "name", "pk")


def last_place_of(employee: Employee) -> tuple[Group | None, OrgUnit | None]:
    """Return the group or the unit `employee` last wrote to, where writing is still allowed."""
    mine = Placement.objects.filter(placed_by=employee, post__author=employee).order_by("-post__created_at", "-pk")
    group, unit = mine.values_list("group_id", "unit_id").first() or (None, None)
    if unit:
        return None, units_to_write_to(employee).filter(pk=unit).first()
    return (groups_to_write_in(employee).filter(pk=group).first() if group else None), None


def asks_for_stand_ins(group: Group | None) -> bool:
    """Say whether the group is of a kind where people stand in for each other."""
    names = fold(f"{group.name} {group.unit.name if group.unit else ''}") if group else ""
    return any(fold(word) in names for word in STAND_IN_PLACES)


MOMENTS = ("publish_at", "ends_at", "closes_at")


@dataclass
class PostWriting(Writing):
    """The composer's fields besides the text."""

    kind: str = Post.Kind.POST
    group: Group | None = None
    # Instead of a group: the unit whose line it is written to.
    unit: OrgUnit | None = None
    # Other open groups it is to stand in as well.
    also: list[Group] = field(default_factory=list)
    thanked: Employee | None = None
    thanked_name: str = ""
    # The page the composer stands on: "home", or a group's public id.
    page: str = "home"
    # The choices of a poll, as typed; without any there is none.
    choices: list[str] = field(default_factory=list)
    several: bool = False
    votes: str = Poll.Votes.NAMED
    asks_for_poll: bool = False
    # Moments as typed, by their field, and as they are understood.
    typed_moments: dict[str, str] = field(default_factory=dict)
    moments: dict[str, datetime.datetime | None] = field(default_factory=dict)
    # What this begins from was kept on the server.
    is_draft: bool = False

    @classmethod
    def begun(cls, request: HttpRequest, writer: Employee) -> Self:
        """An empty form, with the group, kind and person the address names; or what was begun there before."""
        form = cls(page=request.GET.get("page", "home")[:12], typed=request.GET.get("text", "")[:500])
        if not form.typed:
            form._take_up_draft(writer)
        form._choose(request.GET.get("group", ""), request.GET.get("kind", ""), writer)
        form._thank(writer, request.GET.get("person", ""), form.thanked_name)
        if not form.group and not form.unit:
            form.group, form.unit = last_place_of(writer)
        form.asks_for_poll = request.GET.get("poll") == "1" or bool(form.choices)
        return form

    @classmethod
    def sent_by(cls, request: HttpRequest, writer: Employee) -> Self:
        """Read what was posted."""
        form = cls.sent(request)
        form.page = request.POST.get("page", "home")[:12]
        form._choose(request.POST.get("group", ""), request.POST.get("kind", ""), writer)
        form._thank(writer, request.POST.get("thanked", ""), request.POST.get("thanked_name", ""))
        form._stand_also(request.POST.getlist("also"), writer)
        form._ask(request)
        form._read_moments({name: request.POST.get(name, "")[:40] for name in MOMENTS})
        return form

    @classmethod
    def of_waiting(cls, waiting: Sequence[PlannedPlacement]) -> Self:
        """What is sent already and waits in these places, to be changed."""
        first, *others = waiting
        form = cls(typed=first.post.text, kind=first.post.kind, group=first.group, unit=first.unit)
        form.also = [each.group for each in others if each.group]
        form.typed_moments = {"publish_at": as_typed(first.publish_at), "ends_at": as_typed(first.post.ends_at)}
        return form

    @property
    def groups(self) -> list[Group]:
        """Everywhere it is to stand."""
        return [self.group, *self.also] if self.group else []

    @property
    def poll(self) -> PollFacts | None:
        """The poll asked for, or None."""
        if not any(choice.strip() for choice in self.choices):
            return None
        return PollFacts(self.choices, self.several, self.votes, self.moments.get("closes_at"))

    @property
    def choice_fields(self) -> list[str]:
        """What stands in the fields for choices: always one empty more, as long as there is room."""
        return (self.choices + [""] * 10)[:10]

    def is_whole(self, writer: Employee) -> bool:
        """Say whether the post may be published as it is; else `errors` or `unreached` says why not."""
        if self.group is None and self.unit is None:
            self.errors["group"] = [_("Choose the group the post belongs in.")]
            return False
        if self.kind == Post.Kind.THANKS and not self.thanked:
            self.errors["thanked"] = [
                _("We did not find this colleague. Write the full name, or choose from the list.")
            ]
            return False
        readers = readers_of_line(self.unit, writer) if self.unit else readers_of(*self.groups)
        return self.is_ready(writer, readers) and not self.errors

    def _choose(self, group: str, kind: str, writer: Employee) -> None:
        if kind in Post.Kind.values:
            self.kind = kind
        if group.startswith(UNIT):
            self.unit = units_to_write_to(writer).filter(public_id=group.removeprefix(UNIT)).first()
        elif group:
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

    def _ask(self, request: HttpRequest) -> None:
        typed = [each[:500] for each in request.POST.getlist("choices")[:20]]
        self.choices = [each for each in typed if each.strip()]
        self.several = request.POST.get("several") == "1"
        self.votes = request.POST.get("votes", self.votes)[:9]
        self.asks_for_poll = bool(self.choices)

    def _stand_also(self, public_ids: Sequence[str], writer: Employee) -> None:
        if public_ids and self.group:
            others = groups_to_write_in(writer).filter(public_id__in=public_ids, privacy=Group.Privacy.OPEN)
            self.also = list(others.exclude(pk=self.group.pk))

    def _read_moments(self, typed_moments: dict[str, str]) -> None:
        self.typed_moments = typed_moments
        for name, typed in self.typed_moments.items():
            try:
                self.moments[name] = read_moment(typed, field=name)
            except RefusedError as refusal:
                self.refuse(refusal)

    def _take_up_draft(self, writer: Employee) -> None:
        draft = PostDraft.objects.filter(author=writer, place=self.page).first()
        if draft is None:
            return
        kept: dict[str, Any] = draft.fields
        self.is_draft, self.typed = True, kept.get("text", "")
        self._choose(kept.get("group", ""), kept.get("kind", ""), writer)
        self._stand_also(kept.get("also", []), writer)
        self.typed_moments = {name: kept.get(name, "") for name in MOMENTS}
        self._thank(writer, kept.get("thanked", ""), kept.get("thanked_name", ""))
        self.chosen, self.choices = kept.get("mentioned", []), kept.get("choices", [])
        self.several, self.votes = kept.get("several") == "1", kept.get("votes", self.votes)
