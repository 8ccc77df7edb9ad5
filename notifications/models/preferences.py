from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preference(models.Model):
    """A person's choice for one kind, or for a whole topic, on one channel, where it differs from the default.

    `kind` is a kind's key or "topic:<key>"; a choice for the kind itself goes before one for its topic.
    """

    class Channel(models.TextChoices):
        INBOX = "inbox"
        EMAIL = "email"
        PUSH = "push"
        SMS = "sms"

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("employee", "kind", "channel", name="preference_once")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.channel}: {self.wanted}"


class NotificationSettings(models.Model):
    """How a person wants to be told, the same on every device. Without a row everything is as it comes."""

    class Digest(models.TextChoices):
        OFF = "off", _("Never")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every Monday")

    employee = models.OneToOneField(
        "directory.Employee", models.CASCADE, primary_key=True, related_name="notification_settings"
    )
    # The person's own quiet hours, by the organisation's clock; both empty: the unit's, else everybody's.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    # Nothing but what is critical goes out before this, except into the inbox.
    paused_until = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=6, choices=Digest.choices, default=Digest.OFF)
    # By the organisation's clock.
    digest_hour = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    text_on_lock_screen = models.BooleanField(default=False)
    closed_text_in_email = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "notification settings"
        constraints = [
            models.CheckConstraint(condition=models.Q(digest_hour__lt=24), name="digest_hour_of_day"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_both_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=["digest", "digest_hour"], name="digest_due", condition=~models.Q(digest="off")),
        ]

    def __str__(self) -> str:
        return f"settings of {self.employee_id}"


class UnitQuietHours(models.Model):
    """When it is quiet for those who work in a unit or below it, unless a unit nearer to them, or they, say otherwise.

    Both times the same: never. Who works nights turns them round.
    """

    unit = models.OneToOneField(
        "directory.OrgUnit", models.CASCADE, primary_key=True, related_name="notification_quiet_hours"
    )
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        verbose_name_plural = "quiet hours of units"

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.starts:%H:%M}-{self.ends:%H:%M}"


class PlaceLevel(models.Model):
    """How much a person wants to hear from one place: a group, or a single conversation. Without a row, `MINE`.

    `place` is what deliveries call a conversation ("thread:4bd2…"), or the live channel of a group ("g:12").
    """

    class Level(models.TextChoices):
        ALL = "all", _("Everything")
        MINE = "mine", _("What concerns me")
        NOTHING = "nothing", _("Nothing")

    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="place_levels")
    place = models.CharField(max_length=40)
    level = models.CharField(max_length=7, choices=Level.choices)

    class Meta:
        constraints = [models.UniqueConstraint("employee", "place", name="place_level_once")]
        indexes = [models.Index(fields=["place", "level"], name="place_level_by_place")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.place}: {self.level}"
