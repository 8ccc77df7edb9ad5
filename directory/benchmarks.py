"""What the directory is measured by."""

from __future__ import annotations

from dataclasses import dataclass

from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee

SHOWN = 25
ROUNDS = 20


@dataclass
class Prepared:
    """Who searches, for what, and whom the same page shows when the ids are known."""

    viewer: Employee
    texts: list[str]
    ids: list[int]


def prepare(scale: float) -> Prepared:
    """Take a first name, a whole name, a job and the two first letters of somebody the seed made."""
    people = Employee.objects.active().filter(protected=False).with_job().order_by("pk")
    someone = people[len(people) // 2]
    job = someone.primary_employment
    texts = [someone.first_name, someone.full_name, job.title if job else "", someone.last_name[:2]]
    return Prepared(people[0], [text for text in texts if text], [person.pk for person in people[:SHOWN]])


def search(prepared: Prepared) -> None:
    """Find the first people for every text, as the page does."""
    for _ in range(ROUNDS):
        for text in prepared.texts:
            ids = Employee.objects.active().visible_to(prepared.viewer).search(text).first_ids(0, SHOWN)
            Employee.objects.with_tags().with_job().at(ids)


def read(prepared: Prepared) -> None:
    """Read as many people whose ids are known."""
    for _ in range(ROUNDS):
        for _text in prepared.texts:
            Employee.objects.with_tags().with_job().at(prepared.ids)


add_benchmark(
    Benchmark(
        "directory.search_vs_read",
        prepare,
        search,
        read,
        goal=3.0,
        says="Finding 25 people among all of them, beside reading 25 whose ids are known.",
    )
)
