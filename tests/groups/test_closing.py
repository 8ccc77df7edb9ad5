"""The end of a group: archived, closed down, purged; and what owners are asked once a year."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.models import Attachment, Thread
from directory.models import AuditEvent, Employee
from feed.actions import publish_post, share_post
from feed.models import Post
from groups.actions import (
    GroupFacts,
    change_group,
    close_group,
    confirm_in_use,
    invite_to_group,
    join_group,
    purge_closed_groups,
    reopen_group,
)
from groups.audiences import compile_terms
from groups.fan_outs import ask_whether_in_use
from groups.models import AudienceTerm, Group, Membership
from notifications.fan_out import run_due_fan_outs
from notifications.models import Notification
from tests.conftest import MakeGroup
from tests.intranet.access_world import picture

ClientOf = Callable[[Employee], Client]


def at(name: str, group: Group, *more: str) -> str:
    return reverse(name, args=[group.public_id, group.slug, *more])


@pytest.fixture
def group(make_group: MakeGroup, kari: Employee, amina: Employee) -> Group:
    return make_group("Nattvakter", owner=kari, members=[amina])


def test_a_closed_group_is_gone_everywhere(
    group: Group, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    post = publish_post(actor=amina, groups=[group], text="Hvem har nøkkelen?", uploads=[picture()])
    attachment = post.thread.attachments.get()
    places = [group.get_absolute_url(), at("group_members", group), post.get_absolute_url()]
    places += [attachment.get_absolute_url(), f"/api/v1/groups/{group.public_id}/", f"/api/v1/posts/{post.public_id}/"]
    lists = ["/", "/?feed=newest", "/groups/?show=all", "/groups/?q=natt", "/search/?q=natt", "/search/?q=nøkkelen"]
    for place in places:
        assert client_of(amina).get(place).status_code == 200, place

    close_group(actor=kari, group=group)
    for reader in (amina, kari, thanh):
        client = client_of(reader)
        for place in places:
            assert client.get(place).status_code == 404, place
        for place in lists:
            told = client.get(place).content.decode()
            assert "nøkkelen?" not in told, place
            assert group.get_absolute_url() not in told, place
        with pytest.raises(PermissionDenied):
            join_group(actor=thanh, group=group)
    assert not kari.has_perm("groups.manage", group)
    assert not amina.has_perm("groups.write", group)


def test_owners_open_it_again(
    group: Group, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    closed = client_of(kari).post(at("close_group", group), follow=True)
    assert at("reopen_group", group) in closed.content.decode()
    assert at("reopen_group", group) not in client_of(amina).get("/groups/").content.decode()
    assert client_of(amina).post(at("reopen_group", group)).status_code == 404
    assert client_of(kari).post(at("reopen_group", group)).status_code == 302
    assert client_of(amina).get(at("group_members", group)).status_code == 200
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["groups.closed", "groups.reopened"]


def test_after_thirty_days_it_is_gone_for_good(
    group: Group,
    kari: Employee,
    amina: Employee,
    make_group: MakeGroup,
    django_capture_on_commit_callbacks: Any,
) -> None:
    other = make_group("Vafler", owner=amina, members=[kari])
    alone = publish_post(actor=amina, groups=[group], text="Bare her", uploads=[picture()])
    both = publish_post(actor=amina, groups=[group], text="Også der")
    share_post(actor=amina, post=both, groups=[other])
    stored = Attachment.objects.get().file
    close_group(actor=kari, group=group)
    Group.objects.filter(pk=group.pk).update(closed_at=timezone.now() - datetime.timedelta(days=29))
    assert purge_closed_groups() == 0
    Group.objects.filter(pk=group.pk).update(closed_at=timezone.now() - datetime.timedelta(days=31))
    group.refresh_from_db()
    with pytest.raises(PermissionDenied):
        reopen_group(actor=kari, group=group)

    with django_capture_on_commit_callbacks(execute=True):
        assert purge_closed_groups() == 1
    assert list(Group.objects.all()) == [other]
    assert list(Post.objects.all()) == [both]
    assert not Thread.objects.filter(pk=alone.thread_id).exists()
    assert not default_storage.exists(f"{stored}/400.webp")


def test_members_are_told_when_others_may_read(group: Group, kari: Employee, amina: Employee) -> None:
    change_group(actor=kari, group=group, facts=GroupFacts("Nattvakter", privacy="closed"))
    run_due_fan_outs()
    told = Notification.objects.get()
    assert (told.kind, told.recipient) == ("group_privacy", amina)
    assert told.facts == {"from": "open", "to": "closed"}
    change_group(actor=kari, group=group, facts=GroupFacts("Nattvakter nord", privacy="closed"))
    run_due_fan_outs()
    assert Notification.objects.count() == 1


def test_owners_are_asked_once_a_year(group: Group, kari: Employee, client_of: ClientOf) -> None:
    assert ask_whether_in_use() == 0
    assert b'id="in-use"' not in client_of(kari).get(group.get_absolute_url()).content
    Group.objects.update(in_use_at=timezone.now() - datetime.timedelta(days=366))
    assert ask_whether_in_use() == 1
    assert ask_whether_in_use() == 0
    assert Notification.objects.get().recipient == kari
    assert b'id="in-use"' in client_of(kari).get(group.get_absolute_url()).content
    client_of(kari).post(at("confirm_group", group))
    assert b'id="in-use"' not in client_of(kari).get(group.get_absolute_url()).content
    with pytest.raises(PermissionDenied):
        confirm_in_use(actor=Membership.objects.get(role="member").employee, group=group)


def test_a_closed_group_invites_nobody(group: Group, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    invite_to_group(actor=kari, group=group, employee=thanh)
    close_group(actor=kari, group=group)
    assert "Nattvakter" not in client_of(thanh).get("/groups/").content.decode()
    assert client_of(thanh).post(at("answer_group_invitation", group), {"accept": "1"}).status_code == 404


def test_files_are_for_those_who_read(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group = make_group("Nattvakter", "closed", owner=kari, members=[amina])
    publish_post(actor=amina, groups=[group], text="Se her", uploads=[picture()])
    shown = client_of(kari).get(at("group_files", group)).content.decode()
    assert Attachment.objects.get().get_absolute_url() in shown
    assert Post.objects.get().get_absolute_url() in shown
    assert client_of(kari).get(at("group_files", group), {"kind": "file"}).content.decode().count("filethumb") == 0
    assert client_of(thanh).get(at("group_files", group)).status_code == 404


def test_a_group_without_an_owner_is_taken_over_by_two_members_together(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, hege: Employee, client_of: ClientOf
) -> None:
    group = make_group("Nattvakter", "closed", owner=kari, members=[amina, thanh])
    address = at("take_over_group", group)
    assert client_of(amina).post(address).status_code == 404
    Employee.objects.filter(pk=kari.pk).update(is_active=False)
    assert client_of(hege).post(address).status_code == 404
    assert "Ingen passer på" in client_of(amina).get(group.get_absolute_url()).content.decode()
    client_of(amina).post(address)
    assert client_of(amina).post(address, {"agree": "1"}).status_code == 403
    assert "Amina Hassan tilbyr seg" in client_of(thanh).get(group.get_absolute_url()).content.decode()
    client_of(thanh).post(address, {"agree": "1"})
    assert group.memberships.get(role="owner", employee__is_active=True).employee == amina
    event = AuditEvent.objects.get(verb="groups.taken_over")
    assert (event.actor, event.subject) == (thanh, amina)
    run_due_fan_outs()
    assert Notification.objects.filter(recipient=thanh, kind="group_taken_over").exists()
    assert "ser nå etter" in client_of(thanh).get("/notifications/").content.decode()
    assert client_of(thanh).post(address).status_code == 404


def test_a_group_that_was_closed_down_is_nobodys_audience(
    make_group: MakeGroup, kari: Employee, amina: Employee
) -> None:
    group = make_group("Nattvakter", owner=kari, members=[amina])
    terms = [AudienceTerm(kind="group", group=group)]
    assert compile_terms(terms).count() == 2
    close_group(actor=kari, group=group)
    assert not compile_terms(terms).exists()
