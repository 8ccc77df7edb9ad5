"""A person as a list shows them: to one who may see them, in a form the components draw without a query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from directory.models import Employee, Role, RoleGrant

ROLE_TAGS = (Role.ACTING_LEADER, Role.SUPERUSER, Role.SAFETY_REPRESENTATIVE)


@dataclass
class Face:
    """Name, job, place, photo and address of one person, and the tags on the corner of the photo."""

    display_name: str
    url: str
    initials: str
    title: str = ""
    place: str = ""
    photo_url_96: str = ""
    photo_url_200: str = ""
    photo_url_400: str = ""
    # What stands on the corner of the photo, each with its colour.
    tags: list[tuple[str, str]] = field(default_factory=list)

    @property
    def get_absolute_url(self) -> str:
        """The address, under the name the components know."""
        return self.url


def face_of(employee: Employee) -> Face:
    """Return the face of a person taken from `visible_to` (with_job): who may see a protected person sees the name."""
    job = employee.primary_employment
    place = (job.workplace.name if job.workplace else job.unit.name) if job else ""
    return Face(
        display_name=employee.full_name,
        url=reverse("person", args=[employee.public_id]),
        initials=employee.initials,
        title=job.title if job else "",
        place=place,
        photo_url_96=employee.photo_url_96,
        photo_url_200=employee.photo_url_200,
        photo_url_400=employee.photo_url_400,
    )


def tagged_faces(
    people: Iterable[Any], viewer: Employee, *, leader: int | None = None, acting: Collection[int] = ()
) -> list[Face]:
    """Return faces with their tags: leader, you, new, superuser, safety representative. One query for all roles.

    `people` are annotated with `is_leader` and `is_new` (`EmployeeQuerySet.with_tags`). `leader` and `acting` are the
    ids of who leads the unit shown, and of those who do so for the time being, whatever else they lead.
    """
    listed = list(people)
    roles = _roles_of([person.pk for person in listed])
    roles |= {pk: Role.ACTING_LEADER for pk in acting if pk != leader}
    for person in listed:
        person.is_leader = person.pk == leader or (person.is_leader and person.pk not in acting)
    return [_tagged(person, viewer, roles.get(person.pk, "")) for person in listed]


def _tagged(person: Any, viewer: Employee, role: str) -> Face:
    face = face_of(person)
    if person.pk == viewer.pk:
        face.tags.append((pgettext("tag on a photo", "You") if person.photo else _("You – add a picture"), "neutral"))
        face.url = face.url if person.photo else reverse("me")
    if person.is_leader:
        face.tags.append((_("Leader"), "accent"))
    elif role:
        face.tags.append((str(Role(role).label), "brand1"))
    elif person.is_new:
        face.tags.append((pgettext("tag on a photo", "New"), "brand2"))
    return face


def _roles_of(employee_ids: list[int]) -> dict[int, str]:
    grants = RoleGrant.objects.in_force().filter(employee__in=employee_ids, role__in=ROLE_TAGS)
    return dict(grants.order_by("-role").values_list("employee_id", "role"))
