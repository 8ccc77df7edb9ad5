"""What the enrolment rules are measured by."""

from __future__ import annotations

from typing import Any

from django.db import connection

from core.benchmarks import Benchmark, add_benchmark
from onboarding.reconcile import reconcile_enrolments


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def prepare(scale: float) -> None:
    """Reconcile what the seed made, keep a copy of the rows that came of it, and take them away."""
    reconcile_enrolments()
    _run("DROP TABLE IF EXISTS bench_kept, bench_memberships")
    _run("CREATE TABLE bench_kept AS SELECT * FROM groups_membership WHERE NOT by_hand")
    _run("CREATE TABLE bench_memberships (LIKE groups_membership INCLUDING ALL)")
    _run("ANALYZE")
    empty(None)


def from_nothing(prepared: Any) -> None:
    """Let every rule put everyone into its groups."""
    reconcile_enrolments()


def copy_rows(prepared: Any) -> None:
    """Store the same memberships by copying them."""
    _run("INSERT INTO bench_memberships SELECT * FROM bench_kept")


def empty(prepared: Any) -> None:
    """Take away what the rules made."""
    _run("DELETE FROM onboarding_enrolment")
    _run("DELETE FROM groups_membership WHERE NOT by_hand")
    _run("TRUNCATE bench_memberships")


add_benchmark(
    Benchmark(
        "onboarding.reconcile_vs_copy",
        prepare,
        from_nothing,
        copy_rows,
        goal=10.0,
        reset=empty,
        says="All rules put everyone into their groups from nothing, beside copying the same rows.",
    )
)
