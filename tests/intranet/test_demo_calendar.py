"""Whatever hour the demo is made, what is new in it was written when people are up, and never in the future."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

import pytest

from intranet.demo.calendar import Calendar
from intranet.demo.sources import DATA, read_all

OSLO = ZoneInfo("Europe/Oslo")
NEW = [entry["when"] for entry in read_all("posts") if "minutes_ago" in entry["when"]]


def at(day: int, clock: str) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date(2026, 11, day), datetime.time.fromisoformat(clock), tzinfo=OSLO)


@pytest.mark.parametrize(
    ("now", "day", "earliest", "latest"),
    [
        ("00:20", 17, "07:00", "21:00"),
        ("03:45", 17, "07:00", "21:00"),
        ("07:20", 17, "07:00", "21:00"),
        ("07:40", 18, "06:30", "07:40"),
        ("09:30", 18, "06:30", "09:30"),
        ("16:00", 18, "07:00", "15:30"),
        ("22:30", 18, "07:00", "21:00"),
    ],
)
def test_new_posts_are_of_the_day_or_the_evening_before(now: str, day: int, earliest: str, latest: str) -> None:
    moments = [Calendar(at(18, now), OSLO).moment(when) for when in NEW]
    assert at(day, earliest) <= min(moments)
    assert max(moments) <= min(at(day, latest), at(18, now))


def test_words_of_the_morning_stand_in_the_morning() -> None:
    greeting = {"minutes_ago": 118, "at": "07:12"}
    assert Calendar(at(18, "16:00"), OSLO).moment(greeting) == at(18, "07:12")
    assert Calendar(at(18, "03:00"), OSLO).moment(greeting) == at(17, "07:12")
    assert Calendar(at(18, "09:00"), OSLO).moment({"minutes_ago": 30}) > at(18, "08:30")


def test_today_is_tomorrow_the_evening_before() -> None:
    calendar = Calendar(at(18, "03:00"), OSLO)
    assert calendar.fill("{Today} begynner Sunniva", written=at(17, "19:49")) == "I morgen begynner Sunniva"
    assert calendar.fill("{today} og {weekday+1}", "nn", at(18, "02:00")) == "i dag og torsdag"
    assert calendar.fill("{Today}", "en", at(17, "20:00")) == "Tomorrow"


def test_a_sentence_begins_with_a_capital() -> None:
    assert Calendar(at(18, "09:00"), OSLO).fill("{Weekday+1} klokka 12") == "Torsdag klokka 12"
    said = "".join(path.read_text() for path in DATA.glob("*.json"))
    assert not re.search(r'("|[.?] )\{(weekday|today)', said)
