"""What the frame itself is measured by: whether template parts cost anything beside the same page written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template import engines
from django.template.loader import get_template
from django.utils import timezone

from core.benchmarks import Benchmark, add_benchmark
from directory.models import Employee
from intranet.bench import mail  # noqa: F401 - offers its own

CARDS, PAGES = 40, 20
REST = '{% icon "House" %}{% when at %}'


@dataclass
class Pages:
    """The same cards twice, and what they show."""

    included: Any
    written_out: Any
    context: dict[str, Any]


def prepare(scale: float) -> Pages:
    """Take forty people; the part is the portrait, which every list and post has."""
    people = list(Employee.objects.active().order_by("pk")[:CARDS])
    part: Any = get_template("components/avatar.html")
    include = '{% include "components/avatar.html" %}'
    context = {"people": people, "at": timezone.now()}
    return Pages(_page(include), _page(part.template.source), context)


def _page(body: str) -> Any:
    return engines["django"].from_string(f"{{% for person in people %}}{body}{REST}{{% endfor %}}")


def render_included(pages: Pages) -> None:
    """Render the cards with an include each."""
    for _ in range(PAGES):
        pages.included.render(pages.context)


def render_written_out(pages: Pages) -> None:
    """Render the cards with the part's text in its place."""
    for _ in range(PAGES):
        pages.written_out.render(pages.context)


add_benchmark(
    Benchmark(
        "intranet.includes_vs_written_out",
        prepare,
        render_included,
        render_written_out,
        goal=1.3,
        says="Forty cards whose portrait is an include, beside the same cards written out; twenty pages each.",
    )
)
