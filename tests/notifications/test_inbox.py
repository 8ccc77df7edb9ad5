"""The inbox, through a kind made for the test."""

from __future__ import annotations

import datetime
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
    (line,) = load_inbox(amina)
    assert "<b>Liv Aune</b> +2" in line.html
    assert "wave &lt;1&gt;" in line.html
    assert (line.unread, count_unread(amina)) == (True, 3)
    mark_read(reader=amina, notification=Notification.objects.filter(recipient=amina)[0])
    assert count_unread(amina) == 0


def test_what_is_no_longer_mine_to_see_is_left_out(amina: Employee, kari: Employee, client_of: Any) -> None:
    wave(kari, [amina], number=101)
    assert load_inbox(amina) == []
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
    assert entry["actor"] == kari.public_id
    assert client_of(kari).post(f"/api/v1/notifications/{entry['id']}/read/").status_code == 404
    assert client_of(amina).post(f"/api/v1/notifications/{entry['id']}/read/").status_code == 204
    assert client_of(amina).get("/api/v1/notifications/counters/").json() == {"unread": 0}


def test_api_lists_what_the_counters_count(amina: Employee, kari: Employee, client_of: Any) -> None:
    now = timezone.now()
    noon = Line(now, SafeString("Hei"), "/announcements/x/", unread=True, icon="Megaphone", key="posters-2")
    same = replace(noon, key="posters-1", unread=False, read_at=now)
    old = replace(noon, at=now - datetime.timedelta(days=9), key="posters-0", person=kari)
    line_sources.add("posters", lambda employee, limit: [noon, same, old][:limit])
    unread_sources.add("posters", lambda employee: 2)
    try:
        for number in range(3):
            wave(kari, [amina], number=number)
        Notification.objects.update(created_at=now)
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
    assert [name for _, name, _ in entries[3:]] == ["posters-2", "posters-1", "posters-0"]
    assert len(set(entries)) == 6
    assert counted == sum(unread for _, _, unread in entries) == 5


def test_older_pages_hold_the_other_sources_too(amina: Employee) -> None:
    now = timezone.now()
    lines = [Line(now - datetime.timedelta(hours=n), SafeString(f"nr {n}"), "/", False, "Bell") for n in range(40)]
    line_sources.add("posters", lambda employee, limit: lines[:limit])
    try:
        first = load_inbox(amina)
        assert [*first, *load_inbox(amina, after=first[-1].edge)] == lines
    finally:
        line_sources._items.pop("posters")


def test_a_bundle_stands_on_one_page(amina: Employee, kari: Employee, thanh: Employee) -> None:
    wave(thanh, [amina], bundle_key="waves at amina")
    for number in range(2, 40):
        wave(kari, [amina], number=number)
    wave(kari, [amina], bundle_key="waves at amina")
    first = load_inbox(amina)
    second = load_inbox(amina, after=first[-1].edge)
    assert (len(first), len(second)) == (30, 9)
    assert len({line.key for line in [*first, *second]}) == 39
    assert "+1" in first[0].html


def test_no_email_without_a_server(amina: Employee, kari: Employee) -> None:
    wave(kari, [amina])
    assert not Delivery.objects.exists()
