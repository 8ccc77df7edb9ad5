"""The rows that stand for a client's groups, and who is in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from typing import Any, TypeVar

from django.utils import timezone
from scim2_models import InvalidValueException, Resource

from onboarding.models import ScimClient, ScimGroup, ScimMember, ScimUser
from onboarding.reconcile import reconcile_enrolments
from onboarding.scim.resources import GROUP_MODEL, Group
from onboarding.scim.told import check_texts, is_storable

BATCH = 5_000
C = TypeVar("C", bound=Collection[str])


def member_ids(resource: Resource[Any]) -> set[str]:
    """Return the ids of the users whom `resource` names as members. Raises InvalidValueException for groups."""
    members = _group(resource).members or []
    if any(member.type and member.type.lower() != "user" for member in members):
        raise InvalidValueException(detail="members: a group cannot be in a group here")
    return check_members({member.value for member in members if member.value})


def check_members(public_ids: C) -> C:
    """Return the ids as they are. Raises InvalidValueException for one that no user can have."""
    if not all(map(is_storable, public_ids)):
        raise InvalidValueException(detail="members: NUL and broken characters are in no user's id")
    return public_ids


def create_group(client: ScimClient, resource: Resource[Any]) -> ScimGroup:
    """Make a group with the members named. Raises InvalidValueException for users the client has not told of."""
    row = ScimGroup(client=client)
    _say(row, resource)
    row.created_at = row.changed_at = timezone.now()
    row.save()
    change_members(row, put_in=member_ids(resource), take_out=())
    return row


def change_group(row: ScimGroup, resource: Resource[Any], *, put_in: Set[str], take_out: Set[str]) -> None:
    """Keep what the client says of the group now, put people in and take others out. What is known already is let be.

    Raises InvalidValueException for users the client has not told of.
    """
    before = (row.display_name, row.external_id)
    _say(row, resource)
    if before == (row.display_name, row.external_id) and not put_in and not take_out:
        return
    row.version += 1
    row.changed_at = timezone.now()
    row.save()
    change_members(row, put_in=put_in, take_out=take_out)


def delete_group(row: ScimGroup) -> None:
    """Forget the group; who was a member of a group here because of it, is so no longer."""
    people = list(row.members.values_list("user__employee_id", flat=True)) if row.group_id else []
    row.delete()
    _let_groups_follow(people)


def change_members(row: ScimGroup, *, put_in: Iterable[str], take_out: Iterable[str]) -> None:
    """Put users, by id, in and take others out, however many, in a few statements; memberships here follow."""
    joining, leaving = _users(row, put_in), dict(_users(row, take_out, must_exist=False))
    members = [ScimMember(group=row, user_id=pk) for pk, _employee in joining]
    ScimMember.objects.bulk_create(members, batch_size=BATCH, ignore_conflicts=True)
    row.members.filter(user__in=list(leaving)).delete()
    if row.group_id:
        _let_groups_follow([*(employee for _pk, employee in joining), *leaving.values()])


def _let_groups_follow(employee_ids: list[int]) -> None:
    if employee_ids:
        reconcile_enrolments(employee_ids=employee_ids)


def _users(row: ScimGroup, public_ids: Iterable[str], *, must_exist: bool = True) -> list[tuple[int, int]]:
    """Return (user, employee) for each id."""
    wanted = set(public_ids)
    if not wanted:
        return []
    found = ScimUser.objects.told_by(row.client).filter(public_id__in=wanted)
    known = {public_id: (pk, employee) for public_id, pk, employee in found.values_list("public_id", "pk", "employee")}
    if must_exist and (unknown := len(wanted - known.keys())):
        # What was sent may be anything, an identity number too: it is not said again.
        raise InvalidValueException(detail=f"members: {unknown} of {len(wanted)} are no users that you have told of")
    return list(known.values())


def _say(row: ScimGroup, resource: Resource[Any]) -> None:
    group = _group(resource)
    row.display_name, row.external_id = group.display_name or "", group.external_id or ""
    check_texts({"displayName": row.display_name, "externalId": row.external_id})
    if not row.display_name.strip():
        raise InvalidValueException(detail="displayName is missing")


def _group(resource: Resource[Any]) -> Group:
    assert isinstance(resource, GROUP_MODEL)
    return resource
