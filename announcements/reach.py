"""Whom a draft would reach today, and by which roads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from groups.audiences import compile_terms
from groups.models import AudienceTerm
from notifications.channels import email


@dataclass(frozen=True)
class Reach:
    """How many an audience holds today, how many are here already, and how many get an e-mail."""

    count: int
    here: int
    by_email: int | None

    @property
    def not_here(self) -> int:
        """Those who have never signed in: told by e-mail, or by a sheet on the wall."""
        return self.count - self.here


def read_reach(terms: Iterable[AudienceTerm]) -> Reach:
    """Return the reach of these terms, counted in one statement."""
    people = compile_terms(terms)
    counts = people.aggregate(
        count=Count("pk"),
        here=Count("pk", filter=Q(first_signed_in_at__isnull=False)),
        by_email=Count("pk", filter=Q(email__isnull=False)),
    )
    return Reach(counts["count"], counts["here"], counts["by_email"] if email.is_on() else None)
