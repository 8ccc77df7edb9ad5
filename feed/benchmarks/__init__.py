"""What the feed is measured by: its statement at up to five million posts, its page beside the floor, a post."""

from __future__ import annotations

from functools import partial

from core.benchmarks import Benchmark, add_benchmark
from feed.benchmarks import pages, town

READERS = {"busy": "a member of 30 busy groups", "quiet": "a member of 30 quiet groups"}
QUANTILES = {"median": 0.5, "p95": 0.95}

for size in ("1m", "5m"):
    for reader, who in READERS.items():
        for page in (1, town.LATE_PAGE):
            for name, quantile in QUANTILES.items():
                add_benchmark(
                    Benchmark(
                        f"feed.query_{size}_{reader}_page_{page}_{name}",
                        town.prepare,
                        partial(town.query_seconds, size=size, reader=reader, page=page, quantile=quantile),
                        partial(town.query_seconds, size="100k", reader=reader, page=page, quantile=quantile),
                        goal=1.5,
                        says=f"Page {page} of the home feed for {who}: {name} at {size} posts, beside 100,000.",
                    )
                )

add_benchmark(
    Benchmark(
        "feed.query_vs_5_ms",
        town.prepare,
        partial(town.query_seconds, size="1m", reader="busy", page=1, quantile=0.5),
        lambda town: 0.005,
        goal=1.0,
        says="A page of the home feed at a million posts, beside the five milliseconds it may take.",
    )
)
add_benchmark(
    Benchmark(
        "feed.page_vs_floor",
        pages.prepare,
        pages.open_home,
        pages.open_floor,
        goal=3.0,
        says="The home page with ten posts, beside a page with sign-in, middleware and frame, and nothing in it.",
    )
)
add_benchmark(
    Benchmark(
        "feed.post_to_50000_vs_5",
        pages.prepare,
        pages.post_to_many,
        pages.post_to_few,
        goal=1.5,
        reset=pages.forget_posts,
        says="What a post into a group of 50,000 costs its author, beside one into a group of five.",
    )
)
add_benchmark(
    Benchmark(
        "feed.marking_seen_vs_floor",
        pages.prepare,
        pages.mark_seen,
        pages.open_floor,
        goal=3.0,
        says="A screenful of posts marked as seen, none of it before, beside the floor.",
    )
)
