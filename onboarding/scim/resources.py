"""What we take of people and groups: what the directory has room for, and no more.

Home addresses, pictures, certificates and passwords are not in our schema: they are let go of unread, wherever a
system sends them.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import Field, model_validator
from scim2_models import (
    AnyExtension,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    Email,
    ETag,
    Extension,
    Filter,
    GroupMembership,
    Mutability,
    Name,
    Patch,
    PhoneNumber,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.urn import URN

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER, GROUP = "User", "Group"
MOST_RESULTS = 200
ToUser = Reference["User"]  # type: ignore[type-arg]


class Manager(ComplexAttribute):
    """Who leads the person. Entra ID sends the bare id, or a list of one."""

    value: Annotated[str | None, CaseExact.true] = None
    ref: ToUser | None = Field(None, serialization_alias="$ref", validation_alias="$ref")

    @model_validator(mode="before")
    @classmethod
    def read_bare_id(cls, value: Any) -> Any:
        """Take what others write in fewer words."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        return {"value": value} if isinstance(value, str) else value


class EnterpriseUser(Extension):
    """The part of a person that an employer knows."""

    __schema__ = URN(ENTERPRISE)

    employee_number: str | None = None
    cost_center: str | None = None
    organization: str | None = None
    division: str | None = None
    department: str | None = None
    manager: Manager | None = None


class User(Resource[AnyExtension]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    nick_name: str | None = None
    title: str | None = None
    user_type: str | None = None
    preferred_language: str | None = None
    locale: str | None = None
    timezone: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    phone_numbers: list[PhoneNumber] | None = None
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None


class GroupMember(ComplexAttribute):
    """A person in a group; groups within groups are not taken."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[ToUser | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """A group of people."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[GroupMember] | None = None


CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    # Neither Entra ID nor Okta sends several things at once; a group takes thousands of members in one PATCH.
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="The key that an administrator has made for this client.",
            primary=True,
        )
    ],
)
# What others are known to send: attributes of their own, members to remove in the value, entries not there yet.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(User[EnterpriseUser]), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
USER_MODEL = cast("type[User[EnterpriseUser]]", PROVIDER.model_for(USER))
GROUP_MODEL = cast("type[Group]", PROVIDER.model_for(GROUP))
