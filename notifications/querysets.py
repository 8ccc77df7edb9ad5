"""The named reads of notifications, fan-outs and deliveries."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from directory.models import Employee
    from notifications.models import Delivery, FanOut, Notification, PushSubscription  # noqa: F401


# No lease is as long: one that ends later is from a clock that has been set back since, and holds nothing.
LONGEST_LEASE = datetime.timedelta(minutes=10)


def free_at(now: datetime.datetime) -> Q:
    """A condition on what is leased: nobody holds it."""
    late = Q(leased_until__lt=now) | Q(leased_until__gt=now + LONGEST_LEASE)
    return Q(leased_until__isnull=True) | late


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

    def unread_first(self) -> Self:
        """The unread before the read, each part newest first, whole entries with actor."""
        ordered = self.select_related("actor").annotate(is_read=Q(read_at__isnull=False))
        return ordered.order_by("is_read", "-created_at", "-pk")

    def below(self, *, is_read: bool, at: datetime.datetime) -> Self:
        """Those that come after this place in `unread_first`, and are not bundled with one before it."""
        later = Q(read_at__isnull=not is_read, created_at__lt=at)
        later = later if is_read else later | Q(read_at__isnull=False)
        bundle = {name: OuterRef(name) for name in ("recipient", "kind", "bundle_key")}
        shown = self.model._default_manager.filter(**bundle).exclude(bundle_key="").exclude(later)
        return self.filter(later, ~Exists(shown))


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
