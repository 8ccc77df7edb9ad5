from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groups.models.groups import Group
from groups.querysets import InvitationQuerySet, MembershipQuerySet, MembershipRequestQuerySet, TakeoverQuerySet


class Membership(models.Model):
    """One person in one group, with the reason: by own hand, by another's, or by rules."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        MODERATOR = "moderator", _("Moderator")
        OWNER = "owner", _("Owner")

    class NotificationLevel(models.TextChoices):
        ALL = "all", _("All posts")
        IMPORTANT = "important", _("Only what matters to me")
        QUIET = "quiet", _("Quiet")

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=9, choices=Role.choices, default=Role.MEMBER)
    # Joined, added or approved by a person: stays when the rules that also gave it end.
    by_hand = models.BooleanField(default=True)
    may_leave = models.BooleanField(default=True)
    # {"kind": "unit", "name": "Alna vest"}: put in the reader's words when shown. Empty for those who joined.
    reason: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    notification_level = models.CharField(
        max_length=9, choices=NotificationLevel.choices, default=NotificationLevel.IMPORTANT
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    # Set while a rule has let go and its days of grace run: until then the person reads and no more.
    reading_until = models.DateTimeField(null=True, blank=True)
    # Its posts stay out of the person's home feed.
    muted_at = models.DateTimeField(null=True, blank=True)
    # Everything up to here has been shown to the person: «new since yesterday» needs no row per post.
    read_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("group", "employee", name="membership_once")]
        indexes = [
            models.Index(fields=["employee", "group"], name="membership_employee"),
            # The few who run a group, and a handful of faces, without reading 50,000 rows.
            models.Index(fields=["group", "-role", "id"], name="membership_helpers_first"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} in {self.group_id}"


class MembershipRequest(models.Model):
    """«Be om å bli med» in a closed group, until someone answers."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="membership_requests")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="membership_requests")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    accepted = models.BooleanField(default=False)

    objects: ClassVar[MembershipRequestQuerySet] = MembershipRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                "employee",
                condition=Q(answered_at__isnull=True),
                name="membership_request_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} asks for {self.group_id}"


class Invitation(models.Model):
    """A member asks a colleague to come into a group, until the colleague answers."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="group_invitations")
    invited_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group", "employee", condition=Q(answered_at__isnull=True), name="invitation_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} invited to {self.group_id}"


class Takeover(models.Model):
    """A member offers to look after a group that has no owner any more, until a second one agrees."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="takeover")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TakeoverQuerySet] = TakeoverQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.employee_id} offers to look after {self.group_id}"


class Follow(models.Model):
    """Reading an open group in one's own feed without being a member."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="follows")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="followed_groups")
    created_at = models.DateTimeField(auto_now_add=True)
    # As for members: everything up to here has been shown.
    read_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("employee", "group", name="group_follow_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} follows {self.group_id}"


class OptOut(models.Model):
    """Left, or was removed: no rule puts the person back."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="opt_outs")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    removed_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("group", "employee", name="opt_out_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} not in {self.group_id}"
