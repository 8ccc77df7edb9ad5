"""One's nearest colleagues as a list a device keeps, so that they are found and rung without a network.

No more than the phone list shows, and less: a private number that is for the leader alone stays off the device.
"""

from __future__ import annotations

from typing import Any

from directory.models import Employee
from directory.phone_list import read_phone_list


def read_contacts(viewer: Employee) -> dict[str, Any]:
    """Return whose list it is, and the colleagues of the viewer's own unit; nobody where they are too many."""
    listed = read_phone_list(viewer, "")
    return {"person": viewer.public_id, "contacts": [_contact(person) for person in listed.people]}


def _contact(person: Any) -> dict[str, str]:
    job, leader_only = person.primary_employment, Employee.MobileSeenBy.LEADER
    may_keep = person.may_see_mobile and person.mobile_seen_by != leader_only
    return {
        "name": person.full_name,
        "job": ", ".join(part for part in (job.title, job.unit.name) if part) if job else "",
        "phone": person.work_phone or (person.private_mobile if may_keep else ""),
        "email": person.email or "",
        "url": person.get_absolute_url(),
    }
