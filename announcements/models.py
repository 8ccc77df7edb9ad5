from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from announcements.querysets import AnnouncementQuerySet, ReceiptQuerySet
from core.public_ids import PublicIdField


class Announcement(models.Model):
    """An official notice. Publishing freezes its audience into one receipt per person."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Sending")
        PUBLISHED = "published", _("Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Level(models.TextChoices):
        NORMAL = "normal", _("Important")
        CRITICAL = "critical", _("Critical")

    public_id = PublicIdField()
    author = models.ForeignKey("directory.Employee", models.PROTECT, related_name="announcements")
    sender_unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.OneToOneField("groups.Audience", models.PROTECT, related_name="announcement")
    thread = models.OneToOneField("conversations.Thread", models.PROTECT, related_name="announcement")
    state = models.CharField(max_length=17, choices=State.choices, default=State.DRAFT)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.NORMAL)
    # Why a leader sends it to the own unit in quiet hours too; shown to all who read it.
    urgent_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    asks_confirmation = models.BooleanField(default=False)
    days_on_top = models.PositiveSmallIntegerField(default=3)
    # How long it is kept who confirmed, in days after it left the top: 30, 90 or 365.
    keeps_confirmations_days = models.PositiveSmallIntegerField(default=90)
    created_at = models.DateTimeField(default=timezone.now)
    # A draft thrown away, kept a while so that it can be taken back.
    discarded_at = models.DateTimeField(null=True, blank=True)
    # The moment chosen for sending; the audience is described now and compiled then.
    publish_at = models.DateTimeField(null=True, blank=True)
    publish_requested_at = models.DateTimeField(null=True, blank=True)
    publish_requested_by = models.ForeignKey(
        "directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The second pair of eyes: before sending where the organisation wants it, afterwards for critical ones.
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    # Why it was sent back to its author.
    returned_note = models.CharField(max_length=300, blank=True, default="")
    # The moment of the freeze; everything is counted from here.
    published_at = models.DateTimeField(null=True, blank=True)
    on_top_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    # An update takes the place of the one it follows when it is sent; the chain stays readable.
    updates = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="updated_by")
    update_number = models.PositiveSmallIntegerField(default=1)
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="supersedes")
    # Whether those left are reminded once, without anybody asking, this long after sending.
    reminds_after_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    # From here on only the stored totals tell how it went; who had seen or confirmed it is forgotten.
    figures_final_at = models.DateTimeField(null=True, blank=True)

    # Added by querysets: `with_reach`, `listed_before`, `with_receipt_of`, `with_led_by`; by policies: `may_keep`.
    to_everyone: bool
    listed_at: datetime.datetime
    leads_here: bool
    may_keep: bool
    is_mine: bool
    my_delivered_at: datetime.datetime | None
    my_seen_at: datetime.datetime | None
    my_acknowledged_at: datetime.datetime | None

    objects: ClassVar[AnnouncementQuerySet] = AnnouncementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days_on_top__range=(1, 7)), name="announcement_one_to_seven_days"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "withdrawn"]) | Q(published_at__isnull=False),
                name="announcement_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False), name="announcement_scheduled_has_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at"], name="announcement_state")]

    def __str__(self) -> str:
        return f"announcement {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("announcement", args=[self.public_id])

    @property
    def current_texts(self) -> dict[str, AnnouncementText]:
        """The wording in force by language; earlier revisions are left out. Reads `texts`, so prefetch them."""
        texts = list(self.texts.all())
        newest = max((text.revision for text in texts), default=0)
        return {text.language: text for text in texts if text.revision == newest}

    def text_in(self, language: str) -> AnnouncementText:
        """Return the wording in `language`, or else in bokmål, or the first there is; an empty one for a bare draft."""
        texts = self.current_texts
        found = texts.get(language[:2]) or texts.get("nb") or next(iter(texts.values()), None)
        return found or AnnouncementText(announcement=self, language="nb")

    @property
    def is_sent(self) -> bool:
        """Whether it has left the author's hands."""
        return self.state in (self.State.SENDING, self.State.PUBLISHED, self.State.WITHDRAWN)

    @property
    def waits_to_be_seen(self) -> bool:
        """Whether the reader whose receipt it carries (`with_receipt_of`) has not seen it, and should."""
        holds = self.state != self.State.WITHDRAWN and self.superseded_by_id is None
        return holds and self.my_seen_at is None and self.figures_final_at is None

    @property
    def is_critical(self) -> bool:
        """Whether life or health may depend on it."""
        return self.level == self.Level.CRITICAL

    @property
    def is_on_top(self) -> bool:
        """Whether it still stands on top of the home page of those it is for."""
        live = self.state in (self.State.SENDING, self.State.PUBLISHED) and self.superseded_by_id is None
        return live and self.on_top_until is not None and self.on_top_until > timezone.now()


