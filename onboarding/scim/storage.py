"""Where the protocol reads and writes: the rows of one client, as resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    TooManyException,
)
from scim2_server.storage import ScimStorage, SearchPage

from core.database import lock_for_transaction
from onboarding.models import ScimClient, ScimGroup, ScimMember, ScimUser
from onboarding.reconcile import LOCK
from onboarding.scim.filters import Narrowing
from onboarding.scim.groups import change_group, create_group, delete_group, member_ids
from onboarding.scim.resources import GROUP, GROUP_MODEL, PROVIDER, USER, USER_MODEL
from onboarding.scim.told import Told, is_storable, read_told
from onboarding.scim.users import change_user, create_user, delete_user

# A filter or an order that SQL has no word for is settled row by row, up to so many.
MOST_WALKED = 2_000
# No list is so long, and the database cannot count much further.
LAST_PLACE = 2**31
# An import of everybody holds the lock for a minute; a client that waits longer than this is told to come back.
LONGEST_WAIT = "15s"
_ORDERS = {
    USER: {"username": "user_key", "externalid": "external_id", "meta.created": "created_at"},
    GROUP: {"displayname": "display_name", "externalid": "external_id", "meta.created": "created_at"},
}


class DirectoryStorage(ScimStorage):
    """The people and groups `client` has told of. Writes wait for one another, and for imports."""

    def __init__(self, client: ScimClient, *, writes: bool) -> None:
        self.client = client
        self.writes = writes

    @contextmanager
    def operation(self) -> Iterator[None]:
        """All of a request or nothing; those that write come one after the other, so that none undoes another."""
        with transaction.atomic():
            if self.writes:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
                lock_for_transaction(LOCK)
            yield

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """Return the resource; its members, or its groups, where the answer keeps them."""
        row = self._row(resource_type, resource_id)
        return self._resources([row], with_lists=response_parameters is None or _wants_lists(response_parameters))[0]

    def get_without_members(self, resource_id: str) -> Resource[Any]:
        """Return a group, and nobody who is in it."""
        return _group_resource(self._group(resource_id))

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """Return one page. Raises TooManyException where SQL cannot tell and too many rows would have to be read."""
        start, count = search_request.start_index_0 or 0, search_request.count
        if start > LAST_PLACE:
            raise InvalidValueException(detail="startIndex is beyond all there can be")
        stop = None if count is None else start + count
        found = [self._narrowed(kind, search_request) for kind in resource_types]
        lists = _wants_lists(search_request)
        if len(found) == 1 and found[0][1]:
            rows = found[0][0]
            return SearchPage(rows.count(), self._resources(rows[start:stop], with_lists=lists))
        matching = self._walk([rows for rows, _exact in found], search_request, with_lists=lists)
        return SearchPage(len(matching), matching[start:stop])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Store a new person or group."""
        if resource_type.name == GROUP:
            return self._resources([create_group(self.client, resource)])[0]
        return self._resources([create_user(self.client, read_told(resource))])[0]

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        """Keep what is told of a person or group now, all of it."""
        row = self._expect(resource_type, resource.id or "", expected_version)
        if isinstance(row, ScimGroup):
            known, wanted = set(row.members.values_list("user__public_id", flat=True)), member_ids(resource)
            change_group(row, resource, put_in=wanted - known, take_out=known - wanted)
        else:
            change_user(row, read_told(resource, was_active=row.is_active), told_before(row))
        return self._resources([row])[0]

    def update_members(self, resource: Resource[Any], members: dict[str, bool], only: set[str] | None) -> None:
        """Keep what is told of a group: its name, and of some people whether they are in it.

        With `only`, nobody is in it but these, and those of whom `members` says so.
        """
        row = self._group(resource.id or "")
        concerned = row.members if only is not None else row.members.filter(user__public_id__in=members)
        known = set(concerned.values_list("user__public_id", flat=True))
        wanted = {user for user, is_in in members.items() if is_in} | ((only or set()) - members.keys())
        change_group(row, resource, put_in=wanted - known, take_out=known - wanted)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Forget a person, whose account is shut, or a group."""
        row = self._expect(resource_type, resource_id, expected_version)
        if isinstance(row, ScimGroup):
            delete_group(row)
        else:
            delete_user(row)

    def _expect(self, kind: ResourceType, resource_id: str, version: str | None) -> ScimUser | ScimGroup:
        row = self._row(kind, resource_id)
        _check_version(row, version)
        return row

    def _row(self, kind: ResourceType, resource_id: str) -> ScimUser | ScimGroup:
        if kind.name == GROUP:
            return self._group(resource_id)
        row = self._rows(USER).filter(public_id=resource_id).first() if is_storable(resource_id) else None
        if row is None:
            raise NotFoundException(detail="There is no such user")
        assert isinstance(row, ScimUser)
        return row

    def _group(self, resource_id: str) -> ScimGroup:
        known = ScimGroup.objects.told_by(self.client)
        row = known.filter(public_id=resource_id).first() if is_storable(resource_id) else None
        if row is None:
            raise NotFoundException(detail="There is no such group")
        return row

    def _rows(self, kind: str) -> QuerySet[Any]:
        if kind == GROUP:
            return ScimGroup.objects.told_by(self.client)
        return ScimUser.objects.told_by(self.client).select_related("employee", "client__unit")

    def _narrowed(self, kind: ResourceType, asked: SearchRequest[Any]) -> tuple[QuerySet[Any], bool]:
        """Return the rows among which all matches are, in order; and whether they are no others."""
        name = kind.name or ""
        condition, exact = Narrowing(name).visit(asked.filter.ast) if asked.filter else (Q(), True)
        order = _ORDERS[name].get(str(asked.sort_by).lower()) if asked.sort_by else "pk"
        descending = asked.sort_order == SearchRequest.SortOrder.descending
        rows = self._rows(name).filter(condition)
        ordered = rows.order_by(f"-{order}" if descending and order else order or "pk", "pk")
        return ordered, exact and order is not None

    def _walk(
        self, found: Iterable[QuerySet[Any]], asked: SearchRequest[Any], *, with_lists: bool
    ) -> list[Resource[Any]]:
        rows = [row for some in found for row in some[: MOST_WALKED + 1]]
        if len(rows) > MOST_WALKED:
            raise TooManyException(detail=f"The filter would have to be tried on more than {MOST_WALKED} resources")
        resources = self._resources(rows, with_lists=with_lists or "members" in str(asked.filter))
        matching = [resource for resource in resources if asked.filter is None or asked.filter.match(resource)]
        return _sorted(matching, asked) if asked.sort_by else matching

    def _resources(self, rows: Iterable[Any], *, with_lists: bool = True) -> list[Resource[Any]]:
        """Return rows as resources; their members, and the groups of people, in one query each."""
        rows = list(rows)
        groups = [row for row in rows if isinstance(row, ScimGroup)] if with_lists else []
        people = [row for row in rows if isinstance(row, ScimUser)] if with_lists else []
        members = _members(groups) if groups else {}
        memberships = _memberships(people) if people else {}
        return [
            _group_resource(row, members.get(row.pk, ()))
            if isinstance(row, ScimGroup)
            else _user_resource(row, memberships.get(row.pk, ()))
            for row in rows
        ]


def told_before(row: ScimUser) -> Told:
    """Return what the client has said of the person so far."""
    with PROVIDER:
        return read_told(_user_resource(row), was_active=row.is_active)


def _members(groups: Sequence[ScimGroup]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    named = ScimMember.objects.filter(group__in=groups).order_by("pk").values_list("group_id", "user__public_id")
    for group, user in named:
        found.setdefault(group, []).append(user)
    return found


def _memberships(people: Sequence[ScimUser]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    named = ScimMember.objects.filter(user__in=people).order_by("pk")
    for user, group, name in named.values_list("user_id", "group__public_id", "group__display_name"):
        found.setdefault(user, []).append((group, name))
    return found


def _group_resource(row: ScimGroup, members: Iterable[str] = ()) -> Resource[Any]:
    named = [{"value": user, "$ref": f"Users/{user}", "type": USER} for user in members]
    told = {"id": row.public_id, "externalId": row.external_id or None, "displayName": row.display_name}
    resource = GROUP_MODEL.model_validate(told | {"members": named or None})
    return _with_meta(resource, row, GROUP)


def _user_resource(row: ScimUser, groups: Iterable[tuple[str, str]] = ()) -> Resource[Any]:
    named = [{"value": group, "$ref": f"Groups/{group}", "display": name} for group, name in groups]
    schemas = [str(USER_MODEL.__schema__), *(name for name in row.attributes if name.startswith("urn:"))]
    known = {"id": row.public_id, "externalId": row.external_id or None, "groups": named or None}
    told = row.attributes | {"schemas": schemas} | known
    return _with_meta(USER_MODEL.model_validate(told), row, USER)


def _with_meta(resource: Resource[Any], row: ScimUser | ScimGroup, kind: str) -> Resource[Any]:
    resource.meta = Meta(
        resource_type=kind, created=row.created_at, last_modified=row.changed_at, version=_version(row)
    )
    return resource


def _version(row: ScimUser | ScimGroup) -> str:
    return f'W/"{row.version}"'


def _check_version(row: ScimUser | ScimGroup, expected: str | None) -> None:
    if expected is not None and expected != _version(row):
        raise PreconditionFailedException


def _wants_lists(asked: ResponseParameters[Any]) -> bool:
    """Whether the answer keeps the long lists: who is in a group, which groups a person is in."""
    lists = {"members", "groups"}
    if asked.attributes:
        return any(str(path).lower().split(".")[0].rpartition(":")[2] in lists for path in asked.attributes)
    return not lists & {str(path).lower().rpartition(":")[2] for path in asked.excluded_attributes or []}


def _sorted(resources: list[Resource[Any]], asked: SearchRequest[Any]) -> list[Resource[Any]]:
    """In the order asked for, what lacks the attribute last."""
    known = [resource for resource in resources if asked.sort_value(resource) is not None]
    known.sort(key=asked.sort_value, reverse=asked.sort_order == SearchRequest.SortOrder.descending)
    return known + [resource for resource in resources if asked.sort_value(resource) is None]
