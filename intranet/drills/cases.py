"""One fault at one place of one delivery: publish, hold, strike, wait, and count what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Count

from announcements.models import Announcement, Receipt
from directory.models import Employee, Organisation
from directory.querysets import EmployeeQuerySet
from intranet.bench.crowd import fill_up
from intranet.drills.gate import Gate
from intranet.drills.mail import MailServer
from intranet.drills.people import Program
from intranet.drills.promises import require, wait_until
from intranet.drills.victims import Victims
from notifications.models import Delivery, FanOut, Notification, Preference

FINISHED_WITHIN = 120.0
REACHED_WITHIN = 60.0
SAMPLE = 20
# So many of 50,000 have an e-mail address: enough that messages are under way, few enough to wait for all of them.
WITH_EMAIL_OF_50000 = 1_000
FEWEST_WITH_EMAIL = 150


@dataclass
class Case:
    """A delivery on its way, and what a fault may lay hands on."""

    program: Program
    victims: Victims
    mail: MailServer
    folder: Path
    # How far the delivery is when it is struck; None for faults that come before it.
    share: float | None
    gate: Gate = field(default_factory=Gate)
    announcement: Announcement = field(init=False)
    expected: int = 0
    addressed: set[str] = field(default_factory=set)
    told: int = 0
    # When the fault was over; everything is waited for from here.
    over_at: float = 0.0

    def write(self) -> None:
        """Write an announcement to everyone, and note who it is to reach."""
        text = {"nb": {"title": "Byen stenger i kveld", "body": "Les hva som gjelder for deg."}}
        audience = {"include": [{"kind": "everyone"}], "exclude": []}
        draft = {"texts": text, "audience": audience, "asks_confirmation": True, "days_on_top": 3}
        status, answer, _ = self.program.call("POST", "announcements/", draft)
        require(status == 201, f"the draft was answered {status}: {answer}")
        self.announcement = Announcement.objects.get(public_id=answer["id"])
        self.expected = Employee.objects.active().count()
        self.addressed = {str(person.email) for person in with_email().only("email")}
        self.mail.forget()

    def publish(self) -> None:
        """Press the button."""
        status, answer, _ = self.call("publish")
        require(status == 202, f"publishing was answered {status}: {answer}")

    def call(self, verb: str) -> tuple[int, object, float]:
        """POST to one of the announcement's addresses."""
        return self.program.call("POST", f"announcements/{self.announcement.public_id}/{verb}/", {})

    def close_gate(self) -> None:
        """Let the delivery come as far as `share` of the people, by the order in which they are told."""
        everybody = Employee.objects.active().order_by("pk").values_list("pk", flat=True)
        first = everybody[int((self.share or 0) * self.expected)]
        here = with_email().order_by("pk")
        person = here.filter(pk__gte=first).first() or here.last()
        assert person is not None
        self.gate.close_at(person.pk)

    def await_gate(self) -> None:
        """Wait until the delivery has come that far. Raises DrillFailed."""
        require(self.gate.await_someone(REACHED_WITHIN), f"the delivery did not begin in {REACHED_WITHIN:.0f} s")
        self.told = self.fan_out().done_count

    def fan_out(self) -> FanOut:
        """The delivery's row as it is now."""
        return FanOut.objects.get(job="announcements.deliver", key=str(self.announcement.pk))

    def messages_waiting(self) -> bool:
        """Whether an e-mail of this announcement has yet to be sent."""
        mine = Delivery.objects.filter(event_key=f"announcement:{self.announcement.pk}")
        return mine.filter(state=Delivery.State.WAITING).exists()

    def await_end(self, patience: float = FINISHED_WITHIN) -> tuple[float, float]:
        """Return the seconds until every channel was queued, and until the last e-mail had gone. Raises DrillFailed."""
        since = self.over_at
        done = FanOut.State.DONE
        queued = wait_until(lambda: self.fan_out().state == done, patience, "was not queued for all", since=since)
        mailed = wait_until(lambda: not self.messages_waiting(), patience, "was not all mailed", since=since)
        return queued, mailed

    def count(self) -> tuple[int, int, int]:
        """Return receipts, different people among them, and people who find anything twice in the inbox."""
        receipts = Receipt.objects.filter(announcement=self.announcement)
        distinct = receipts.values("employee_id").distinct().count()
        entries = Notification.objects.values("recipient", "kind", "event_key").annotate(n=Count("pk"))
        twice = entries.filter(n__gt=1).count() + sum(lines_of(self.announcement, person) > 1 for person in some())
        return receipts.count(), distinct, twice


def fill_town(employees: int, *, with_email: int = 0) -> Employee:
    """Let so many people work here, some of them with an address, and return one who may write to everyone."""
    fill_up(employees, with_email=with_email or max(FEWEST_WITH_EMAIL, WITH_EMAIL_OF_50000 * employees // 50_000))
    # The second pair of eyes before a message to everyone is a person's time, and not what is measured here.
    Organisation.objects.update(second_pair_of_eyes=False)
    writer: Employee = Employee.objects.active().filter(role_grants__role="central_communications").order_by("pk")[0]
    return writer


def with_email() -> EmployeeQuerySet:
    """Those who get it by e-mail too."""
    declined = Preference.objects.filter(kind="announcement", channel=Delivery.Channel.EMAIL, wanted=False)
    people: EmployeeQuerySet = Employee.objects.active().filter(email__isnull=False)
    return people.exclude(pk__in=declined.values("employee"))


def some() -> list[Employee]:
    """People from all over, whose inbox is looked into."""
    ids = list(Employee.objects.active().order_by("pk").values_list("pk", flat=True))
    return list(Employee.objects.filter(pk__in=ids[:: max(1, len(ids) // SAMPLE)]))


def lines_of(announcement: Announcement, person: Employee) -> int:
    """Return how many lines of the person's inbox are this announcement."""
    return Announcement.objects.in_inbox_of(person).filter(pk=announcement.pk).count()
