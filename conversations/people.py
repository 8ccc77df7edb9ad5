"""People as they stand beside what they wrote: name, and one line about their job."""

from __future__ import annotations

from directory.models import Employee


def job_line(person: Employee, *, with_place: bool = True) -> str:
    """Return «Driftsoperatør, Bymiljøetaten»; "" for a person with a protected address, or without a job.

    The person comes with `primary_employment`, its unit and the unit's agency.
    """
    job = person.primary_employment
    if person.protected or job is None:
        return ""
    if not with_place:
        return job.title
    place = job.unit.agency or job.unit
    return f"{job.title}, {place.name}"
