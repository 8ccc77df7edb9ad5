"""Reporting what should not stand, hiding what tells of citizens at once, and the moderator's answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conversations.actions import add_comment, decide_report, report
from conversations.models import Comment, Report
from core.errors import RefusedError
from directory.models import AuditEvent, Employee
from feed.actions import publish_to_line
from feed.models import Post
from groups.models import Group
from notifications.models import Notification
from tests.conftest import MakeEmployee, MakeGroup

ClientOf = Any


@pytest.fixture
def group(make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina, thanh])


@pytest.fixture
def post(make_post: Any, amina: Employee, group: Group) -> Post:
    written: Post = make_post(amina, group, text="Fru Berg i tredje etasje har fått ny medisin.")
    return written


@pytest.fixture
def officer(make_employee: MakeEmployee) -> Employee:
    return make_employee("Per Vern", roles=("data_protection_officer",))


def told(kind: str) -> list[int]:
    return sorted(Notification.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def test_personal_data_is_hidden_at_once_and_the_officer_told(
    client_of: ClientOf, post: Post, amina: Employee, kari: Employee, thanh: Employee, officer: Employee
) -> None:
    browser = client_of(thanh)
    sent = browser.post(reverse("report_thread", args=[post.thread.public_id]), {"reason": "personal_data"})
    assert sent.status_code == 302
    for person in (amina, kari, thanh):
        assert client_of(person).get(post.get_absolute_url()).status_code == 404
        assert not Post.objects.visible_to(person).exists()
    assert told("reported") == [kari.pk]
    assert told("personal_data_reported") == [officer.pk]
    assert told("own_words_hidden") == [amina.pk]
    made = Report.objects.get()
    assert "Fru Berg" in client_of(kari).get(made.get_absolute_url()).content.decode()
    assert "Fru Berg" not in client_of(officer).get(made.get_absolute_url()).content.decode()
    own = client_of(amina).get(made.get_absolute_url()).content.decode()
    assert "Fru Berg" in own
    assert thanh.display_name not in own


def test_kept_is_shown_again_and_taken_down_is_gone(
    client_of: ClientOf, post: Post, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    made = report(actor=thanh, thread=post.thread, reason="personal_data")
    answer = {"decision": "kept", "answer": "Fru Berg er en katt."}
    assert client_of(kari).post(made.get_absolute_url(), answer).status_code == 302
    assert Post.objects.visible_to(thanh).get() == post
    assert "Fru Berg er en katt." in client_of(thanh).get(made.get_absolute_url()).content.decode()
    again = report(actor=thanh, thread=post.thread, reason="harassment")
    assert Post.objects.visible_to(thanh).exists(), "only citizens' data hides at once"
    decide_report(actor=kari, report=again, decision="taken_down")
    assert not Post.objects.visible_to(thanh).exists()
    assert told("report_answered") == [thanh.pk, thanh.pk]
    assert told("own_words_decided") == [amina.pk, amina.pk]
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"conversations.reported", "conversations.report_decided"} <= verbs


def test_a_comment_is_hidden_with_its_place_kept(
    client_of: ClientOf, post: Post, amina: Employee, kari: Employee, thanh: Employee
) -> None:
    comment = add_comment(actor=amina, thread=post.thread, text="Hun bor i Alnafaret 7.")
    add_comment(actor=thanh, thread=post.thread, text="Ikke skriv det.", parent=comment)
    made = report(actor=thanh, thread=post.thread, comment=comment, reason="personal_data")
    page = client_of(kari).get(post.get_absolute_url()).content.decode()
    assert "Alnafaret" not in page
    assert "Ikke skriv det." in page
    decide_report(actor=kari, report=made, decision="taken_down")
    assert Comment.objects.get(pk=comment.pk).deleted_by == kari


def test_all_who_reported_it_are_answered_once(post: Post, kari: Employee, thanh: Employee, group: Group) -> None:
    other = Employee.objects.exclude(pk__in=[post.author_id, kari.pk, thanh.pk]).first() or kari
    group.memberships.get_or_create(employee=other)
    first = report(actor=thanh, thread=post.thread, reason="advertising")
    with pytest.raises(RefusedError):
        report(actor=thanh, thread=post.thread, reason="advertising")
    report(actor=other, thread=post.thread, reason="wrong_place")
    assert decide_report(actor=kari, report=first, decision="kept") == 2
    assert told("report_answered") == sorted(pk for pk in (thanh.pk, other.pk) if pk != kari.pk)
    with pytest.raises(RefusedError):
        decide_report(actor=kari, report=first, decision="kept")


@pytest.mark.parametrize(
    "fields", [{}, {"reason": "made up"}, {"reason": "other"}, {"reason": "other", "text": "x" * 1001}]
)
def test_bad_input_is_told_at_its_field(
    client_of: ClientOf, post: Post, thanh: Employee, fields: dict[str, str]
) -> None:
    answer = client_of(thanh).post(reverse("report_thread", args=[post.thread.public_id]), fields)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode() or "error" in answer.content.decode()
    assert not Report.objects.exists()


def test_nobody_reports_or_decides_what_is_not_theirs(
    client_of: ClientOf, post: Post, amina: Employee, kari: Employee, thanh: Employee, liv: Employee
) -> None:
    address = reverse("report_thread", args=[post.thread.public_id])
    assert client_of(amina).get(address).status_code == 403, "one's own words are deleted, not reported"
    assert client_of(liv).get(address).status_code == 404
    made = report(actor=thanh, thread=post.thread, reason="harassment", text="Stygt sagt.")
    for person in (amina, thanh):
        with pytest.raises(PermissionDenied):
            decide_report(actor=person, report=made, decision="kept")
    assert client_of(liv).get(made.get_absolute_url()).status_code == 404
    listed = client_of(kari).get(reverse("reports")).content.decode()
    assert made.get_absolute_url() in listed
    assert made.get_absolute_url() not in client_of(liv).get(reverse("reports")).content.decode()
    assert Client().get(reverse("reports")).status_code == 302


def test_what_a_leader_wrote_to_the_line_is_decided_above(
    client_of: ClientOf, make_employee: MakeEmployee, kari: Employee, amina: Employee, liv: Employee, city: Any
) -> None:
    director = make_employee("Tor Dahl", unit=city.alna)
    for unit, leader in ((city.west, kari), (city.alna, director)):
        unit.leader = leader
        unit.save()
    post = publish_to_line(actor=kari, unit=city.west, text="Fru Berg har flyttet.")
    comment = add_comment(actor=amina, thread=post.thread, text="Til Alnafaret.")
    report(actor=kari, thread=post.thread, comment=comment, reason="harassment")
    assert told("reported") == [], "the leader of the line, who reported it, decides"
    made = report(actor=amina, thread=post.thread, reason="personal_data")
    assert told("reported") == [director.pk]
    assert not Report.objects.decidable_by(liv).exists()
    assert decide_report(actor=director, report=made, decision="taken_down") == 1
    assert not Post.objects.visible_to(amina).exists()


def test_central_communications_decides_what_only_its_writer_could(
    client_of: ClientOf,
    group: Group,
    post: Post,
    make_post: Any,
    kari: Employee,
    amina: Employee,
    thanh: Employee,
    liv: Employee,
    officer: Employee,
) -> None:
    theirs = make_post(kari, group, text="Dere er late.")
    made = report(actor=amina, thread=theirs.thread, reason="harassment", text="Slik snakker vi ikke.")
    other = report(actor=thanh, thread=post.thread, reason="advertising")
    assert told("reported") == sorted([liv.pk, kari.pk])
    assert list(Report.objects.decidable_by(liv)) == [made]
    assert not Report.objects.decidable_by(officer).exists()
    page = client_of(liv).get(made.get_absolute_url()).content.decode()
    assert "Dere er late." in page
    assert "Slik snakker vi ikke." in page
    for name in (kari.display_name, amina.display_name, group.name):
        assert name not in page
    assert client_of(liv).get(other.get_absolute_url()).status_code == 404
    group.memberships.filter(employee=thanh).update(role="moderator")
    assert not Report.objects.decidable_by(liv).exists(), "a second moderator has come"
    group.memberships.filter(employee=thanh).update(role="member")
    assert (
        client_of(liv).post(made.get_absolute_url(), {"decision": "taken_down", "answer": "Enig."}).status_code == 302
    )
    assert not Post.objects.visible_to(amina).filter(pk=theirs.pk).exists()
    assert told("report_answered") == [amina.pk]
    assert kari.display_name not in client_of(liv).get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize("facts", [{"privacy": "secret"}, {"privacy": "closed", "sensitive": True}])
def test_from_a_hidden_group_nothing_is_passed_on(
    facts: dict[str, Any], make_group: Any, make_post: Any, kari: Employee, amina: Employee, liv: Employee
) -> None:
    hidden = make_group("Nettverket", owner=kari, members=[amina], **facts)
    report(actor=amina, thread=make_post(kari, hidden, text="Dere er late.").thread, reason="harassment")
    assert told("reported") == []
    assert not Report.objects.decidable_by(liv).exists()
