"""What is made ready for a new colleague: the agency's list of things, those who do them, and one list per person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import local_today
from core.public_ids import PublicIdField
from onboarding.querysets.arrivals import (
    ArrivalDeskQuerySet,
    ArrivalQuerySet,
    ArrivalStepQuerySet,
    ArrivalTaskQuerySet,
)


class TaskKind(models.TextChoices):
    IT = "it", _("Computer and account")
    PAY = "pay", _("Pay and contract")
    ACCESS = "access", _("Access card and keys")
    PHONE = "phone", pgettext_lazy("what a new colleague needs", "Telephone")
    PLACE = "place", _("Place to work and clothes")
    BUDDY = "buddy", pgettext_lazy("what a new colleague needs", "Buddy")
    OTHER = "other", _("Something else")


class Responsible(models.TextChoices):
    DESK = "desk", _("A desk")
    LEADER = "leader", _("The leader")
    BUDDY = "buddy", _("The buddy")


class ArrivalDesk(models.Model):
    """Those who do one thing for an agency's new colleagues: IT, pay, access cards. Any of them may take a task."""

    public_id = PublicIdField()
    # The agency, or the whole organisation.
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    people = models.ManyToManyField("directory.Employee", related_name="arrival_desks")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArrivalDeskQuerySet] = ArrivalDeskQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class ArrivalStep(models.Model):
    """One line of an agency's list: what is done before the first day, by whom, and how long before."""

    public_id = PublicIdField()
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=TaskKind.choices, default=TaskKind.OTHER)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    responsible = models.CharField(max_length=8, choices=Responsible.choices)
    desk = models.ForeignKey(ArrivalDesk, models.PROTECT, null=True, blank=True, related_name="steps")
    # Counted back from the first day; below nought is after it.
    days_before = models.SmallIntegerField(default=7)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArrivalStepQuerySet] = ArrivalStepQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(responsible="desk", desk__isnull=False) | ~Q(responsible="desk") & Q(desk__isnull=True),
                name="arrival_step_has_its_desk",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Arrival(models.Model):
    """One new colleague on the way: known to HR, or only by name until HR's file brings the person."""

    public_id = PublicIdField()
    unit = models.ForeignKey("directory.OrgUnit", models.PROTECT, related_name="+")
    employee = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="arrivals")
    # As the leader wrote it; HR's name is shown once the person is known.
    name = models.CharField(max_length=200)
    folded_name = models.CharField(max_length=200, editable=False)
    title = models.CharField(max_length=160, blank=True)
    starts_date = models.DateField()
    note = models.TextField(blank=True)
    leader = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    buddy = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # When the last of what must be there on the first day was.
    ready_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArrivalQuerySet] = ArrivalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "employee", "starts_date", condition=Q(cancelled_at=None), name="arrival_once_per_start"
            )
        ]
        indexes = [
            models.Index(fields=["leader", "starts_date"], name="arrival_leader"),
            models.Index(fields=["folded_name"], condition=Q(employee=None, cancelled_at=None), name="arrival_unknown"),
            models.Index(fields=["starts_date"], name="arrival_starts"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.public_id}"


class ArrivalTask(models.Model):
    """One thing to be done for one new colleague. A copy of the agency's step, so that a changed list moves nothing."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a task", "Waiting")
        IN_WORK = "in_work", pgettext_lazy("a task", "In work")
        DONE = "done", pgettext_lazy("a task", "Done")
        NOT_NEEDED = "not_needed", pgettext_lazy("a task", "Not needed")

    public_id = PublicIdField()
    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=8, choices=TaskKind.choices)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    responsible = models.CharField(max_length=8, choices=Responsible.choices)
    desk = models.ForeignKey(ArrivalDesk, models.PROTECT, null=True, blank=True, related_name="tasks")
    # The leader, the buddy, or who at the desk has taken it.
    assignee = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    days_before = models.SmallIntegerField()
    due_date = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ArrivalTaskQuerySet] = ArrivalTaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["desk", "due_date"], condition=Q(settled_at=None), name="arrival_task_desk_open"),
            models.Index(fields=["assignee", "due_date"], condition=Q(settled_at=None), name="arrival_task_mine_open"),
            models.Index(fields=["due_date"], condition=Q(settled_at=None), name="arrival_task_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Whether it should have been done by now."""
        return self.settled_at is None and self.due_date < local_today()


class ArrivalEntry(models.Model):
    """What somebody wrote about a task, or the state somebody (or the service desk's system) gave it."""

    public_id = PublicIdField()
    task = models.ForeignKey(ArrivalTask, models.CASCADE, related_name="entries")
    author = models.ForeignKey("directory.Employee", models.SET_NULL, null=True, blank=True, related_name="+")
    by_hook = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ArrivalTask.State.choices, blank=True)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "arrival entries"

    def __str__(self) -> str:
        return f"{self.task_id}: {self.state or 'comment'}"


class DeskHook(models.Model):
    """Where a desk's own system is told of tasks, and from where it tells us back."""

    public_id = PublicIdField()
    desk = models.OneToOneField(ArrivalDesk, models.CASCADE, related_name="hook")
    url = models.CharField(max_length=500)
    # The secret is worked out of this and the installation's own key: the table alone does not tell it.
    salt = models.CharField(max_length=64)
    former_salt = models.CharField(max_length=64, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"hook of desk {self.desk_id}"


class HookCall(models.Model):
    """One thing a desk's system is told: tried until it has said yes, or too many times."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a call", "Waiting")
        SENT = "sent", pgettext_lazy("a call", "Received")
        SKIPPED = "skipped", pgettext_lazy("a call", "Not needed any more")
        FAILED = "failed", pgettext_lazy("a call", "Given up")

    public_id = PublicIdField()
    hook = models.ForeignKey(DeskHook, models.CASCADE, related_name="calls")
    task = models.ForeignKey(ArrivalTask, models.CASCADE, related_name="+")
    event = models.CharField(max_length=20)
    event_key = models.CharField(max_length=60)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("task", "event_key", name="hook_call_once")]
        indexes = [models.Index(fields=["not_before"], condition=Q(state="waiting"), name="hook_call_due")]

    def __str__(self) -> str:
        return f"{self.event} {self.task_id}: {self.state}"


class HookAnswer(models.Model):
    """That a signed message has been taken, so that nobody can send it once more."""

    digest = models.CharField(max_length=64, primary_key=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="hook_answer_received")]

    def __str__(self) -> str:
        return self.digest[:8]
