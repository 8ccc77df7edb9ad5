from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from core.public_ids import PublicIdField
from onboarding.querysets.scim import (
    ScimClientQuerySet,
    ScimGroupQuerySet,
    ScimHeldQuerySet,
    ScimShutQuerySet,
    ScimTokenQuerySet,
    ScimUserQuerySet,
)


class ScimClient(models.Model):
    """An identity system that tells of people and groups: Entra ID, Okta. It sees only what it has told itself."""

    public_id = PublicIdField()
    name = models.CharField(max_length=80)
    # The branch it speaks for, where people without a known department are placed; None for the whole organisation.
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ScimClientQuerySet] = ScimClientQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class ScimToken(models.Model):
    """A key of a client. Only its SHA-256 is kept, and its last letters, so that people can tell two apart."""

    public_id = PublicIdField()
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Set when another takes over: until then both are good.
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ScimTokenQuerySet] = ScimTokenQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"…{self.ending}"

    @property
    def has_ended(self) -> bool:
        """Whether another key has taken over for good."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class ScimUser(models.Model):
    """A person as one client tells of them: what the directory has no room for is kept as the client said it."""

    public_id = PublicIdField()
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="users")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="scim_users")
    # The job that this row keeps; none where HR's file tells of the person's jobs.
    employment = models.ForeignKey("directory.Employment", models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(max_length=250)
    # What `userName` is compared by: composed, in lower case.
    user_key = models.CharField(max_length=250)
    external_id = models.CharField(max_length=250, blank=True)
    # Of the client's e-mail addresses, in lower case.
    addresses: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    attributes: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ScimUserQuerySet] = ScimUserQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("client", "user_key", name="scim_user_name_once"),
            models.UniqueConstraint("client", "employee", name="scim_user_person_once"),
        ]
        indexes = [
            models.Index(fields=["client", "external_id"], name="scim_user_external"),
            GinIndex(fields=["addresses"], name="scim_user_addresses"),
        ]

    def __str__(self) -> str:
        return self.user_name


class ScimShut(models.Model):
    """Whom a client has shut out. Only that client, or an administrator, lets the person in again.

    It outlives the client's row of the person, and knows by what id the client called them.
    """

    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="shut_out")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=250, blank=True)
    shut_at = models.DateTimeField(default=timezone.now)
    # Whether it took an account that was in use, and nobody here had said that it may.
    is_counted = models.BooleanField(default=False)

    objects: ClassVar[ScimShutQuerySet] = ScimShutQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("client", "employee", name="scim_shut_once")]
        indexes = [models.Index(fields=["client", "external_id"], name="scim_shut_external")]

    def __str__(self) -> str:
        return f"{self.employee_id} by {self.client_id}"


class ScimHeld(models.Model):
    """Somebody whom a client wants to shut out, with so many others that a person must say that this is right."""

    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="held")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # Set when a person has said so: the account is shut within moments.
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[ScimHeldQuerySet] = ScimHeldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("client", "employee", name="scim_held_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} held for {self.client_id}"


class ScimGroup(models.Model):
    """A group as one client tells of it. Connected to a group here, its members are members there."""

    public_id = PublicIdField()
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="groups")
    display_name = models.CharField(max_length=250)
    external_id = models.CharField(max_length=250, blank=True)
    group = models.ForeignKey("groups.Group", models.SET_NULL, null=True, blank=True, related_name="scim_groups")
    may_leave = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ScimGroupQuerySet] = ScimGroupQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["client", "external_id"], name="scim_group_external")]

    def __str__(self) -> str:
        return self.display_name


class ScimMember(models.Model):
    """One person in one of the client's groups."""

    group = models.ForeignKey(ScimGroup, models.CASCADE, related_name="members")
    user = models.ForeignKey(ScimUser, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint("group", "user", name="scim_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"
