"""The named reads of announcements and of the ledger of receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from announcements.models import Announcement, Receipt  # noqa: F401
    from directory.models import Employee

ACTIVE = Q(employee__is_active=True)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def sent(self) -> Self:
        """Announcements that have gone out, the withdrawn ones too."""
        return self.filter(state__in=["sending", "published", "withdrawn"])

    def addressed_to(self, employee: Employee) -> Self:
        """Sent announcements of which `employee` holds a receipt."""
        receipts = self.model._meta.get_field("receipts").related_model
        mine = receipts._base_manager.filter(announcement=OuterRef("pk"), employee=employee)
        return self.sent().filter(Exists(mine))

    def on_top_for(self, employee: Employee) -> Self:
        """What stands on top of the home page: mine, live, and not yet done with. Newest first.

        Done with means confirmed where confirmation was asked for, and seen otherwise. The read starts from the
        person's own receipts, so thousands of announcements to others cost nothing.
        """
        open_receipts = employee.receipts.filter(
            Q(acknowledged_at__isnull=True, announcement__asks_confirmation=True)
            | Q(seen_at__isnull=True, announcement__asks_confirmation=False)
        )
        return self.filter(
            pk__in=open_receipts.values("announcement_id"),
            state__in=["sending", "published"],
            on_top_until__gt=timezone.now(),
            superseded_by__isnull=True,
        ).order_by("-published_at", "-pk")


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

    def totals(self) -> dict[str, int]:
        """Return the figures of one announcement, counted in one statement.

        audience = frozen + joined_later; active = audience − left; active = seen + unseen; acknowledged ⊆ seen.
        """
        figures: dict[str, int] = self.aggregate(
            audience=Count("employee_id"),
            joined_later=Count("employee_id", filter=Q(joined_later=True)),
            active=Count("employee_id", filter=ACTIVE),
            delivered=Count("employee_id", filter=ACTIVE & Q(delivered_at__isnull=False)),
            seen=Count("employee_id", filter=ACTIVE & Q(seen_at__isnull=False)),
            acknowledged=Count("employee_id", filter=ACTIVE & Q(acknowledged_at__isnull=False)),
        )
        figures["frozen"] = figures["audience"] - figures["joined_later"]
        figures["left"] = figures["audience"] - figures["active"]
        figures["unseen"] = figures["active"] - figures["seen"]
        return figures