class AnnouncementText(models.Model):
    """One language's wording. A correction is a new revision; earlier ones are kept."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=[("nb", "nb"), ("nn", "nn"), ("en", "en")])
    revision = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    body = models.TextField()
    # What the button for confirming says; empty for the usual words.
    button_text = models.CharField(max_length=40, blank=True, default="")
    # What a correction changed, in one sentence.
    change_note = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("announcement", "language", "revision", name="announcement_text_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.language} {self.revision})"

    @property
    def lead(self) -> str:
        """The first paragraph: what stands for the whole where there is no room for it."""
        paragraphs = [part for part in re.split(r"\n\s*\n", self.body.strip()) if not part.lstrip().startswith("#")]
        return paragraphs[0] if paragraphs else ""


class Receipt(models.Model):
    """That one person was addressed, and how far it came: delivered, seen, confirmed. Thin on purpose."""

    pk = models.CompositePrimaryKey("announcement_id", "employee_id")
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="receipts", db_index=False)
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="receipts", db_index=False)
    # The primary unit at the freeze: figures per unit do not move when people do.
    unit = models.ForeignKey(
        "directory.OrgUnit", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    joined_later = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    # What was confirmed: the wording and its language.
    revision = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=2, blank=True, default="")

    # Added by `missing_receipts`.
    is_followed_up: bool

    objects: ClassVar[ReceiptQuerySet] = ReceiptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(seen_at__lte=F("acknowledged_at")),
                name="receipt_seen_before_acknowledged",
            )
        ]
        # The way in from the person's side: «what is addressed to me».
        indexes = [models.Index(fields=["employee", "announcement"], name="receipt_employee")]

    def __str__(self) -> str:
        return f"{self.announcement_id} to {self.employee_id}"


class Reminder(models.Model):
    """That those who had not seen, or not confirmed, were told again."""

    class To(models.TextChoices):
        UNSEEN = "unseen", _("Those who have not seen it")
        UNACKNOWLEDGED = "unacknowledged", _("Those who have not confirmed")

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="reminders")
    to = models.CharField(max_length=14, choices=To.choices)
    sent_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.to} {self.sent_at:%Y-%m-%d}"


class FigureSnapshot(models.Model):
    """The counts per unit as they stood at a moment: what is shown where live counts would tell of single people."""

    announcement = models.OneToOneField(Announcement, models.CASCADE, primary_key=True, related_name="figure_snapshot")
    taken_at = models.DateTimeField()
    counts: models.JSONField[Any, Any] = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.announcement_id} at {self.taken_at:%Y-%m-%d %H:%M}"


class FormerConfirmation(models.Model):
    """A confirmation of an earlier wording, kept when the author asked everyone to confirm anew."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="former_confirmations")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    acknowledged_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "employee", "revision"], name="former_confirmation_once_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} by {self.employee_id}, revision {self.revision}"


class FollowUpRequest(models.Model):
    """That the leaders were asked to follow up those of their own who have not confirmed."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="follow_up_requests")
    asked_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    # How many leaders had someone left, when they were asked.
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.asked_at:%Y-%m-%d}"


class OtherFollowUp(models.Model):
    """That a leader follows one of their own up in another way, for a reason nobody asks for."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="other_follow_ups")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="+")
    marked_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "employee"], name="other_follow_up_once")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.employee_id}"
