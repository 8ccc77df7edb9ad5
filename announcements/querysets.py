"""The named reads of announcements and of the ledger of receipts."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When
from django.db.models.expressions import OrderBy, RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.pagination import Cursor
from core.policies import rules
from directory.nearest_leaders import own_people
from groups.models import AudienceTerm

if TYPE_CHECKING:
    from announcements.models import Announcement, Receipt  # noqa: F401
    from directory.models import Employee, OrgUnit

ACTIVE = Q(employee__is_active=True)
# How long an announcement counts as unread in the inbox.
INBOX_DAYS = 90


def keepable_by(employee: Employee) -> Q:
    """A condition on announcements: `employee` keeps them."""
    answer = rules.get("announcements.manage")(employee)
    return answer if isinstance(answer, Q) else Q(pk__isnull=not answer)


def waiting_for(employee: Employee) -> Q:
    """A condition on announcements: they wait for `employee` to look them over."""
    answers = [rules.get(f"announcements.{verb}")(employee) for verb in ("approve", "countersign")]
    return reduce(or_, [answer for answer in answers if isinstance(answer, Q)], Q(pk__in=[]))


def critical_first(level: str) -> OrderBy:
    """An order by the field `level`: the critical before all others."""
    return Case(When(**{level: "critical"}, then=0), default=1).asc()


# An update points to the one it follows; from any of them the whole chain is found, in one statement.
CHAIN = """
    WITH RECURSIVE chain (id) AS (
        SELECT %s::bigint
        UNION
        SELECT other.id
        FROM chain
        JOIN announcements_announcement one ON one.id = chain.id
        JOIN announcements_announcement other ON other.updates_id = one.id OR other.id = one.updates_id
    )
    SELECT id FROM chain
