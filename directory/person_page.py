"""One person's page worked out: what the viewer may see of them, their leader and their team."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from directory.faces import Face, face_of
from directory.models import Employee, Employment, Role, RoleGrant
from directory.querysets import EmployeeQuerySet

TEAM_SHOWN = 12
# Roles that help a colleague to know whom to ask; the others are nobody's business on this page.
SHOWN_ROLES = (Role.SUPERUSER, Role.SAFETY_REPRESENTATIVE, Role.SHOP_STEWARD, Role.DATA_PROTECTION_OFFICER)


@dataclass
class PersonPage:
    """What the page shows of `person`."""

    person: Employee
    face: Face
    is_me: bool
    job: Employment | None
    other_jobs: list[Employment]
    tags: list[str]
    mobile: str
    leader: Face | None = None
    team: list[Face] = field(default_factory=list)
    team_title: str = ""

    @property
    def has_left(self) -> bool:
        """Whether the person no longer works here."""
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
        return "" if self.has_left else (self.person.work_phone or self.mobile)

    @property
    def email(self) -> str:
        """The address to write to."""
        return "" if self.has_left else (self.person.email or "")


def read_person_page(viewer: Employee, person: Employee) -> PersonPage:
    """Return the page. `person` comes from `visible_to(viewer)`, with_current_jobs and `may_see_mobile`."""
    jobs: list[Employment] = person.current_jobs  # type: ignore[attr-defined]
    page = PersonPage(
        person=person,
        face=face_of(person),
        is_me=person.pk == viewer.pk,
        job=jobs[0] if jobs else None,
        other_jobs=jobs[1:],
        tags=_tags(person),
        mobile=person.private_mobile if person.may_see_mobile else "",  # type: ignore[attr-defined]
    )
    if page.job and not page.has_left:
        _add_team(page, viewer, page.job)
    return page


def _tags(person: Employee) -> list[str]:
    grants = RoleGrant.objects.in_force().filter(employee=person, role__in=SHOWN_ROLES)
    roles = [str(Role(role).label) for role in grants.order_by("role").values_list("role", flat=True).distinct()]
    return [*roles, *([person.pronoun] if person.pronoun else [])]


def _add_team(page: PersonPage, viewer: Employee, job: Employment) -> None:
    colleagues: EmployeeQuerySet = Employee.objects.active().visible_to(viewer).exclude(pk=page.person.pk)
    leader = colleagues.filter(pk=job.manager_id or job.unit.leader_id or 0).with_job().first()
    page.leader = face_of(leader) if leader else None
    led = list(colleagues.led_by(page.person).by_name().with_job()[:TEAM_SHOWN])
    page.team_title = _("Leads") if led else _("Same team")
    team = led or colleagues.holding(unit=job.unit).exclude(pk=leader.pk if leader else 0).by_name().with_job()
    page.team = [face_of(each) for each in team[:TEAM_SHOWN]]
