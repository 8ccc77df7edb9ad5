"""The welcome page worked out: greeting, checklist with real ticks, groups with reasons, people to know."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import local_today
from directory.house_rules import has_accepted
from directory.models import Employee, Employment, Organisation, Role
from groups.contacts import Contact, local_contacts
from groups.models import Group, Membership
from groups.reasons import word_reason
from onboarding.local_help.actions import HelpFacts, help_for
from onboarding.models import Welcome
from onboarding.querysets.welcome import DAYS_SHOWN


@dataclass(frozen=True)
class Step:
    """One of the first things to do."""

    title: str
    text: str
    url: str
    done: bool


@dataclass(frozen=True)
class Placed:
    """A group one is in, with the reason."""

    group: Any
    reason: str
    is_fixed: bool


@dataclass
class WelcomePage:
    """Everything on the page but what the feed adds."""

    employee: Employee
    welcome: Welcome | None
    leader: Employee | None
    steps: list[Step]
    groups: list[Placed] = field(default_factory=list)
    people: list[Contact] = field(default_factory=list)
    organisation: Organisation | None = None
    help: HelpFacts = field(default_factory=HelpFacts)
    # Where a quiet line tells, or would tell, that the person is new.
    line_group: Group | None = None

    @property
    def done(self) -> int:
        """How many of the first things are done."""
        return sum(step.done for step in self.steps)

    @property
    def percent(self) -> int:
        """The same for the bar."""
        return self.done * 100 // len(self.steps)

    @property
    def greeting(self) -> str:
        """The leader's words, or ours in the leader's name."""
        if self.welcome and self.welcome.greeting:
            return self.welcome.greeting
        return default_greeting(self.employee, self.is_return)

    @property
    def is_return(self) -> bool:
        """Whether these are the first weeks of somebody who has worked here before."""
        return bool(self.welcome and self.welcome.is_return)

    @property
    def greeter(self) -> Employee | None:
        """Who greets: the one who wrote, or else the leader."""
        written = self.welcome.greeted_by if self.welcome and self.welcome.greeting else None
        return written or self.leader

    @property
    def day_words(self) -> str:
        """«Første dag: i dag», or how far the first weeks have come."""
        if self.welcome is None:
            return ""
        days = (local_today() - self.welcome.starts_date).days
        if days <= 0:
            return _("First day: today") if days == 0 else _("You start soon")
        if self.is_return:
            return _("Day %(number)d since you came back") % {"number": days + 1}
        return _("Day %(number)d with us") % {"number": days + 1}

    @property
    def superuser(self) -> Employee | None:
        """The nearest local helper."""
        return next((one.person for one in self.people if one.role == Role.SUPERUSER), None)


def default_greeting(employee: Employee, is_return: bool = False) -> str:
    """Return what greets where the leader has written nothing."""
    if is_return:
        return _("Hi, %(name)s! So good to have you back. Ask about whatever has become new.") % {
            "name": employee.given_name
        }
    return _("Hi, %(name)s! So good that you are here. Ask about anything, we have all been new.") % {
        "name": employee.given_name
    }


def find_welcome(employee: Employee) -> Welcome | None:
    """Return the person's first weeks, if they have any."""
    return Welcome.objects.select_related("greeted_by", "buddy").filter(employee=employee).first()


def build_page(employee: Employee) -> WelcomePage:
    """Return the page for `employee`, new or not: everyone may look at it."""
    job = employee.primary_employment
    welcome = find_welcome(employee)
    page = WelcomePage(employee, welcome, _leader_of(employee), list_steps(employee, welcome))
    memberships = memberships_of(employee)
    page.groups = [Placed(one.group, word_reason(one.reason), not one.may_leave) for one in memberships]
    if welcome and is_new(welcome) and not employee.protected:
        page.line_group = own_group(memberships)
    page.people = _people(page, local_contacts(job.unit if job else None))
    page.organisation = Organisation.load()
    page.help = help_for(job.unit if job else None)
    return page


def list_steps(employee: Employee, welcome: Welcome | None) -> list[Step]:
    """Return the five first things with what has truly been done."""
    back = reverse("welcome")
    return [
        Step(
            _("Read and accept the house rules"),
            _("Four lines about how we talk to each other here."),
            f"{reverse('house_rules')}?next={back}",
            has_accepted(employee),
        ),
        Step(
            _("Check that your name and phone number are right"),
            _("HR has filled them in. Tell us if something is wrong."),
            reverse("welcome_details"),
            bool(welcome and welcome.details_checked_at),
        ),
        Step(
            _("Add a picture of yourself"),
            _("Then your colleagues recognise you. You can take it with your phone."),
            f"{reverse('my_photo')}?next={back}",
            bool(employee.photo),
        ),
        Step(
            _("See what we tell you about"),
            _("So that you get the important messages when you are out and about."),
            reverse("welcome_notifications"),
            bool(welcome and welcome.notifications_chosen_at),
        ),
        Step(
            _("Say hello in your group"),
            _("We have written a suggestion you can change."),
            reverse("welcome_hello"),
            bool(welcome and welcome.said_hello_at),
        ),
    ]


def nearest_first(membership: Membership) -> tuple[bool, bool, int, datetime.datetime, int]:
    """Return what sorts memberships: those that go with the job first, the own section before its agency."""
    depth = membership.group.unit.depth if membership.group.unit else -1
    return membership.may_leave, not membership.reason, -depth, membership.joined_at, membership.pk


def is_due(employee: Employee, welcome: Welcome) -> bool:
    """Say whether the card still belongs on the home page: thirty days, unless hidden."""
    return welcome.hidden_at is None and is_new(welcome)


def is_new(welcome: Welcome) -> bool:
    """Say whether the first thirty days are not over."""
    return local_today() <= welcome.starts_date + datetime.timedelta(days=DAYS_SHOWN)


def memberships_of(employee: Employee) -> list[Membership]:
    """Return the person's memberships of groups that live, those nearest to the work first. One query."""
    standing = Membership.objects.standing().filter(employee=employee, group__archived_at=None)
    return sorted(standing.select_related("group__unit"), key=nearest_first)


def own_group(memberships: Iterable[Membership]) -> Group | None:
    """Return the group that goes with where the person works: the first a rule gave that belongs to a unit.

    Sensitive groups, and those in which the days of grace run, are nobody's own.
    """
    given = (one.group for one in memberships if not one.by_hand and one.reading_until is None)
    return next((group for group in given if group.unit_id and not group.sensitive), None)


def _leader_of(employee: Employee) -> Employee | None:
    job = employee.primary_employment
    if job is None:
        return None
    nearest = Employment.objects.filter(pk=job.pk).with_nearest_leader().values("nearest_leader_id")
    leaders: Any = Employee.objects.active().with_job().filter(pk__in=nearest, protected=False)
    leader: Employee | None = leaders.first()
    return leader


def _people(page: WelcomePage, contacts: list[Contact]) -> list[Contact]:
    people = [Contact(page.leader, _("Your leader"), _("Ask about shifts and holidays"))] if page.leader else []
    buddy = page.welcome.buddy if page.welcome else None
    if buddy and buddy.is_active and not buddy.protected:
        people.append(Contact(buddy, _("Your buddy"), _("Shows you around the first week")))
    about = {
        Role.SUPERUSER: _("Helps you with the phone and with this page"),
        Role.SAFETY_REPRESENTATIVE: _("Tell about the working environment"),
    }
    seen = {one.person.pk for one in people} | {page.employee.pk}
    for one in contacts:
        if one.person.pk not in seen:
            people.append(Contact(one.person, one.words, about[Role(one.role)], one.role))
    return people
