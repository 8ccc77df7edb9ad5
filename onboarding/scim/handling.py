"""The protocol, served by the library's core; but a PATCH of some members reads these members and no others."""

from __future__ import annotations

from typing import Any

from scim2_models import PatchOp, Resource, ResourceType, SCIMException
from scim2_models.path import CompareOperator, Comparison, Path
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from onboarding.models import ScimClient
from onboarding.scim.resources import GROUP, PROVIDER
from onboarding.scim.storage import DirectoryStorage

SERVICE = ScimService(PROVIDER)
READING = {"GET", "HEAD"}
MEMBERS = "members"


class Handler(ScimHandler):
    """Serves the requests of one client."""

    storage: DirectoryStorage

    def patch_resource(
        self, resource_type: ResourceType, resource_id: str, patch_op: PatchOp[Any], conditions: Conditions
    ) -> Resource[Any]:
        """Apply a PATCH. A group of thousands is not read for the sake of a few who come or go."""
        named = named_members(patch_op) if resource_type.name == GROUP else None
        if named is None:
            return super().patch_resource(resource_type, resource_id, patch_op, conditions)
        current, known = self.storage.get_with_members(resource_id, named)
        assert current.meta is not None
        version = current.meta.version
        patched = self.service.apply_patch(current, patch_op, conditions)
        if patched is not None:
            self.storage.update_members(patched, known, expected_version=version)
        return self.storage.get_with_members(resource_id, set())[0]

    def patch(self, request: ScimRequest) -> ScimResponse:
        """Serve a PATCH, and answer with the whole resource where its attributes are asked for."""
        response = super().patch(request)
        return self.query(request_to_read(request)) if response.body is not None else response


def serve(client: ScimClient, request: ScimRequest) -> ScimResponse:
    """Return the answer to `request`, a refusal of the protocol included."""
    reads = request.method in READING or request.path.endswith("/.search")
    try:
        return Handler(SERVICE, DirectoryStorage(client, writes=not reads)).handle(request)
    except SCIMException as refusal:
        return SERVICE.error_response(refusal)


def request_to_read(request: ScimRequest) -> ScimRequest:
    """Return the request that reads what `request` has changed."""
    return ScimRequest("GET", request.base_url, request.path, request.query)


def named_members(patch_op: PatchOp[Any]) -> set[str] | None:
    """Return the ids of the members that the operations put in or take out; None where they concern all of them."""
    named: set[str] = set()
    for operation in patch_op.operations or []:
        found = _named(operation)
        if found is None:
            return None
        named |= found
    return named


def _named(operation: Any) -> set[str] | None:
    path, value = operation.path, operation.value
    if path is None:
        listed = {str(name).lower(): part for name, part in value.items()} if isinstance(value, dict) else {MEMBERS: []}
        if not any(MEMBERS in name for name in listed):
            return set()
        return _values(listed[MEMBERS]) if operation.op == operation.Op.add and MEMBERS in listed else None
    if MEMBERS not in str(path).lower():
        return set()
    if path.value_filter is not None:
        return _filtered(path)
    if str(path).lower() != MEMBERS or operation.op == operation.Op.replace_ or value is None:
        return None
    return _values(value)


def _filtered(path: Path[Any]) -> set[str] | None:
    """The member that `members[value eq "…"]` names."""
    inner = path.value_filter
    is_one = (
        isinstance(inner, Comparison) and inner.op == CompareOperator.eq and inner.attr_path.attr.lower() == "value"
    )
    return {str(inner.value)} if is_one and isinstance(inner, Comparison) else None


def _values(value: Any) -> set[str]:
    listed = value if isinstance(value, list) else [value]
    return {str(one.get("value", "")) if isinstance(one, dict) else str(one) for one in listed}
