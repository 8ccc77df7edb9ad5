"""What the directory is measured by: finding people among all of them, its pages, and the organisation chart."""

from __future__ import annotations

from core.benchmarks import Benchmark, add_benchmark
from directory.benchmarks import pages, searches

add_benchmark(
    Benchmark(
        "directory.prefix_p95_vs_20_ms",
        searches.prepare,
        searches.prefixes_p95,
        lambda desk: 0.020,
        goal=1.0,
        says="In the database: two, three, four and six letters on the way to each search of the golden set; p95.",
    )
)
add_benchmark(
    Benchmark(
        "directory.misspelt_p95_vs_60_ms",
        searches.prepare,
        searches.misspelt_p95,
        lambda desk: 0.060,
        goal=1.0,
        says="In the database: the misspelt names of the golden set; p95.",
    )
)
add_benchmark(
    Benchmark(
        "directory.golden_set_vs_95_percent",
        searches.prepare,
        searches.share_found,
        lambda desk: 0.95,
        goal=1.0,
        unit="of 1",
        at_least=True,
        says="For which part of the golden set the right person is among the first three.",
    )
)
add_benchmark(
    Benchmark(
        "directory.chart_p95_vs_50_ms",
        pages.prepare,
        pages.open_chart,
        lambda place: 0.050,
        goal=1.0,
        says="The whole page of the organisation chart at the top and at 39 of 5,000 units; p95.",
    )
)
for name, page, says in (
    ("own_unit", pages.open_own_unit, "The page «Colleagues» as it opens, with the own unit"),
    ("whole_organisation", pages.open_whole_organisation, "The first page of the whole organisation"),
    ("search", pages.open_search, "The results while one types a name"),
):
    add_benchmark(
        Benchmark(
            f"directory.{name}_vs_floor",
            pages.prepare,
            page,
            pages.open_floor,
            goal=3.0,
            says=f"{says}, beside a page with sign-in, middleware and frame, and nothing in it.",
        )
    )
