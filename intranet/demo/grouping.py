"""The demo's groups, the rules that fill them, and those who joined by hand."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from core.public_ids import new_public_id
from directory.models import JobFamily
from groups.models import Audience, AudienceTerm, Follow, Group, Invitation, Membership
from intranet.demo.people import Crowd, Person
from intranet.demo.sources import read
from intranet.demo.units import Unit
from intranet.demo.writing import family_of
from onboarding.models import EnrolmentRule

RULE_KINDS = {"everyone", "unit", "job_family", "leaders", "started_within"}
MEMBERS_FOR_A_GROUP = 9
SECTION_ICONS = [
    ("barnehage", "TeddyBear"),
    ("skole", "HatSchool"),
    ("hjem", "HouseHeart"),
    ("sykehjem", "HandHeart"),
    ("", "PersonGroup"),
]
COLOURS = ["accent", "brand1", "brand2", "brand3"]


JOINING = {"open": "anyone", "closed": "request", "secret": "invitation"}


class Groups:
    """Makes the groups; `by_key` holds those that were written by hand, `of_unit` one group a unit."""

    def __init__(self, crowd: Crowd, chance: random.Random) -> None:
        self.crowd = crowd
        self.chance = chance
        self.by_key: dict[str, Group] = {}
        self.of_unit: dict[str, Group] = {}
        self.families = dict(JobFamily.objects.values_list("name", "pk"))
        self._present = [person for person in crowd if person.end_date is None]
        self._rules: list[tuple[Group, list[dict[str, Any]], dict[str, Any]]] = []
        for entry in read("groups")["groups"]:
            self._make_written(entry)
        self._make_unit_groups()
        self._write_rules()
        self._open_doors()

    def _make_written(self, entry: dict[str, Any]) -> None:
        unit = self.crowd.units.get(entry["unit"] or "")
        group = Group.objects.create(
            name=entry["name"],
            purpose=entry["purpose"],
            kind=entry["kind"],
            privacy=entry["privacy"],
            joining=JOINING[entry["privacy"]],
            seen_by="names" if entry.get("seen_by") else "off",
            sensitive=entry["sensitive"],
            posting="owners" if entry["posting"] == "moderators" else "members",
            unit_id=unit.pk if unit else None,
            icon=entry["icon"],
            color=entry["colour"],
            cover=entry.get("cover", "").removeprefix("img/"),
            archived_at=timezone.now() - datetime.timedelta(days=40) if entry["archived"] else None,
        )
        Group.objects.filter(pk=group.pk).update(created_at=timezone.now() - datetime.timedelta(days=400))
        self.by_key[entry["key"]] = group
        if unit and [m for m in entry["members"] if m["kind"] == "unit"] and entry.get("rule"):
            self.of_unit[unit.code] = group
        self._enrol(group, entry)

    def _open_doors(self) -> None:
        """One has been invited and has not answered, and follows a group without being in it."""
        amina, leader = (self.crowd.by_key[key].pk for key in ("amina", "perkristian"))
        Invitation.objects.create(group=self.by_key["turnus"], employee_id=amina, invited_by_id=leader)
        Follow.objects.create(group=self.by_key["klarsprak"], employee_id=amina)

    def _enrol(self, group: Group, entry: dict[str, Any]) -> None:
        by_rule = [m for m in entry["members"] if entry.get("rule") and _is_for_a_rule(m)]
        by_hand: set[int] = set()
        for member in entry["members"]:
            if member not in by_rule:
                by_hand |= {person.pk for person in self._described(member)}
        if by_rule:
            self._rules.append((group, by_rule, entry))
        roles = {self.crowd.by_key[key].pk: "moderator" for key in entry.get("moderators", [])}
        roles |= {self.crowd.by_key[key].pk: "owner" for key in entry["owners"]}
        Membership.objects.bulk_create(
            Membership(group=group, employee_id=pk, role=roles.get(pk, "member"))
            for pk in sorted(by_hand | roles.keys())
        )

    def _described(self, member: dict[str, Any]) -> list[Person]:
        fits = self._test_for(member)
        return [person for person in self._present if fits(person)]

    def _test_for(self, member: dict[str, Any]) -> Callable[[Person], bool]:
        """Return what says whether a person is among those `member` describes."""
        chance, leaders = self.chance.random, self.crowd.leaders
        code, name, share = member.get("code") or member.get("unit") or "", member.get("name"), member.get("share", 1)
        tests: dict[str, Callable[[Person], bool]] = {
            "everyone": lambda p: True,
            "unit": lambda p: p.unit.code.startswith(code),
            "people": lambda p: p.key in member["keys"],
            "sample": lambda p: not p.key and p.unit.code.startswith(code) and chance() < share,
            "job_title": lambda p: p.title == name and chance() < share,
            "job_family": lambda p: family_of(p.title) == name,
            "leaders": lambda p: leaders.get(p.unit.code) is p and p.unit.code.startswith(code),
            "role": lambda p: any(role["role"] == name for role in p.cast.get("roles", [])),
            "language": lambda p: p.cast.get("language") == code,
            "started_within": lambda p: (self.crowd.today - p.start_date).days < member["days"],
        }
        return tests[member["kind"]]

    # --- one group for each unit that is large enough -----------------------------------------------------------
    def _make_unit_groups(self) -> None:
        sizes = self._sizes()
        wanted = [u for u in self.crowd.units.values() if u.code not in self.of_unit and self._deserves(u, sizes)]
        groups = Group.objects.bulk_create([self._unit_group(unit) for unit in wanted])
        for unit, group in zip(wanted, groups, strict=True):
            self.of_unit[unit.code] = group
            self._rules.append((group, [{"kind": "unit", "code": unit.code}], {"can_leave": False}))
        Membership.objects.bulk_create(
            Membership(group=self.of_unit[unit.code], employee_id=self.crowd.leaders[unit.code].pk, role="owner")
            for unit in wanted
        )

    def _sizes(self) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for person in self.crowd:
            unit: Unit | None = person.unit
            while unit is not None:
                sizes[unit.code] = sizes.get(unit.code, 0) + 1
                unit = unit.parent
        return sizes

    def _deserves(self, unit: Unit, sizes: dict[str, int]) -> bool:
        leads = unit.code in self.crowd.leaders
        return leads and unit.kind in ("agency", "section") and sizes.get(unit.code, 0) >= MEMBERS_FOR_A_GROUP

    def _unit_group(self, unit: Unit) -> Group:
        name, agency = unit.name, unit.kind == "agency"
        icon = "Buildings3" if agency else next(icon for word, icon in SECTION_ICONS if word in name.lower())
        above = unit.agency.name if unit.agency and not agency else ""
        purpose = f"For alle i {name}." if agency else f"For oss som jobber i {name}, {above}."
        return Group(
            public_id=new_public_id(),
            name=f"{name} – alle" if agency else name,
            purpose=purpose,
            kind="team",
            privacy="open" if agency else "closed",
            joining="anyone" if agency else "request",
            unit_id=unit.pk,
            icon=icon,
            color=self.chance.choice(COLOURS),
        )

    # --- rules ----------------------------------------------------------------------------------------------------
    def _write_rules(self) -> None:
        for group, members, entry in self._rules:
            audience = Audience.objects.create()
            AudienceTerm.objects.bulk_create(self._term(audience, member) for member in members)
            rule = EnrolmentRule.objects.create(
                audience=audience,
                may_leave=entry.get("can_leave", True),
                ends_after_days=entry.get("leaves_after_days"),
                grace_days=14 if members[0]["kind"] == "unit" else 0,
            )
            rule.groups.add(group)

    def _term(self, audience: Audience, member: dict[str, Any]) -> AudienceTerm:
        kind = member["kind"]
        return AudienceTerm(
            audience=audience,
            kind=kind,
            unit_id=self.crowd.units[member["code"]].pk if kind == "unit" else None,
            job_family_id=self._family(member["name"]) if kind == "job_family" else None,
            days=member["days"] if kind == "started_within" else None,
        )

    def _family(self, name: str) -> int:
        if name not in self.families:
            self.families[name] = JobFamily.objects.create(name=name).pk
        return self.families[name]


def _is_for_a_rule(member: dict[str, Any]) -> bool:
    """Say whether a rule can describe these people; the leaders of one branch are put in by hand."""
    return member["kind"] in RULE_KINDS and not (member["kind"] == "leaders" and member.get("code"))


def settle_memberships(read_until: datetime.datetime) -> None:
    """Let memberships be as old as the jobs they follow, read up to `read_until`; new hires have read nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE groups_membership m
            SET joined_at = GREATEST(e.start_date::timestamptz + interval '7 hours', now() - interval '399 days'),
                read_until = CASE WHEN e.start_date < current_date - 1 THEN %s END
            FROM directory_employee p JOIN directory_employment e ON e.id = p.primary_employment_id
            WHERE p.id = m.employee_id
            """,
            [read_until],
        )
