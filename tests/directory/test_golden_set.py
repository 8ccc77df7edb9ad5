"""Whether people are found as colleagues look for them, over the demo organisation in small."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from directory.benchmarks.golden import find_missed, read_golden_set
from intranet.demo.calendar import Calendar
from intranet.demo.seed import make_people

AT_LEAST = 0.95
EMPLOYEES = 1_500


@pytest.fixture
def organisation(db: None) -> None:
    """The demo's units and people, without pictures or posts; the same every time."""
    calendar = Calendar(datetime.datetime.now(datetime.UTC), ZoneInfo("Europe/Oslo"))
    make_people(EMPLOYEES, calendar, random.Random(7), photos=False)


@pytest.mark.usefixtures("organisation")
def test_the_right_person_is_among_the_first_three(record_property: Callable[[str, object], None]) -> None:
    asked = read_golden_set()
    missed = find_missed(asked)
    share = 1 - len(missed) / len(asked)
    record_property("golden set", f"{share:.1%}")
    print(f"Golden set: {share:.1%} of {len(asked)}; missed: {', '.join(missed)}")
    assert len(asked) >= 200
    assert share >= AT_LEAST, missed
