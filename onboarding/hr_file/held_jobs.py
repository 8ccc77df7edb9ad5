"""Jobs that people hold already, beside which a row of a short list would put another."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from directory.models import Employment
from onboarding.hr_file import statuses
from onboarding.hr_file.rows import Finding, JobFacts, Verdict

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that lasts, or is still to begin."""

    unit_code: str
    position_key: str
    title: str
    percentage: Decimal
    end_date: datetime.date | None

    def is_of(self, job: JobFacts) -> bool:
        """Whether a row of `job` speaks of this one."""
        named = self.position_key == job.position_key or self.title.lower() == job.title.lower()
        return self.unit_code == job.unit_code and named


@dataclass
class HeldJobs:
    """The jobs of some people, by number."""

    by_number: dict[str, list[HeldJob]] = field(default_factory=dict)

    @classmethod
    def load(cls, numbers: Collection[str]) -> HeldJobs:
        """Fetch those of `numbers`; nothing is told of people with a protected address."""
        jobs = Employment.objects.unended().filter(
            employee__employee_number__in=list(numbers), employee__protected=False
        )
        rows = jobs.order_by("-percentage", "pk").values_list(
            "employee__employee_number", "unit__code", "position_key", "title", "percentage", "end_date"
        )
        found: defaultdict[str, list[HeldJob]] = defaultdict(list)
        for number, unit_code, key, title, percentage, end_date in rows:
            found[str(number)].append(HeldJob(unit_code, key, title, percentage, end_date))
        return cls(dict(found))

    def beside(self, verdict: Verdict, job: JobFacts) -> Finding | None:
        """Say that the person gets one job more, and keeps what there is; odd where that is more than a whole one."""
        held = self.by_number.get(verdict.number, [])
        if job.is_same or verdict.status == statuses.LEAVER or any(one.is_of(job) for one in held):
            return None
        kept = [one for one in held if one.end_date is None or one.end_date >= job.start_date]
        if not kept:
            return None
        total = sum((one.percentage for one in kept), job.percentage)
        facts = {"held": ", ".join(one.title for one in kept), "total": f"{total.normalize():f}".replace(".", ",")}
        facts |= {"same": "1"} if [one.unit_code for one in kept].count(job.unit_code) == 1 else {}
        status, code = (statuses.WARN, "job_beyond_whole") if total > WHOLE else (statuses.ACCEPT, "job_beside")
        return Finding(status, "stilling", code, job.title, facts)