"""

COUNTS: dict[str, Any] = {
    "audience": Count("employee_id"),
    "joined_later": Count("employee_id", filter=Q(joined_later=True)),
    "active": Count("employee_id", filter=ACTIVE),
    "delivered": Count("employee_id", filter=ACTIVE & Q(delivered_at__isnull=False)),
    "seen": Count("employee_id", filter=ACTIVE & Q(seen_at__isnull=False)),
    "acknowledged": Count("employee_id", filter=ACTIVE & Q(acknowledged_at__isnull=False)),
}


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def sent(self) -> Self:
        """Announcements that have gone out, the withdrawn ones too."""
        return self.filter(state__in=["sending", "published", "withdrawn"])

    def standing(self) -> Self:
        """All but the drafts that have been thrown away."""
        return self.filter(discarded_at__isnull=True)

    def in_chain_of(self, announcement: Announcement) -> Self:
        """The announcement, those it updates and those that update it, the first first."""
        chain = RawSQL(CHAIN, [announcement.pk])  # noqa: S611 - our own statement; the key goes as a parameter
        return self.filter(pk__in=chain).order_by("update_number", "pk")

    def addressed_to(self, employee: Employee) -> Self:
        """Sent announcements of which `employee` holds a receipt."""
        receipts = self.model._meta.get_field("receipts").related_model
        mine = receipts._base_manager.filter(announcement=OuterRef("pk"), employee=employee)
        return self.sent().filter(Exists(mine))

    def kept_by(self, employee: Employee) -> Self:
        """Announcements `employee` writes, corrects, withdraws and sees the figures of."""
        return self.standing().filter(keepable_by(employee))

    def thrown_away_by(self, employee: Employee) -> Self:
        """Drafts `employee` keeps that have been thrown away and can be taken back."""
        return self.filter(keepable_by(employee), discarded_at__isnull=False)

    def visible_to(self, employee: Employee) -> Self:
        """What `employee` may open: sent announcements addressed to them, and those they keep."""
        mine = Q(pk__in=employee.receipts.values("announcement_id"), state__in=["sending", "published", "withdrawn"])
        return self.standing().filter(mine | keepable_by(employee) | waiting_for(employee))

    def waiting_for(self, employee: Employee) -> Self:
        """What others want to send to everyone and `employee` may approve, and critical ones to sign for afterwards."""
        return self.standing().filter(waiting_for(employee))

    def urgent_since(self, moment: datetime.datetime) -> Self:
        """Those that have gone out after `moment` and passed quiet hours with a reason."""
        return self.filter(published_at__gte=moment).exclude(urgent_reason="").exclude(level="critical")

    def counted_by_unit(self, unit: OrgUnit) -> list[tuple[str, int]]:
        """Return (name, how many) for `unit` and each unit below it that these went to, the most first."""
        to = self.filter(audience__terms__exclude=False, audience__terms__unit__path__startswith=unit.path)
        named = to.order_by().values_list("audience__terms__unit__name")
        return list(named.annotate(count=Count("pk", distinct=True)).order_by("-count", "audience__terms__unit__name"))

    def with_people(self) -> Self:
        """Fetch author and job, the unit it is sent for, thread and audience in the same query."""
        return self.select_related("author__primary_employment", "sender_unit", "thread", "audience")

    def with_deciders(self) -> Self:
        """Fetch who asked to have it sent and who approved it, in the same query."""
        return self.select_related("publish_requested_by", "approved_by")

    def with_sender(self) -> Self:
        """Fetch the same, and every wording in one more query."""
        return self.with_people().prefetch_related("texts")

    def with_receipt_of(self, employee: Employee) -> Self:
        """Add `is_mine`, `my_delivered_at`, `my_seen_at`, `my_acknowledged_at`, in the same query."""
        mine = employee.receipts.filter(announcement=OuterRef("pk"))
        fields: dict[str, Any] = {
            f"my_{name}": Subquery(mine.values(name)[:1]) for name in ("delivered_at", "seen_at", "acknowledged_at")
        }
        return self.annotate(is_mine=Exists(mine), **fields)

    def sent_before(self, cursor: Cursor | None) -> Self:
        """Those sent before the one the cursor points to; all without a cursor."""
        if cursor is None:
            return self
        earlier = Q(published_at__lt=cursor.at) | Q(published_at=cursor.at, pk__lt=cursor.id)
        return self.filter(earlier)

    def with_reach(self) -> Self:
        """Add `to_everyone`: whether it is for all employees."""
        terms = AudienceTerm.objects.filter(audience=OuterRef("audience"))
        everyone, left_out = terms.filter(kind=AudienceTerm.Kind.EVERYONE, exclude=False), terms.filter(exclude=True)
        return self.annotate(to_everyone=Exists(everyone) & ~Exists(left_out))

    def in_inbox_of(self, employee: Employee) -> Self:
        """Announcements to `employee` that are out and not too old for the inbox, the unread first, then the newest."""
        since = timezone.now() - datetime.timedelta(days=INBOX_DAYS)
        mine = employee.receipts.values("announcement_id")
        found = self.filter(pk__in=mine, state="published", published_at__gt=since)
        waits = Exists(employee.receipts.unread().filter(announcement=OuterRef("pk")))
        return found.order_by(waits.desc(), "-published_at", "-pk")

    def listed_before(self, cursor: Cursor | None) -> Self:
        """Newest first by `listed_at`: when it was sent, asked for or begun. Those after the cursor's place."""
        listed = self.annotate(listed_at=Coalesce("published_at", "publish_requested_at", "created_at"))
        if cursor is not None:
            listed = listed.filter(Q(listed_at__lt=cursor.at) | Q(listed_at=cursor.at, pk__lt=cursor.id))
        return listed.order_by("-listed_at", "-pk")

    def still_joined(self) -> Self:
        """Those on top, which people who begin now are added to."""
        return self.filter(state="published", on_top_until__gt=timezone.now(), superseded_by__isnull=True)

    def with_led_by(self, leader: Employee) -> Self:
        """Add `leads_here`: whether it went to someone whose nearest leader is `leader`, or whom `leader` acts for."""
        receipts = self.model._meta.get_field("receipts").related_model
        own = own_people(leader).values("pk")
        return self.annotate(
            leads_here=Exists(receipts._base_manager.filter(announcement=OuterRef("pk"), employee__in=own))
        )

    def for_follow_up_by(self, leader: Employee) -> Self:
        """Announcements that asked the own people of `leader` for confirmation, while it is kept who has confirmed."""
        asked = self.filter(asks_confirmation=True, state="published", figures_final_at__isnull=True)
        return asked.with_led_by(leader).filter(leads_here=True)

    def on_top_for(self, employee: Employee) -> Self:
        """What stands on top of the home page: mine, live, and not yet done with. The critical first, then the newest.

        Done with means confirmed where confirmation was asked for, and seen otherwise. The read starts from the
        person's own receipts, so thousands of announcements to others cost nothing.
        """
        waiting = employee.receipts.on_top().order_by().values("announcement_id")
        return self.filter(pk__in=waiting).order_by(critical_first("level"), "-published_at", "-pk")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def active(self) -> Self:
        """Receipts of those who still work here: the denominator of every figure."""
        return self.filter(ACTIVE)

    def unseen(self) -> Self:
        """Active receipts not yet seen."""
        return self.active().filter(seen_at__isnull=True)

    def unacknowledged(self) -> Self:
        """Active receipts not yet confirmed."""
        return self.active().filter(acknowledged_at__isnull=True)

    def confirmed_before(self, revision: int) -> Self:
        """Receipts that confirm a wording before this revision."""
        return self.filter(acknowledged_at__isnull=False).exclude(revision__gte=revision).order_by()

    def waiting(self, to: str) -> Self:
        """Those a reminder of this kind is for: "unseen" or "unacknowledged"."""
        return self.unseen() if to == "unseen" else self.unacknowledged()

    def with_announcement(self) -> Self:
        """Fetch the announcement with its sender in the same query."""
        return self.select_related(
            "announcement__author__primary_employment", "announcement__sender_unit", "announcement__audience"
        )

    def of_announcement(self, public_id: str) -> Self:
        """Receipts of a sent announcement, with it."""
        sent = ["sending", "published", "withdrawn"]
        return self.with_announcement().filter(announcement__public_id=public_id, announcement__state__in=sent)

    def on_top(self) -> Self:
        """One person's receipts of what stands on top and is not done with, with the announcements: as `on_top_for`."""
        return (
            self.with_announcement()
            .filter(
                Q(acknowledged_at__isnull=True, announcement__asks_confirmation=True)
                | Q(seen_at__isnull=True, announcement__asks_confirmation=False),
                announcement__state__in=["sending", "published"],
                announcement__on_top_until__gt=timezone.now(),
                announcement__superseded_by__isnull=True,
            )
            .order_by(critical_first("announcement__level"), "-announcement__published_at", "-announcement")
        )

    def unread(self) -> Self:
        """Receipts that count as unread in their owner's inbox."""
        since = timezone.now() - datetime.timedelta(days=INBOX_DAYS)
        return self.filter(
            seen_at__isnull=True,
            announcement__state="published",
            announcement__figures_final_at__isnull=True,
            announcement__superseded_by__isnull=True,
            announcement__published_at__gt=since,
        )

    def counts_by_unit(self) -> list[dict[str, Any]]:
        """Return one row of counts per unit of those addressed; `unit_id` None holds those without one."""
        rows: Any = self.order_by().values("unit_id").annotate(**COUNTS).order_by("unit_id")
        return list(rows)

    def counts_by_announcement(self) -> dict[int, dict[str, Any]]:
        """Return one row of counts per announcement, in one statement."""
        rows: Any = self.order_by().values("announcement_id").annotate(**COUNTS)
        return {row["announcement_id"]: row for row in rows}

    def totals(self) -> dict[str, int]:
        """Return the figures of one announcement, counted in one statement.

        audience = frozen + joined_later; active = audience − left; active = seen + unseen; acknowledged ⊆ seen.
        """
        figures: dict[str, int] = self.aggregate(**COUNTS)
        figures["frozen"] = figures["audience"] - figures["joined_later"]
        figures["left"] = figures["audience"] - figures["active"]
        figures["unseen"] = figures["active"] - figures["seen"]
        return figures
