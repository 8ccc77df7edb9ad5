"""Who comes in, and how: anyone, those who ask, those who are invited, those whom rules put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from directory.models import Employee, Organisation
from feed.actions import publish_post
from feed.models import Placement
from groups.actions import (
    GroupFacts,
    add_members,
    answer_invitation,
    ask_to_join,
    change_group,
    create_group,
    follow_group,
    invite_to_group,
    join_group,
    remove_member,
    save_audience,
    set_role,
)
from groups.models import AudienceTerm, Follow, Group, Invitation, Membership
from groups.notification_kinds import address_outside
from groups.querysets import GroupQuerySet
from notifications.models import Notification
from onboarding.models import EnrolmentRule
from onboarding.reconcile import reconcile_enrolments
from tests.conftest import MakeGroup

ClientOf = Callable[[Employee], Client]


def at(name: str, group: Group, *more: str) -> str:
    return reverse(name, args=[group.public_id, group.slug, *more])


def may(employee: Employee, group: Group) -> set[str]:
    """What one outside the group may do to come in."""
    verbs = ("join", "ask_to_join", "follow", "invite", "add_members", "write")
    return {verb for verb in verbs if employee.has_perm(f"groups.{verb}", group)}


@pytest.mark.parametrize(
    ("privacy", "joining", "expected"),
    [
        ("open", "anyone", {"join", "follow"}),
        ("open", "request", {"ask_to_join", "follow"}),
        ("open", "invitation", {"follow"}),
        ("open", "rule", {"follow"}),
        ("closed", "anyone", {"ask_to_join"}),
        ("closed", "request", {"ask_to_join"}),
        ("closed", "invitation", set()),
        ("closed", "rule", set()),
        ("secret", "anyone", set()),
        ("secret", "request", set()),
        ("secret", "invitation", set()),
    ],
)
def test_the_door(
    privacy: str, joining: str, expected: set[str], make_group: MakeGroup, kari: Employee, thanh: Employee
) -> None:
    group = make_group("Vafler", privacy, owner=kari, joining=joining)
    assert may(thanh, group) == expected


@pytest.mark.parametrize(
    ("privacy", "joining", "member", "owner"),
    [
        ("open", "anyone", {"invite", "write"}, {"invite", "add_members", "write"}),
        ("open", "request", {"write"}, {"invite", "add_members", "write"}),
        ("closed", "request", {"write"}, {"invite", "add_members", "write"}),
        ("secret", "invitation", {"write"}, {"invite", "add_members", "write"}),
        ("closed", "rule", {"write"}, {"write"}),
    ],
)
def test_who_brings_others_in(
    privacy: str,
    joining: str,
    member: set[str],
    owner: set[str],
    make_group: MakeGroup,
    kari: Employee,
    amina: Employee,
) -> None:
    group = make_group("Vafler", privacy, owner=kari, members=[amina], joining=joining)
    assert may(amina, group) == member
    assert may(kari, group) == owner


def test_rules_alone_put_in(make_group: MakeGroup, kari: Employee, thanh: Employee) -> None:
    group = make_group("Alna", "closed", owner=kari, joining="rule")
    with pytest.raises(PermissionDenied):
        add_members(actor=kari, group=group, employees=[thanh])
    with pytest.raises(PermissionDenied):
        ask_to_join(actor=thanh, group=group)


def test_only_owners_write_where_announcements_are_made(make_group: MakeGroup, kari: Employee, amina: Employee) -> None:
    group = create_group(actor=kari, facts=GroupFacts("Drift", kind="announcements"))
    Membership.objects.create(group=group, employee=amina)
    assert group.posting == "owners"
    assert kari.has_perm("groups.write", group)
    assert not amina.has_perm("groups.write", group)
    assert amina.has_perm("groups.comment", group)


@pytest.mark.parametrize(
    ("privacy", "chosen", "kept"),
    [
        ("open", "", "anyone"),
        ("open", "rule", "rule"),
        ("closed", "", "request"),
        ("closed", "anyone", "request"),
        ("closed", "invitation", "invitation"),
        ("secret", "request", "invitation"),
        ("secret", "rule", "rule"),
    ],
)
def test_the_door_fits_the_privacy(privacy: str, chosen: str, kept: str, admin: Employee) -> None:
    group = create_group(actor=admin, facts=GroupFacts("Vafler", privacy=privacy, joining=chosen))
    assert group.joining == kept


def test_joining_asks_how_much_one_wants_to_be_told(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group, client = make_group("Vafler", owner=kari), client_of(thanh)
    joined = client.post(at("join_group", group), follow=True)
    assert joined.redirect_chain[-1][0] == f"{group.get_absolute_url()}?joined=1"
    assert b'id="ask-level"' in joined.content
    assert at("leave_group", group).encode() in joined.content
    nameless = f"{address_outside(group)}?joined=1"
    assert client.get(nameless, follow=True).redirect_chain[-1][0] == group.joined_url, "which messages lead to"

    client.post(at("group_level", group), {"level": "quiet"})
    assert Membership.objects.get(group=group, employee=thanh).notification_level == "quiet"
    assert b'id="ask-level"' not in client.get(group.get_absolute_url()).content


def test_an_invitation_opens_a_hidden_door(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group = make_group("Skjult", "secret", owner=kari, members=[amina], joining="invitation")
    client = client_of(thanh)
    assert client.get(group.get_absolute_url()).status_code == 404

    client_of(kari).post(at("invite_member", group, thanh.public_id))
    assert Notification.objects.get(recipient=thanh).kind == "group_invitation"
    page = client.get(group.get_absolute_url())
    assert page.status_code == 200
    assert b"Kari Nordby" in page.content
    assert b"Amina" not in page.content
    assert client.get(at("group_members", group)).status_code == 404
    assert group.name in client.get(reverse("groups")).content.decode()

    answer = client.post(at("answer_group_invitation", group), {"accept": "1"})
    assert answer.status_code == 302
    assert Membership.objects.filter(group=group, employee=thanh).exists()
    assert client.get(at("group_members", group)).status_code == 200


def test_a_no_closes_the_door_again_and_is_a_no(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group, client = make_group("Skjult", "secret", owner=kari, joining="invitation"), client_of(thanh)
    invite_to_group(actor=kari, group=group, employee=thanh)
    client.post(at("answer_group_invitation", group), {"decline": "1"})
    assert client.get(group.get_absolute_url()).status_code == 404
    assert invite_to_group(actor=kari, group=group, employee=thanh) is None
    assert Notification.objects.filter(recipient=thanh).count() == 1
    undo = f"{at('answer_group_invitation', group)}?undo=1"
    assert client_of(kari).post(undo).status_code == 404
    assert client.post(undo).status_code == 302
    assert b"Kari Nordby" in client.get(group.get_absolute_url()).content
    assert client.post(undo).status_code == 404, "nothing is left to undo"


def test_nobody_is_asked_twice_or_in_vain(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, make_employee: Any
) -> None:
    group = make_group("Vafler", owner=kari, members=[amina])
    hidden = make_employee("Skjermet Person", protected=True)
    assert invite_to_group(actor=amina, group=group, employee=thanh)
    assert invite_to_group(actor=kari, group=group, employee=thanh) is None
    assert invite_to_group(actor=kari, group=group, employee=amina) is None
    assert invite_to_group(actor=kari, group=group, employee=hidden) is None
    answer_invitation(actor=thanh, group=group, accept=True)
    remove_member(actor=kari, group=group, employee=thanh)
    assert invite_to_group(actor=kari, group=group, employee=thanh) is None


def test_an_invitation_can_be_taken_back(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group = make_group("Skjult", "secret", owner=kari, joining="invitation")
    invite_to_group(actor=kari, group=group, employee=thanh)
    members = client_of(kari).get(at("group_members", group)).content.decode()
    assert "Thanh Nguyen" in members
    client_of(kari).post(at("invite_member", group, thanh.public_id), {"take_back": "1"})
    assert not Invitation.objects.exists()
    assert client_of(thanh).get(group.get_absolute_url()).status_code == 404
    assert client_of(thanh).post(at("answer_group_invitation", group), {"accept": "1"}).status_code == 404


def test_joining_ends_following_and_answers_what_waits(make_group: MakeGroup, kari: Employee, thanh: Employee) -> None:
    group = make_group("Vafler", owner=kari)
    follow_group(actor=thanh, group=group)
    invite_to_group(actor=kari, group=group, employee=thanh)
    join_group(actor=thanh, group=group)
    assert not Follow.objects.exists()
    assert Invitation.objects.get().accepted


def test_following_and_muting(make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf) -> None:
    group, client = make_group("Vafler", owner=kari), client_of(thanh)
    client.post(at("follow_group", group))
    client.post(at("follow_group", group))
    assert Follow.objects.get().employee == thanh
    assert "Vafler" in client.get(reverse("groups")).content.decode()
    client.post(at("follow_group", group), {"unfollow": "1"})
    assert not Follow.objects.exists()

    Membership.objects.create(group=group, employee=thanh)
    client.post(at("mute_group", group))
    assert Membership.objects.get(employee=thanh).muted_at
    client.post(at("mute_group", group), {"unmute": "1"})
    assert Membership.objects.get(employee=thanh).muted_at is None


def test_a_group_that_is_open_no_more_has_no_followers(make_group: MakeGroup, kari: Employee, thanh: Employee) -> None:
    group = make_group("Vafler", owner=kari)
    follow_group(actor=thanh, group=group)
    change_group(actor=kari, group=group, facts=GroupFacts("Vafler", privacy="closed"))
    assert not Follow.objects.exists()


def test_history_before_ones_time(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group = make_group("Vafler", "closed", owner=kari, members=[amina], open_history=False)
    before = publish_post(actor=kari, groups=[group], text="Før du kom")
    Membership.objects.create(group=group, employee=thanh)
    after = publish_post(actor=kari, groups=[group], text="Etter at du kom")
    page = client_of(thanh).get(group.get_absolute_url()).content.decode()
    assert "Etter at du kom" in page
    assert "Før du kom" not in page
    assert client_of(thanh).get(before.get_absolute_url()).status_code == 404
    assert client_of(thanh).get(after.get_absolute_url()).status_code == 200
    assert Placement.objects.readable_by(amina).count() == 2


def test_what_is_shown_of_readers_needs_the_organisation_first(
    make_group: MakeGroup, kari: Employee, client_of: ClientOf
) -> None:
    group = make_group("Vafler", "closed", owner=kari, members=[])
    facts = {"name": "Vafler", "privacy": "closed", "posting": "members", "icon": "Globe", "color": "accent"}
    client = client_of(kari)
    assert b'name="seen_by"' not in client.get(at("group_settings", group)).content
    Organisation.objects.create(
        pk=1, insight_purpose="x", dpia_reference="1", discussed_with_stewards_date="2026-01-01"
    )
    assert b'name="seen_by"' in client.get(at("group_settings", group)).content
    client.post(at("group_settings", group), facts | {"seen_by": "names", "open_history": "on"})
    group.refresh_from_db()
    assert group.seen_by == "names"
    told = client.get(at("group_about", group)).content.decode()
    assert "hvem" in told
    refused = client.post(at("group_settings", group), facts | {"privacy": "open", "seen_by": "names"})
    assert refused.status_code == 422
    assert "seen_by" in refused.context["form"].errors


def test_a_group_belongs_to_a_unit_of_ones_own(kari: Employee, client_of: ClientOf, city: Any) -> None:
    facts = {"name": "Vafler", "privacy": "open", "icon": "Globe", "color": "accent", "kind": "social"}
    refused = client_of(kari).post(reverse("new_group"), facts | {"unit": city.water.public_id})
    assert "unit" in refused.context["form"].errors
    client_of(kari).post(reverse("new_group"), facts | {"unit": city.alna.public_id})
    started = Group.objects.get()
    assert (started.unit, started.kind) == (city.alna, "social")


def test_suggestions_come_from_those_with_the_same_job_too(
    make_group: MakeGroup, make_employee: Any, amina: Employee, kari: Employee, city: Any
) -> None:
    far = make_employee("Emeka Okafor", unit=city.water, family=city.carers)
    near = make_group("Nær", members=[kari])
    alike = make_group("Fag", members=[far])
    make_group("Bare regler", members=[kari, far], joining="rule")
    found: GroupQuerySet = Group.objects.suggested_to(amina)
    assert [(group, group.colleague_count, group.peer_count) for group in found] == [  # type: ignore[attr-defined]
        (near, 1, 0),
        (alike, 0, 1),
    ]


def test_an_open_group_that_lets_in_those_who_ask(
    make_group: MakeGroup, kari: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group, client = make_group("Vafler", owner=kari, joining="request"), client_of(thanh)
    assert client.post(at("join_group", group)).status_code == 403
    asked = client.post(at("ask_to_join", group), follow=True).content.decode()
    assert "Du har spurt" in asked
    undo = f"{at('ask_to_join', group)}?take_back=1"
    assert f'action="{undo}"' in asked
    assert "Du har spurt" not in client.post(undo, follow=True).content.decode()
    client.post(at("ask_to_join", group))
    client_of(kari).post(at("answer_request", group, thanh.public_id), {"accept": "1"})
    assert Membership.objects.filter(group=group, employee=thanh).exists()


def test_muting_and_following_can_be_undone(
    make_group: MakeGroup, kari: Employee, amina: Employee, thanh: Employee, client_of: ClientOf
) -> None:
    group = make_group("Vafler", owner=kari, members=[amina])
    muted = client_of(amina).post(at("mute_group", group), follow=True).content.decode()
    assert f"{at('mute_group', group)}?unmute=1" in muted
    client_of(amina).post(f"{at('mute_group', group)}?unmute=1")
    assert Membership.objects.get(employee=amina).muted_at is None
    client_of(thanh).post(at("follow_group", group))
    gone = client_of(thanh).post(at("follow_group", group), {"unfollow": "1"}, follow=True).content.decode()
    assert f'action="{at("follow_group", group)}"' in gone
    client_of(thanh).post(at("follow_group", group))
    assert Follow.objects.get().employee == thanh


def test_a_rule_ends_following_and_answers_the_invitation(
    make_group: MakeGroup, kari: Employee, amina: Employee, city: Any
) -> None:
    group = make_group("Alna", owner=kari)
    follow_group(actor=amina, group=group)
    invite_to_group(actor=kari, group=group, employee=amina)
    audience = save_audience(terms=[AudienceTerm(kind="unit", unit=city.alna)])
    EnrolmentRule.objects.create(audience=audience).groups.add(group)
    reconcile_enrolments()
    assert Membership.objects.filter(group=group, employee=amina).exists()
    assert not Follow.objects.exists()
    assert Invitation.objects.get().accepted


def test_who_was_asked_into_an_open_group_by_a_member_does_not_come_into_a_secret_one(
    make_group: MakeGroup, admin: Employee, amina: Employee, thanh: Employee, liv: Employee
) -> None:
    group = make_group("Vafler", owner=admin, members=[amina])
    invite_to_group(actor=amina, group=group, employee=thanh)
    invite_to_group(actor=admin, group=group, employee=liv)
    change_group(actor=admin, group=group, facts=replace(GroupFacts.of(group), privacy="secret", joining="invitation"))
    assert [one.employee for one in Invitation.objects.all()] == [liv]
    assert not Group.objects.visible_to(thanh).exists()


def test_a_leaving_is_undone_once(make_group: MakeGroup, kari: Employee, amina: Employee, client_of: ClientOf) -> None:
    group, browser = make_group("Vafler", owner=kari), client_of(amina)
    Membership.objects.create(group=group, employee=amina, role="owner")

    def leave() -> str:
        token = browser.post(at("leave_group", group), follow=True).content.decode().split("undo-leaving/")[1]
        return f"/groups/{group.public_id}/undo-leaving/{token.split(chr(34))[0]}"

    first = leave()
    browser.post(first)
    set_role(actor=kari, group=group, employee=amina, role="member")
    second = leave()
    assert browser.post(first).status_code == 404
    browser.post(second)
    assert Membership.objects.get(group=group, employee=amina).role == "member"
