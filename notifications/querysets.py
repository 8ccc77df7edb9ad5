"""The named reads of notifications, fan-outs and deliveries."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.aggregates import BoolAnd
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, NullIf, RowNumber
from django.utils import timezone

if TYPE_CHECKING:
    from directory.models import Employee
    from notifications.models import Delivery, FanOut, Notification, PushSubscription, RefusedAddress  # noqa: F401


# What a server has said of an address for so long is believed, and for so many days after it said so last.
BELIEVED_AFTER, BELIEVED_FOR = datetime.timedelta(hours=24), datetime.timedelta(days=30)
# No lease is as long: one that ends later is from a clock that has been set back since, and holds nothing.
LONGEST_LEASE = datetime.timedelta(minutes=10)


def free_at(now: datetime.datetime) -> Q:
    """A condition on what is leased: nobody holds it."""
    late = Q(leased_until__lt=now) | Q(leased_until__gt=now + LONGEST_LEASE)
    return Q(leased_until__isnull=True) | late


# What an entry is bundled by, among those of its kind: what has no such key stands alone.
BUNDLE = Coalesce(NullIf("bundle_key", Value("")), "event_key")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, employee: Employee) -> Self:
        """The person's own notifications. What each points to is checked again by its kind when shown."""
        return self.filter(recipient=employee)

    def unread(self) -> Self:
        """Those not yet read."""
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> Self:
        """Newest first, whole entries with actor."""
        return self.select_related("actor").order_by("-created_at", "-pk")

    def newest_of_bundles(self) -> Self:
        """The newest of each bundle, whole entries with actor, those of which nothing is unread after the others.

        Each has `is_read` (all of its bundle are) and `latest_at`.
        """
        bundle: Any = ["recipient", "kind", BUNDLE]
        found = self.select_related("actor").annotate(
            is_read=Window(BoolAnd(Q(read_at__isnull=False)), partition_by=bundle),
            latest_at=Window(Max("created_at"), partition_by=bundle),
            number=Window(RowNumber(), partition_by=bundle, order_by=["-created_at", "-pk"]),
        )
        return found.filter(number=1).order_by("is_read", "-latest_at", "-pk")

    def count_bundles(self) -> int:
        """Count what is bundled as one."""
        return self.order_by().values("recipient", "kind", bundle=BUNDLE).distinct().count()

    def below(self, *, is_read: bool, at: datetime.datetime, key: str) -> Self:
        """Of `newest_of_bundles` those that come after the place of the entry `key`."""
        # Conditions on what is known of whole bundles, or else entries of one above would make a bundle below.
        last = self.model._default_manager.filter(public_id=key).values("pk")
        later = Q(latest_at__lt=at) | Q(latest_at=at, pk__lt=Subquery(last))
        return self.filter(Q(is_read=True) & later if is_read else Q(is_read=True) | later)


class FanOutQuerySet(models.QuerySet["FanOut"]):
    def due(self) -> Self:
        """Work that nobody holds: not finished, its time has come and its lease has run out."""
        now = timezone.now()
        return self.filter(free_at(now), state__in=["waiting", "running"], not_before__lte=now).order_by(
            "not_before", "pk"
        )


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> Self:
        """Messages to send that nobody holds: waiting, their time has come and their lease has run out."""
        now = timezone.now()
        ready = self.filter(free_at(now), state="waiting", not_before__lte=now)
        return ready.order_by("priority", "not_before", "pk")


class RefusedAddressQuerySet(models.QuerySet["RefusedAddress"]):
    def of(self, person: Employee) -> Self:
        """What is known of the address the person has today."""
        return self.filter(employee=person, address__iexact=person.email or "")

    def believed(self) -> Self:
        """Those refused for a day and more: it was not just a bad hour of the mail server."""
        lately = self.filter(refused_at__gt=timezone.now() - BELIEVED_FOR)
        return lately.filter(refused_at__gte=F("first_refused_at") + BELIEVED_AFTER)


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, employee: Employee) -> Self:
        """The person's own devices."""
        return self.filter(employee=employee)

    def live(self) -> Self:
        """Those whose session lasts and which have not run out. Whether the session still counts, the sender asks."""
        now = timezone.now()
        lasting = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
        unspent = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(unspent, Exists(lasting))
