"""One person's page worked out: what the viewer may see of them, their leader and their team."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.absences import Away, away_now
from directory.faces import Face, face_of
from directory.models import Employee, Employment, OrgUnit, Role
from directory.nearest_leaders import leader_ids_of
from directory.querysets import EmployeeQuerySet

TEAM_SHOWN = 12
# Roles that help a colleague to know whom to ask; the others are nobody's business on this page.
SHOWN_ROLES = (Role.SUPERUSER, Role.SAFETY_REPRESENTATIVE, Role.SHOP_STEWARD, Role.DATA_PROTECTION_OFFICER)


@dataclass
class Job:
    """One current job, with its unit and those above it, the nearest first."""

    employment: Employment
    units: list[OrgUnit]

    @property
    def title(self) -> str:
        """What the job is called."""
        return self.employment.title


@dataclass
class Acting:
    """A unit the person leads for the time being."""

    unit: str
    url: str
    end_date: datetime.date | None


@dataclass
class PersonPage:
    """What the page shows of `person`."""

    person: Employee
    face: Face
    is_me: bool
    jobs: list[Job] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    acting: list[Acting] = field(default_factory=list)
    mobile: str = ""
    began_date: datetime.date | None = None
    away: Away | None = None
    leader: Face | None = None
    acting_leaders: list[Face] = field(default_factory=list)
    team: list[Face] = field(default_factory=list)
    team_title: str = ""

    @property
    def job(self) -> Job | None:
        """The main job."""
        return self.jobs[0] if self.jobs else None

    @property
    def has_left(self) -> bool:
        """Whether the person does not work here: no longer, or not yet."""
        return not self.person.is_active

    @property
    def left_text(self) -> str:
        """«Left in 2024», or that the person has not begun."""
        left = self.person.left_date
        return _("Left in %(year)s") % {"year": left.year} if left else _("Has not begun yet")

    @property
    def languages(self) -> str:
        """The languages the person speaks, as one line."""
        return ", ".join(self.person.spoken_languages)

    @property
    def phone(self) -> str:
        """The number to ring: the one of the job first."""
        return self.person.work_phone or self.mobile


def read_person_page(viewer: Employee, person: Employee) -> PersonPage:
    """Return the page. `person` comes from `visible_to(viewer)`, with_current_jobs and `may_see_mobile`.

    Of a person who does not work here it tells the name and that, and nothing else.
    """
    page = PersonPage(person=person, face=face_of(person), is_me=person.pk == viewer.pk)
    if page.has_left:
        page.face = Face(person.full_name, page.face.url, person.initials)
        return page
    page.jobs = _jobs(person)
    page.tags, page.acting = _tags(person), _acting(person)
    page.mobile = person.private_mobile if person.may_see_mobile else ""  # type: ignore[attr-defined]
    page.began_date = person.employments.aggregate(first=Min("start_date"))["first"]
    page.away = away_now(person)
    if page.job:
        _add_team(page, viewer, page.job)
    return page


def _jobs(person: Employee) -> list[Job]:
    jobs: list[Employment] = person.current_jobs  # type: ignore[attr-defined]
    wanted = {unit for job in jobs for unit in job.unit.ancestor_ids()}
    units = OrgUnit.objects.in_bulk(wanted) if wanted else {}
    return [Job(job, _upwards(job.unit, units)) for job in jobs]


def _upwards(unit: OrgUnit, units: dict[int, OrgUnit]) -> list[OrgUnit]:
    """Return the unit and those above it, but for the whole organisation, of which everyone knows."""
    above = [units[pk] for pk in reversed(unit.ancestor_ids()) if pk in units]
    return [each for each in above if each.depth] or [unit]


def _tags(person: Employee) -> list[str]:
    held = {grant.role for grant in person.roles}
    roles = [str(role.label) for role in SHOWN_ROLES if role in held]
    return [*roles, *([person.pronoun] if person.pronoun else [])]


def _acting(person: Employee) -> list[Acting]:
    grants = [grant for grant in person.roles if grant.role == Role.ACTING_LEADER and grant.unit]
    return [
        Acting(grant.unit.name, reverse("chart_of_unit", args=[grant.unit.public_id]), grant.end_date)
        for grant in grants
    ]


def _add_team(page: PersonPage, viewer: Employee, job: Job) -> None:
    place = job.employment
    colleagues: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).exclude(pk=page.person.pk)
    for leader in colleagues.filter(pk__in=leader_ids_of(page.person)).by_name().with_job():
        if page.leader is None and leader.pk in (place.manager_id, place.unit.leader_id):
            page.leader = face_of(leader)
        else:
            page.acting_leaders.append(face_of(leader))
    above = [face.url for face in (page.leader, *page.acting_leaders) if face]
    led_by = colleagues.filter(pk__in=page.person.led_employments().values("employee_id"))
    led = list(led_by.by_name().with_job()[:TEAM_SHOWN])
    page.team_title = _("Leads these") if led else _("Same team")
    if led and not page.acting:
        page.tags.insert(0, _("Leader"))
    # Those who lead already stand above.
    same = () if led else colleagues.holding(unit=place.unit).by_name().with_job()[: TEAM_SHOWN + len(above)]
    faces = [face_of(each) for each in led or same]
    page.team = [face for face in faces if led or face.url not in above][:TEAM_SHOWN]
