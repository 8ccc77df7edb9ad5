"""Who gets what on which road, and when: the one door, and the hours that are quiet."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from directory.models import Employee
from notifications.channels.ledger import about, claim
from notifications.kinds import NotificationKind, kinds
from notifications.models import Delivery, NotificationSettings, PlaceLevel, Preference, UnitQuietHours
from notifications.quiet import unit_hours_of
from notifications.routing import Event, Urgency, route
from tests.conftest import City

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=OSLO)
NIGHT = datetime.datetime(2026, 11, 23, 23, tzinfo=OSLO)
MORNING = datetime.datetime(2026, 11, 24, 6, tzinfo=OSLO)


class Calls(NotificationKind[str]):
    """Goes at once by e-mail."""

    key = "tests.call"
    templates = "tests"
    topic = "answers"
    email_after = datetime.timedelta(0)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, str]:
        return dict.fromkeys(ids, "call")


class Letters(Calls):
    """Is mailed when it has not been seen after a while."""

    key = "tests.letter"
    email_after = datetime.timedelta(hours=4)


class Codes(Calls):
    """Cannot be turned off."""

    key = "tests.code"
    is_essential = True


@pytest.fixture(autouse=True)
def calls(settings: object) -> Iterator[None]:
    settings.QUIET_HOURS = "20-06"  # type: ignore[attr-defined]
    for kind in (Calls, Letters, Codes):
        kinds.add(kind.key, kind())
    yield
    for kind in (Calls, Letters, Codes):
        kinds._items.pop(kind.key)


def call(people: Collection[Employee], number: int = 1, **more: object) -> dict[str, datetime.datetime]:
    """Route one event and return when each gets it by e-mail, by user name."""
    event = Event(Calls.key, f"call:{number}", number, **more)  # type: ignore[arg-type]
    route(event, [person.pk for person in people])
    stored = Delivery.objects.filter(event_key=event.key).values_list("recipient__username", "not_before")
    return {name: moment.astimezone(OSLO) for name, moment in stored}


@pytest.mark.django_db
@pytest.mark.parametrize(("at", "goes"), [(NOON, NOON), (NIGHT, MORNING)])
def test_by_day_at_once_by_night_in_the_morning(
    amina: Employee, at: datetime.datetime, goes: datetime.datetime
) -> None:
    with time_machine.travel(at, tick=False):
        assert call([amina]) == {amina.username: goes}
        assert call([amina]) == {amina.username: goes}, "once, whatever is run twice"
        assert call([amina], 2, urgency=Urgency.URGENT) == {amina.username: at}


def test_own_hours_before_the_nearest_units(amina: Employee, kari: Employee, thanh: Employee, city: City) -> None:
    UnitQuietHours.objects.create(unit=city.alna, starts="08:00", ends="16:00")
    UnitQuietHours.objects.create(unit=amina.primary_employment.unit, starts="00:00", ends="00:00")  # type: ignore[union-attr]
    NotificationSettings.objects.create(employee=kari, quiet_from="22:00", quiet_to="23:30")
    with time_machine.travel(NIGHT, tick=False):
        told = call([amina, kari, thanh])
    assert told[amina.username] == NIGHT, "never quiet in the unit"
    assert told[kari.username] == NIGHT.replace(minute=30)
    assert told[thanh.username] == (NIGHT if thanh.primary_employment.unit.agency_id == city.alna.pk else MORNING)  # type: ignore[union-attr]
    assert unit_hours_of(amina) == (datetime.time(0), datetime.time(0))


@pytest.mark.django_db
def test_what_people_have_chosen_and_what_passes_it(amina: Employee, kari: Employee, thanh: Employee) -> None:
    Preference.objects.create(employee=amina, kind="topic:answers", channel="email", wanted=False)
    Preference.objects.create(employee=kari, kind="topic:answers", channel="email", wanted=False)
    Preference.objects.create(employee=kari, kind=Calls.key, channel="email", wanted=True)
    PlaceLevel.objects.create(employee=thanh, place="group:x", level="nothing")
    people = [amina, kari, thanh]
    with time_machine.travel(NOON, tick=False):
        assert set(call(people, 1, places=["group:x"])) == {kari.username}
        assert set(call(people, 2, places=["group:y"])) == {kari.username, thanh.username}
        NotificationSettings.objects.create(employee=kari, paused_until=NOON + datetime.timedelta(days=7))
        assert set(call(people, 3)) == {thanh.username}
        assert set(call(people, 4, places=["group:x"], urgency=Urgency.CRITICAL)) == {one.username for one in people}


@pytest.mark.django_db
def test_what_could_not_go_before_the_night_waits_for_the_morning(amina: Employee, kari: Employee) -> None:
    with time_machine.travel(NOON, tick=False):
        call([amina])
        call([kari], 2, urgency=Urgency.URGENT)
    with time_machine.travel(NIGHT, tick=False):
        assert [one.recipient for one in claim("email", 1)] == [kari]
    assert Delivery.objects.get(recipient=amina).not_before == MORNING


@pytest.mark.django_db
def test_what_turned_quiet_after_the_event_is_not_sent(amina: Employee, kari: Employee, thanh: Employee) -> None:
    """Whatever road it was turned quiet by; what is critical or essential goes."""
    people = [amina.pk, kari.pk, thanh.pk]
    with time_machine.travel(NOON, tick=False):
        for urgency in (Urgency.CRITICAL, Urgency.URGENT):
            route(Event(Calls.key, f"call:{urgency}", 1, places=["group:x"], urgency=urgency), people)
        route(Event(Letters.key, "letter:1", 1, places=["group:x"]), people)
        route(Event(Codes.key, "code:1", 1), people)
        assert {one.kind for one in _going()} == {Calls.key, Letters.key, Codes.key}
        assert len(_going()) == 12
        NotificationSettings.objects.create(employee=amina, paused_until=NOON + datetime.timedelta(days=7))
        PlaceLevel.objects.create(employee=kari, place="group:x", level="nothing")
        NotificationSettings.objects.create(employee=thanh, digest="daily")
        assert {(one.recipient, one.kind, one.priority) for one in _going() if one.priority > 0} == {
            *((person, Codes.key, 1) for person in (amina, kari, thanh)),
            (thanh, Calls.key, 2),
        }
        Preference.objects.create(employee=thanh, kind="topic:answers", channel="email", wanted=False)
        assert {one.kind for one in _going() if one.priority > 0} == {Codes.key}
    assert [one.priority for one in _going()] == [0, 0, 0, 1, 1, 1]


def _going() -> list[Delivery]:
    return [one for one in Delivery.objects.order_by("priority") if about(one)]


@pytest.mark.django_db
def test_two_kinds_of_one_event_are_two_messages_and_what_is_critical_goes_first(amina: Employee) -> None:
    with time_machine.travel(NOON, tick=False):
        for kind, urgency in ((Calls, 0), (Letters, 0), (Codes, 0), (Calls, 0), (Calls, 2)):
            route(Event(kind.key, f"thing:{urgency}", 1, urgency=Urgency(urgency)), [amina.pk])
    with time_machine.travel(NOON + datetime.timedelta(hours=5), tick=False):
        going = [*claim("email", 1), *claim("email", 9)]
    assert [(one.kind, one.priority) for one in going] == [
        (Calls.key, 0),
        (Codes.key, 1),
        (Calls.key, 2),
        (Letters.key, 2),
    ]


@pytest.mark.django_db
def test_what_is_about_no_one_thing_goes_too(amina: Employee) -> None:
    route(Event(Calls.key, "call:none"), [amina.pk])
    assert Delivery.objects.get(event_key="call:none").target_id is None


@pytest.mark.django_db
def test_one_statement_for_each_road(amina: Employee, kari: Employee, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        route(Event(Calls.key, "call:9", 9), [amina.pk, kari.pk], channels=["email"])


# The nights the clocks are changed, and one of neither.
MOMENTS = st.sampled_from([(2026, 3, 28), (2026, 10, 24), (2026, 6, 1)]).flatmap(
    lambda day: st.integers(0, 2 * 24 * 60).map(
        lambda minutes: datetime.datetime(*day, tzinfo=datetime.UTC) + datetime.timedelta(minutes=minutes)
    )
)
TIMES = st.integers(0, 24 * 60 - 1).map(lambda minutes: datetime.time(minutes // 60, minutes % 60))


@pytest.mark.django_db
@given(at=MOMENTS, starts=TIMES, ends=TIMES)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(
    at: datetime.datetime, starts: datetime.time, ends: datetime.time
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tunet_quiet_until(%s, %s::time, %s::time, 'Europe/Oslo')", [at, str(starts), str(ends)])
        goes = cursor.fetchone()[0]
    wall = at.astimezone(OSLO).time()
    if _is_quiet(wall, starts, ends):
        assert at < goes <= at + datetime.timedelta(hours=25)
        clock = goes.astimezone(OSLO).time()
        was_skipped = (clock.hour, ends.hour) == (3, 2)
        assert was_skipped or (clock == ends and not _is_quiet(clock, starts, ends))
    else:
        assert goes == at


def _is_quiet(wall: datetime.time, starts: datetime.time, ends: datetime.time) -> bool:
    if starts <= ends:
        return starts <= wall < ends
    return wall >= starts or wall < ends
