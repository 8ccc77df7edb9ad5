"""The protocol, served by the library's core; but a PATCH that names members one by one does not read the others."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from scim2_models import InvalidValueException, PatchOp, Resource, ResourceType, SCIMException
from scim2_models.path import CompareOperator, Comparison, FilterNode, Path
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from core.national_ids import holds_national_id
from onboarding.models import ScimClient
from onboarding.scim.braking import HeldBackException, hold_back, stays_open
from onboarding.scim.groups import check_members
from onboarding.scim.resources import GROUP, PROVIDER, USER, USER_MODEL
from onboarding.scim.storage import DirectoryStorage

SERVICE = ScimService(PROVIDER)
READING = {"GET", "HEAD"}
MEMBERS = "members"


@dataclass
class MemberChanges:
    """What a PATCH says of members, the last word on each, and its operations on anything else.

    With `only`, these are all members there are, but for what `members` says after that.
    """

    members: dict[str, bool] = field(default_factory=dict)
    only: set[str] | None = None
    rest: list[Any] = field(default_factory=list)


class Handler(ScimHandler):
    """Serves the requests of one client."""

    storage: DirectoryStorage

    def patch_resource(
        self, resource_type: ResourceType, resource_id: str, patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any]:
        """Apply a PATCH. A group of thousands is not read for the sake of those who come or go."""
        if resource_type.name != GROUP:
            patched = super().patch_resource(resource_type, resource_id, patch_op, conditions)
            return self._hear_open(patched) if _names_active(patch_op) else patched
        changes = member_changes(patch_op)
        if changes is None:
            return super().patch_resource(resource_type, resource_id, patch_op, conditions)
        current = self.storage.get_without_members(resource_id)
        self.service.check_preconditions(current, "PATCH", conditions)
        if changes.rest:
            self.service.apply_patch(current, patch_op.model_copy(update={"operations": changes.rest}), conditions)
        self.storage.update_members(current, changes.members, changes.only)
        return self.storage.get_without_members(resource_id)

    def replace_resource(
        self,
        resource_type: ResourceType,
        current: Resource[Any],
        replacement: Resource[Any],
        conditions: Conditions,
    ) -> Resource[Any]:
        """Apply a PUT."""
        return self._hear_open(super().replace_resource(resource_type, current, replacement, conditions))

    def _hear_open(self, resource: Resource[Any]) -> Resource[Any]:
        """An account that is said to be open, as it was, is held no longer: no change is stored that would tell."""
        if isinstance(resource, USER_MODEL) and resource.active:
            stays_open(self.storage.client, resource.id or "")
        return resource

    def patch(self, request: ScimRequest) -> ScimResponse:
        """Serve a PATCH, and answer with the whole resource where its attributes are asked for."""
        response = super().patch(request)
        return self.query(request_to_read(request)) if response.body is not None else response


def serve(client: ScimClient, request: ScimRequest) -> ScimResponse:
    """Return the answer to `request`, a refusal of the protocol included."""
    reads = request.method in READING or request.path.endswith("/.search")
    try:
        return Handler(SERVICE, DirectoryStorage(client, writes=not reads)).handle(request)
    except HeldBackException as refusal:
        hold_back(client, refusal.employee)
        return refuse(refusal)
    except SCIMException as refusal:
        return refuse(refusal)


def refuse(refusal: SCIMException) -> ScimResponse:
    """Return the answer that says why not. What was sent is not said again where it may be an identity number."""
    answer = SERVICE.error_response(refusal)
    if answer.body and holds_national_id(json.dumps(answer.body, ensure_ascii=False)):
        answer.body = answer.body | {"detail": "The request holds a national identity number"}
    return answer


def request_to_read(request: ScimRequest) -> ScimRequest:
    """Return the request that reads what `request` has changed."""
    return ScimRequest("GET", request.base_url, request.path, request.query)


def member_changes(patch_op: PatchOp[Any]) -> MemberChanges | None:
    """Return what the operations say; None where they name members in a way that needs the group read whole.

    Raises InvalidValueException for members that are no people.
    """
    changes = MemberChanges()
    for operation in patch_op.operations or []:
        path, value = operation.path, operation.value
        if MEMBERS not in str(path or "").lower() and not _holds_members(path, value):
            changes.rest.append(operation)
            continue
        empties = operation.op == operation.Op.remove and value is None and str(path).lower() == MEMBERS
        named = [] if empties else _named(path, value)
        if named is None:
            return None
        if empties or operation.op == operation.Op.replace_:
            changes.only, changes.members = set(named), {}
        else:
            changes.members |= dict.fromkeys(named, operation.op == operation.Op.add)
    return changes


def _names_active(patch_op: PatchOp[Any]) -> bool:
    """Whether an operation says anything of the account being open."""
    operations = patch_op.operations or []
    return any(
        str(one.path or "").lower().endswith("active") or (isinstance(one.value, dict) and "active" in one.value)
        for one in operations
    )


def _holds_members(path: Path[Any] | None, value: Any) -> bool:
    return path is None and isinstance(value, dict) and any(MEMBERS in str(name).lower() for name in value)


def _named(path: Path[Any] | None, value: Any) -> list[str] | None:
    """The members that one operation names; None where it names them in another way than one by one."""
    if path is None:
        return _values(value[MEMBERS]) if set(value) == {MEMBERS} else None
    if path.value_filter is not None:
        return _filtered(path.value_filter) if value is None else None
    return _values(value) if str(path).lower() == MEMBERS and value is not None else None


def _filtered(inner: FilterNode) -> list[str] | None:
    """The member that `members[value eq "…"]` names."""
    is_one = (
        isinstance(inner, Comparison) and inner.op == CompareOperator.eq and inner.attr_path.attr.lower() == "value"
    )
    return check_members([str(inner.value)]) if is_one and isinstance(inner, Comparison) else None


def _values(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    members = [one if isinstance(one, dict) else {"value": one} for one in listed]
    if any(str(one.get("type") or USER).lower() != USER.lower() for one in members):
        raise InvalidValueException(detail="members: a group cannot be in a group here")
    if not all(isinstance(one.get("value"), str) for one in members):
        raise InvalidValueException(detail="members: each needs the id of a user as its value")
    return check_members([str(one["value"]) for one in members])
