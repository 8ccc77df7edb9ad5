"""The inbox, through a kind made for the test."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from directory.models import Employee
from notifications.actions import mark_read, notify
from notifications.inbox import Line, count_unread, line_sources, load_inbox, unread_sources
from notifications.kinds import Bundle, NotificationKind, kinds
from notifications.models import Delivery, Notification

LINE = engines["django"].from_string("<b>{{ bundle.actor.display_name }}</b> +{{ bundle.others }} {{ target }}")


class Waves(NotificationKind[str]):
    """«X waved»: numbers above 100 are hidden from everybody."""

    key = "tests.wave"
    templates = "tests"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, str]:
        return {pk: f"wave <{pk}>" for pk in ids if pk <= 100}

    def url(self, bundle: Bundle, target: str) -> str:
        return "/people/"

    def render(self, part: str, bundle: Bundle, target: str, **context: Any) -> str:
        return str(mark_safe(LINE.render({"bundle": bundle, "target": target})))


@pytest.fixture(autouse=True)
def waves() -> Iterator[None]:
    kinds.add(Waves.key, Waves())
    yield
    kinds._items.pop(Waves.key)


def wave(actor: Employee, to: list[Employee], number: int = 1, **more: Any) -> int:
    return notify(
        kind="tests.wave",
        recipients=[person.pk for person in to],
        event_key=f"wave:{actor.pk}:{number}",
        actor=actor,
        target_id=number,
        **more,
    )


def test_told_once_never_the_actor_never_a_leaver(amina: Employee, kari: Employee, thanh: Employee) -> None:
    Employee.objects.filter(pk=thanh.pk).update(is_active=False)
    assert wave(kari, [amina, kari, thanh]) == 1
    assert wave(kari, [amina, kari, thanh]) == 0
    assert [entry.recipient for entry in Notification.objects.all()] == [amina]


def test_bundles_what_belongs_together(amina: Employee, kari: Employee, thanh: Employee, liv: Employee) -> None:
    for person in (kari, thanh, liv):
        wave(person, [amina], bundle_key="waves at amina")
    (line,) = load_inbox(amina).lines
    assert "<b>Liv Aune</b> +2" in line.html
    assert "wave &lt;1&gt;" in line.html
    assert (line.unread, count_unread(amina)) == (True, 1)
    mark_read(reader=amina, notification=Notification.objects.filter(recipient=amina)[0])
    assert count_unread(amina) == 0


def test_what_is_no_longer_mine_to_see_is_left_out(amina: Employee, kari: Employee, client_of: Any) -> None:
    wave(kari, [amina], number=101)
    assert load_inbox(amina).lines == []
    entry = Notification.objects.get()
    answer = client_of(amina).get(f"/notifications/{entry.public_id}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/notifications/"
    assert client_of(kari).get(f"/notifications/{entry.public_id}/").status_code == 404


def test_page_costs_the_same_for_one_and_fifty(
    amina: Employee, kari: Employee, client_of: Any, django_assert_num_queries: Any
) -> None:
    client = client_of(amina)
    wave(kari, [amina], number=1)
    client.get("/notifications/")
    with django_assert_num_queries(9):
        assert client.get("/notifications/").status_code == 200
    for number in range(2, 50):
        wave(kari, [amina], number=number)
    with django_assert_num_queries(9):
        answer = client.get("/notifications/")
    assert answer.content.count(b"nrow--new") == 30
    assert client.get("/notifications/?before=nonsense").status_code == 200


def test_api_shows_only_the_own(amina: Employee, kari: Employee, client_of: Any) -> None:
    wave(kari, [amina])
    assert client_of(kari).get("/api/v1/notifications/").json()["results"] == []
    (entry,) = client_of(amina).get("/api/v1/notifications/").json()["results"]
    assert (entry["actor"], entry["others"], entry["url"]) == (kari.public_id, 0, f"/notifications/{entry['id']}/")
    assert (entry["text"], entry["reason"]) == ("Kari Nordby +0 wave <1>", "det gjelder deg")
    assert client_of(kari).post(f"/api/v1/notifications/{entry['id']}/read/").status_code == 404
    assert client_of(amina).post(f"/api/v1/notifications/{entry['id']}/read/").status_code == 204
    assert client_of(amina).get("/api/v1/notifications/counters/").json() == {"unread": 0}


def test_api_lists_what_the_counters_count(amina: Employee, kari: Employee, client_of: Any) -> None:
    now = timezone.now()
    noon = Line(now, SafeString("Hei"), "/x/", unread=True, icon="Megaphone", key="posters-2", kind="posters")
    same = replace(noon, key="posters-1", unread=False, read_at=now)
    old = replace(noon, at=now - datetime.timedelta(days=9), key="posters-0", person=kari)
    line_sources.add("posters", lambda employee, limit: [noon, same, old][:limit])
    unread_sources.add("posters", lambda employee: 2)
    try:
        for number in range(3):
            wave(kari, [amina], number=number)
            Notification.objects.filter(target_id=number).update(
                created_at=now + datetime.timedelta(minutes=number + 1)
            )
        client, address, found = client_of(amina), "/api/v1/notifications/?page_size=2", []
        while address:
            page = client.get(address).json()
            address = page["next"]
            found.append([(entry["kind"], entry["id"], entry["unread"]) for entry in page["results"]])
        counted = client.get("/api/v1/notifications/counters/").json()["unread"]
    finally:
        line_sources._items.pop("posters")
        unread_sources._items.pop("posters")
    entries = [entry for page in found for entry in page]
    assert [len(page) for page in found] == [2, 2, 2]
    assert [kind for kind, _, _ in entries] == ["tests.wave"] * 3 + ["posters"] * 3
    assert [name for _, name, _ in entries[3:]] == ["posters-2", "posters-0", "posters-1"]
    assert len(set(entries)) == 6
    assert counted == sum(unread for _, _, unread in entries) == 5


def test_older_pages_hold_the_other_sources_too(amina: Employee) -> None:
    now = timezone.now()
    lines = [
        Line(now - datetime.timedelta(hours=n), SafeString(f"nr {n}"), "/", False, "Bell", key=f"{n}")
        for n in range(40)
    ]
    line_sources.add("posters", lambda employee, limit: lines[:limit])
    try:
        first = load_inbox(amina)
        assert [*first.lines, *load_inbox(amina, after=first.next_edge).lines] == lines
    finally:
        line_sources._items.pop("posters")


def whole_inbox(reader: Employee) -> list[Line]:
    """The lines of all pages; none is empty."""
    page = load_inbox(reader)
    found = page.lines
    while page.next_edge:
        page = load_inbox(reader, after=page.next_edge)
        found = [*found, *page.lines]
    return found


def test_a_bundle_stands_in_one_place_and_hides_nothing(amina: Employee, kari: Employee, thanh: Employee) -> None:
    now, many = timezone.now(), []
    for number in range(250):
        entry = {"actor_id": (kari.pk, thanh.pk)[number % 2], "target_id": 1, "bundle_key": "waves at amina"}
        # As old as the others by pairs, the greater part of them read.
        at = {"created_at": now - datetime.timedelta(minutes=number // 2), "read_at": now if number > 9 else None}
        many.append(Notification(recipient=amina, kind="tests.wave", event_key=f"{number}", **entry, **at))
        if number < 40:
            many.append(Notification(recipient=amina, kind="tests.wave", event_key=f"one:{number}", target_id=2, **at))
    Notification.objects.bulk_create(many)
    lines = whole_inbox(amina)
    assert len(lines) == len({line.key for line in lines}) == 41
    assert [number for number, line in enumerate(lines) if "+1" in line.html] == [1], "the newest of the same minute"
    assert [line.unread for line in lines] == [True] * 11 + [False] * 30


def test_what_may_be_seen_no_more_is_not_counted(amina: Employee, kari: Employee, client_of: Any) -> None:
    for number in range(90):
        wave(kari, [amina], number=101 + number)
    wave(kari, [amina], bundle_key="waves at amina")
    wave(kari, [amina], number=200, bundle_key="waves at amina")
    Notification.objects.filter(target_id=1).update(created_at=timezone.now() - datetime.timedelta(days=3))
    listed = client_of(amina).get("/api/v1/notifications/?page_size=2").json()
    assert [entry["kind"] for entry in listed["results"]] == ["tests.wave"]
    assert [line.unread for line in whole_inbox(amina)] == [True], (
        "neither the many nor the one of its own bundle hide it"
    )
    assert count_unread(amina) == 1


def test_all_read_is_what_was_there_when_the_page_was_drawn(amina: Employee, kari: Employee, client_of: Any) -> None:
    client = client_of(amina)
    wave(kari, [amina], number=1)
    found = re.search(r'name="until" value="([^"]+)" form="read-all"', client.get("/notifications/").content.decode())
    assert found
    wave(kari, [amina], number=2)
    client.post("/notifications/read/", {"until": found[1]})
    assert [line.unread for line in load_inbox(amina).lines] == [True, False]
    client.post("/api/v1/notifications/read/", {"until": found[1]}, content_type="application/json")
    assert count_unread(amina) == 1
    client.post("/notifications/read/")
    assert count_unread(amina) == 0


def test_no_email_without_a_server(amina: Employee, kari: Employee) -> None:
    wave(kari, [amina])
    assert not Delivery.objects.exists()
