"""What the enrolment rules are measured by: everyone from nothing, and one new hire."""

from __future__ import annotations

import io
import itertools
import time
from typing import Any

from django.db import connection, transaction

from core.benchmarks import Benchmark, add_benchmark
from core.clock import local_today
from directory.models import Employment, JobFamily, OrgUnit
from groups.actions import save_audience
from groups.models import AudienceTerm, Group, Membership
from onboarding.hr_file.columns import REQUIRED
from onboarding.imports.actions import import_file
from onboarding.models import EnrolmentRule
from onboarding.reconcile import reconcile_enrolments

RULES = 2_000
AT_MOST = 0.200
_numbers = itertools.count(1)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def prepare(scale: float) -> None:
    """Let there be 2,000 rules, and keep a copy of the memberships that come of them."""
    _add_rules(round(RULES * scale) - EnrolmentRule.objects.in_force().count())
    reconcile_enrolments()
    _run("DROP TABLE IF EXISTS bench_by_hand, bench_kept")
    _run("CREATE TABLE bench_by_hand AS SELECT * FROM groups_membership WHERE by_hand")
    _run("CREATE TABLE bench_kept AS SELECT * FROM groups_membership WHERE NOT by_hand")
    _run("ANALYZE")


def from_nothing(prepared: Any) -> float:
    """Let every rule put everyone into its groups."""
    return _timed_from_nothing(reconcile_enrolments)


def insert_rows(prepared: Any) -> float:
    """Store the same memberships with one bare statement."""
    return _timed_from_nothing(
        lambda: _run(
            "INSERT INTO groups_membership (group_id, employee_id, role, by_hand, may_leave, reason,"
            " notification_level, joined_at) SELECT group_id, employee_id, role, by_hand, may_leave, reason,"
            " notification_level, joined_at FROM bench_kept"
        )
    )


def prepare_one(scale: float) -> None:
    """As above, with everyone in their groups."""
    prepare(scale)


def one_new_hire(prepared: Any) -> float:
    """Bring one new colleague in with a file of one row and find the groups; return the seconds."""
    number = f"9{next(_numbers):06}"
    job = Employment.objects.current().select_related("unit__agency").order_by("-unit__depth", "pk")[0]
    facts = {
        "ansattnr": number,
        "fornavn": "Nils",
        "etternavn": "Ny",
        "virksomhetskode": job.unit.agency.code if job.unit.agency else job.unit.code,
        "enhetskode": job.unit.code,
        "enhet": job.unit.name,
        "stilling": job.title,
        "startdato": local_today().isoformat(),
        "stillingsprosent": "100",
        "skjermet": "N",
    }
    file = io.BytesIO("\n".join([";".join(REQUIRED), ";".join(facts.get(name, "") for name in REQUIRED)]).encode())
    began = time.perf_counter()
    run = import_file(actor=None, file=file, file_name="one.csv", is_delta=True)
    groups = Membership.objects.filter(employee__employee_number=number).count()
    taken = time.perf_counter() - began
    if run.state != "applied" or not groups:
        raise RuntimeError(f"the new hire is in {groups} groups; the file was {run.state}: {run.summary}")
    return taken


def _timed_from_nothing(work: Any) -> float:
    _run("TRUNCATE onboarding_enrolment, groups_membership")
    _run("INSERT INTO groups_membership SELECT * FROM bench_by_hand")
    _run("ANALYZE groups_membership")
    began = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - began


def _add_rules(missing: int) -> None:
    """Add rules of every kind: units of all depths, jobs, the new, leaders, and some with exceptions."""
    units = list(OrgUnit.objects.active().order_by("-depth", "pk"))
    families = list(JobFamily.objects.order_by("pk"))
    for number in range(missing):
        unit = units[number % len(units)]
        terms = [AudienceTerm(kind="unit", unit=unit)]
        if families and number % 10 == 7:
            terms = [AudienceTerm(kind="job_family", job_family=families[number % len(families)])]
        if number % 10 == 8:
            terms.append(AudienceTerm(kind="leaders", exclude=True))
        rule = EnrolmentRule(
            audience=save_audience(terms=terms), may_leave=number % 3 != 0, grace_days=14 * (number % 2)
        )
        # A job is found everywhere, but the group is for one branch.
        rule.branch = unit if terms[0].job_family else None
        rule.ends_after_days = 90 if number % 20 == 9 else None
        rule.save()
        rule.groups.add(Group.objects.create(name=f"Benk {number}", unit=unit))


add_benchmark(
    Benchmark(
        "onboarding.enrolment_vs_insert",
        prepare,
        from_nothing,
        insert_rows,
        goal=3.0,
        says="2,000 rules put everyone into their groups from nothing, beside one bare insert of the same memberships.",
    )
)
add_benchmark(
    Benchmark(
        "onboarding.new_hire_vs_200_ms",
        prepare_one,
        one_new_hire,
        lambda prepared: AT_MOST,
        goal=1.0,
        says="One new colleague by a file of one row, until the groups are there; 2,000 rules in force.",
    )
)
