from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.public_ids import PublicIdField
from groups.looks import COVERS
from groups.querysets import GroupQuerySet, MembershipQuerySet, MembershipRequestQuerySet


class Group(models.Model):
    """People who belong together, and the place where they write."""

    class Privacy(models.TextChoices):
        OPEN = "open", _("Open group")
        CLOSED = "closed", _("Closed group")
        SECRET = "secret", _("Hidden group")

    class Posting(models.TextChoices):
        MEMBERS = "members", _("All members")
        OWNERS = "owners", _("Owners and moderators")

    class Kind(models.TextChoices):
        TEAM = "team", _("Team")
        SUBJECT = "subject", _("Subject")
        PROJECT = "project", _("Project")
        SOCIAL = "social", _("Social")
        ANNOUNCEMENTS = "announcements", _("Announcements only")

    class Joining(models.TextChoices):
        ANYONE = "anyone", _("Anyone who wants to")
        REQUEST = "request", _("Those who ask and are let in")
        INVITATION = "invitation", _("Only those who are invited")
        RULE = "rule", _("Only those whom rules put in")

    class SeenBy(models.TextChoices):
        OFF = "off", _("Nothing")
        COUNT = "count", _("How many")
        NAMES = "names", _("How many, and who")

    public_id = PublicIdField()
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.SUBJECT)
    joining = models.CharField(max_length=10, choices=Joining.choices, default=Joining.ANYONE)
    privacy = models.CharField(max_length=6, choices=Privacy.choices, default=Privacy.OPEN)
    # Membership itself tells something (unions, networks): never shown, counted or suggested to others.
    sensitive = models.BooleanField(default=False)
    posting = models.CharField(max_length=8, choices=Posting.choices, default=Posting.MEMBERS)
    # What members write waits until an owner or moderator lets it out.
    approves_posts = models.BooleanField(default=False)
    # What members are told of who has seen a post, where the organisation allows it at all.
    seen_by = models.CharField(max_length=5, choices=SeenBy.choices, default=SeenBy.OFF)
    # Whether those who come later read what was written before they came.
    open_history = models.BooleanField(default=True)
    unit = models.ForeignKey("directory.OrgUnit", models.SET_NULL, null=True, blank=True, related_name="groups")
    icon = models.CharField(max_length=40, default="PersonGroup")
    color = models.CharField(max_length=10, default="accent")
    cover = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Gone for everyone; an owner can open it again until it is purged.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # When an owner last said that it is in use; they are asked once a year.
    in_use_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[GroupQuerySet] = GroupQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """What makes the address readable; it decides nothing."""
        return slugify(self.name.replace("ø", "o").replace("å", "a").replace("æ", "ae")) or "group"

    @property
    def is_archived(self) -> bool:
        """Whether the group can only be read."""
        return self.archived_at is not None

    @property
    def cover_file(self) -> str:
        """The picture on top of the group's page, within the static files; "" for none."""
        return f"img/{self.cover}" if self.cover in COVERS else ""

    @property
    def privacy_icon(self) -> str:
        """The icon that tells who may see the group."""
        return {"open": "Globe", "closed": "PadlockLocked", "secret": "EyeSlash"}[self.privacy]

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.public_id, self.slug])


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group", "employee", condition=Q(answered_at__isnull=True), name="invitation_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} invited to {self.group_id}"


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


class Audience(models.Model):
    """A saved description of people; `groups.audiences.compile_audience` turns it into a queryset."""

    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"audience {self.pk}"


class AudienceTerm(models.Model):
    """One part of an audience: these people in, or these out."""

    class Kind(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        UNIT = "unit", _("Unit")
        JOB_FAMILY = "job_family", _("Job family")
        LEADERS = "leaders", _("Leaders")
        WORKPLACE = "workplace", _("Workplace")
        GROUP = "group", _("Members of a group")
        STARTED_WITHIN = "started_within", _("Started within a number of days")

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="terms")
    exclude = models.BooleanField(default=False)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    unit = models.ForeignKey("directory.OrgUnit", models.CASCADE, null=True, blank=True, related_name="+")
    job_family = models.ForeignKey("directory.JobFamily", models.CASCADE, null=True, blank=True, related_name="+")
    workplace = models.ForeignKey("directory.Workplace", models.CASCADE, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audience_term_names_what_its_kind_needs",
                condition=Q(
                    kind__in=["everyone", "leaders"],
                    unit=None,
                    job_family=None,
                    workplace=None,
                    group=None,
                    days=None,
                )
                | Q(kind="unit", unit__isnull=False, job_family=None, workplace=None, group=None, days=None)
                | Q(
                    kind="job_family",
                    job_family__isnull=False,
                    unit=None,
                    workplace=None,
                    group=None,
                    days=None,
                )
                | Q(
                    kind="workplace",
                    workplace__isnull=False,
                    unit=None,
                    job_family=None,
                    group=None,
                    days=None,
                )
                | Q(kind="group", group__isnull=False, unit=None, job_family=None, workplace=None, days=None)
                | Q(kind="started_within", days__gte=1, unit=None, job_family=None, workplace=None, group=None),
            )
        ]

    def __str__(self) -> str:
        return f"{'-' if self.exclude else '+'}{self.kind}"

    @property
    def named(self) -> Any:
        """The unit, family, workplace or group the term names, or its days; None for everyone and leaders."""
        return self.unit or self.job_family or self.workplace or self.group or self.days
