"""An identity system for tests: what it sends, with its key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import requests
from django.test import Client
from scim2_client import BaseSyncSCIMClient

from directory.models import Employee, OrgUnit
from onboarding.models import ScimClient
from onboarding.scim.actions import create_client

ROOT = "/scim/v2"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class System:
    """A connected system."""

    client: ScimClient
    key: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request; the answer has `.status_code` and `.json()`."""
        data = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        known = {"Authorization": f"Bearer {self.key}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        return Client().generic(method, ROOT + path, data, "application/scim+json", headers=known)

    def make(self, user_name: str, **told: Any) -> Any:
        """Tell of a person."""
        return self.send("POST", "/Users", user(user_name, **told))

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        """Change something."""
        return self.send("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def find(self, path: str, condition: str, **parameters: str | int) -> Any:
        """Search, and return the page."""
        data = {"filter": condition} | parameters
        headers = {"Authorization": f"Bearer {self.key}"}
        return Client().get(ROOT + path, data, headers=headers).json()


def user(user_name: str, **told: Any) -> dict[str, Any]:
    """What a system says of a person; `told` in our words: number, department, title, email, name, manager."""
    first, _space, last = told.pop("name", "Ola Ness").partition(" ")
    known = {"number": "employeeNumber", "department": "department", "division": "division", "manager": "manager"}
    employer = {known[name]: told.pop(name) for name in list(told) if name in known}
    email = told.pop("email", None)
    emails = {"emails": [{"value": email, "type": "work", "primary": True}]} if email else {}
    schemas = [USER, ENTERPRISE] if employer else [USER]
    said = {"schemas": schemas, "userName": user_name, "name": {"givenName": first, "familyName": last}}
    return said | emails | ({ENTERPRISE: employer} if employer else {}) | told


def connect(admin: Employee, unit: OrgUnit | None = None, name: str = "Entra ID") -> System:
    """Connect a system as an administrator does."""
    return System(*create_client(actor=admin, name=name, unit=unit))


class HttpClient(BaseSyncSCIMClient):
    """A real SCIM client, over real HTTP."""

    def __init__(self, root: str, key: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.root = root.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key}"

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return "://" not in endpoint or endpoint.startswith(self.root)

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **kwargs: Any) -> Any:
        self.count = getattr(self, "count", 0) + 1
        address = url if "://" in url else f"{self.root}/{url.lstrip('/')}"
        return self.session.request(method, address, timeout=30, **kwargs)
