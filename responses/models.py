"""What an announcement asks back, and what comes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from announcements.models import Announcement
from core.public_ids import PublicIdField
from core.text import fold
from responses.querysets import HOLDING, AnswerFormQuerySet, NeedQuerySet, ServiceQuerySet, SignUpQuerySet


class AnswerForm(models.Model):
    """What one announcement asks its readers to answer, and until when."""

    class Kind(models.TextChoices):
        NEEDS = "needs", _("What does your service need?")
        VOLUNTEERS = "volunteers", _("We are looking for volunteers")

    class Level(models.TextChoices):
        AGENCY = "agency", _("One answer per agency")
        DEPARTMENT = "department", _("One answer per department")
        SECTION = "section", _("One answer per section")

    class Stop(models.TextChoices):
        """Why nobody can answer now."""

        UNSENT = "unsent", _("The message has not been sent yet.")
        WITHDRAWN = "withdrawn", _("The message has been withdrawn. No more answers are taken.")
        CLOSED = "closed", _("This is closed. No more answers are taken.")
        LATE = "late", _("The deadline has passed. No more answers are taken.")

    announcement = models.OneToOneField(Announcement, models.CASCADE, related_name="answer_form")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    introduction = models.CharField(max_length=300, blank=True, default="")
    # Which unit counts as one service: needs only.
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.AGENCY)
    own_question_1 = models.CharField(max_length=160, blank=True, default="")
    own_question_2 = models.CharField(max_length=160, blank=True, default="")
    # How many can take part: volunteers only.
    places = models.PositiveIntegerField(null=True, blank=True)
    # Always there: from it, or from closing, the time is counted after which the answers are deleted.
    deadline_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[AnswerFormQuerySet] = AnswerFormQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="needs", places__isnull=True) | Q(kind="volunteers", places__gte=1),
                name="answer_form_places_fit_kind",
            )
        ]
        indexes = [models.Index(fields=["deadline_at"], name="answer_form_kept", condition=Q(emptied_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} of announcement {self.announcement_id}"

    def get_absolute_url(self) -> str:
        """Where a reader answers."""
        return reverse("answer_announcement", args=[self.announcement.public_id])

    @property
    def own_questions(self) -> list[str]:
        """The questions the author added."""
        return [question for question in (self.own_question_1, self.own_question_2) if question]

    @property
    def stop(self) -> str:
        """Why nobody can answer now, as one of `Stop`; "" while it is open."""
        state = self.announcement.state
        if state == Announcement.State.WITHDRAWN:
            return self.Stop.WITHDRAWN
        if state != Announcement.State.PUBLISHED:
            return self.Stop.UNSENT
        if self.closed_at:
            return self.Stop.CLOSED
        return "" if self.deadline_at > timezone.now() else self.Stop.LATE

    @property
    def stop_words(self) -> str:
        """The same for people."""
        return str(self.Stop(self.stop).label) if self.stop else ""


class Service(models.Model):
    """One unit that answers once, by one named person. Stored with the first answer or the first name."""

    form = models.ForeignKey(AnswerForm, models.CASCADE, related_name="services")
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, related_name="+")
    # Who answers; the unit's leader while nobody else is named.
    answerer = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    named_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    named_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # What was answered to the author's own questions.
    reply_1 = models.CharField(max_length=500, blank=True, default="")
    reply_2 = models.CharField(max_length=500, blank=True, default="")

    objects: ClassVar[ServiceQuerySet] = ServiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint("form", "unit", name="service_once_per_form")]

    def __str__(self) -> str:
        return f"unit {self.unit_id} in form {self.form_id}"


class Need(models.Model):
    """One thing a service needs: sent again, it is brought up to date. Taken and done by those who keep the form."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People")
        EQUIPMENT = "equipment", _("Equipment")
        PREMISES = "premises", _("Premises")
        INFORMATION = "information", _("Information")
        OTHER = "other", pgettext_lazy("kind of need", "Other")

    class Urgency(models.IntegerChoices):
        NOW = 1, _("Now: today")
        SOON = 2, _("This week")
        LATER = 3, _("Can wait")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a need", "Open")
        TAKEN = "taken", pgettext_lazy("state of a need", "Taken")
        DONE = "done", pgettext_lazy("state of a need", "Done")

    public_id = PublicIdField()
    service = models.ForeignKey(Service, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    what = models.CharField(max_length=120)
    # `what` as it is compared, so that the same need is met again however it is spelt.
    what_key = models.CharField(max_length=240, editable=False)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.SOON)
    comment = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    taken_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # One line back to the service from whoever took it.
    reply = models.CharField(max_length=200, blank=True, default="")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[NeedQuerySet] = NeedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("service", "kind", "what_key", name="need_once_per_service"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="need_not_merged_into_itself"),
            models.CheckConstraint(condition=Q(quantity__isnull=True) | Q(quantity__gte=1), name="need_of_something"),
            models.CheckConstraint(
                condition=Q(state="open", taken_at__isnull=True, done_at__isnull=True)
                | Q(state="taken", taken_at__isnull=False, done_at__isnull=True)
                | Q(state="done", taken_at__isnull=False, done_at__isnull=False),
                name="need_state_has_its_times",
            ),
        ]
        indexes = [models.Index(fields=["service", "state"], name="need_state")]

    def __str__(self) -> str:
        return f"need {self.pk}: {self.state}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.what_key = fold(self.what)[:240]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def current(self) -> Need:
        """The need whose state holds for this one: the one it was merged into, or itself."""
        return self.merged_into or self


class SignUp(models.Model):
    """One person who has offered to help, and how far that has come."""

    class State(models.TextChoices):
        SIGNED_UP = "signed_up", _("Signed up")
        WAITING = "waiting", _("On the waiting list")
        ASKED = "asked", _("Leader asked")
        ASSIGNED = "assigned", _("Assigned")
        NOT_NOW = "not_now", _("Not now")
        WITHDRAWN = "withdrawn", pgettext_lazy("a sign-up", "Withdrawn")

    public_id = PublicIdField()
    form = models.ForeignKey(AnswerForm, models.CASCADE, related_name="sign_ups")
    employee = models.ForeignKey("directory.Employee", models.CASCADE, related_name="sign_ups")
    note = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices)
    # The place in line; signing up again puts one at its end.
    queued_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    # The leader's answer.
    answered_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SignUpQuerySet] = SignUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("form", "employee", name="sign_up_once_per_form"),
            models.CheckConstraint(
                condition=~Q(state__in=["asked", "not_now"]) | Q(asked_at__isnull=False),
                name="sign_up_asked_has_time",
            ),
        ]
        indexes = [models.Index(fields=["form", "state", "queued_at"], name="sign_up_line")]

    def __str__(self) -> str:
        return f"employee {self.employee_id} in form {self.form_id}: {self.state}"

    @property
    def has_place(self) -> bool:
        """Whether it counts against the number of places."""
        return self.state in HOLDING
