"""Forgetting who saw and who confirmed, when the time for it is over. The totals stay, and tell of nobody.

Where nobody was asked to confirm, it is forgotten 14 days after the announcement left the top; where they were, after
the 30, 90 or 365 days the author chose and showed.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from announcements.final_counts import suppressed_counts
from announcements.models import Announcement, FigureSnapshot, FormerConfirmation, OtherFollowUp
from announcements.querysets import AnnouncementQuerySet

SEEN_KEPT = datetime.timedelta(days=14)
# A round of the purge stays short: so many announcements, and so many receipts by one statement.
FORGOTTEN_AT_ONCE = 50
CHUNK = 10_000
# Somebody may have been reading at the very moment: what came in then is removed by the next rounds.
LOOKED_AFTER = datetime.timedelta(days=2)


def forget_readings() -> int:
    """Store the totals of announcements whose time is over and forget single people; return how many there were.

    Safe to repeat, and to end half-way: each announcement is done whole or not at all.
    """
    due = list(_due().order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    done = sum(_forget(pk) for pk in due)
    recent = Announcement.objects.filter(figures_final_at__gt=timezone.now() - LOOKED_AFTER)
    for announcement in recent.exclude(pk__in=due):
        _forget_people(announcement)
    return done


def _due() -> AnnouncementQuerySet:
    left_top_at = Least(
        "on_top_until", "superseded_by__published_at", "withdrawn_at", output_field=DateTimeField(null=True)
    )
    chosen = ExpressionWrapper(
        F("keeps_confirmations_days") * Value(datetime.timedelta(days=1)), output_field=DurationField()
    )
    now = timezone.now()
    sent = Announcement.objects.sent().filter(published_at__isnull=False, figures_final_at__isnull=True)
    over = Q(asks_confirmation=False, left_top_at__lte=now - SEEN_KEPT)
    over |= Q(asks_confirmation=True, left_top_at__lte=now - F("kept_for"))
    return sent.annotate(left_top_at=Coalesce(left_top_at, "published_at"), kept_for=chosen).filter(over)


@transaction.atomic
def _forget(pk: int) -> int:
    found = Announcement.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    announcement = found.filter(pk=pk, figures_final_at__isnull=True).first()
    if announcement is None:
        return 0
    now = timezone.now()
    counts = suppressed_counts(announcement.receipts.counts_by_unit())
    FigureSnapshot.objects.update_or_create(announcement=announcement, defaults={"taken_at": now, "counts": counts})
    announcement.figures_final_at = now
    announcement.save(update_fields=["figures_final_at"])
    _forget_people(announcement)
    return 1


def _forget_people(announcement: Announcement) -> None:
    told = Q(delivered_at__isnull=False) | Q(seen_at__isnull=False) | Q(acknowledged_at__isnull=False)
    known = announcement.receipts.filter(told).order_by("employee_id")
    while ids := list(known.values_list("employee_id", flat=True)[:CHUNK]):
        announcement.receipts.filter(employee__in=ids).update(
            delivered_at=None, seen_at=None, acknowledged_at=None, revision=None, language=""
        )
    FormerConfirmation.objects.filter(announcement=announcement).delete()
    OtherFollowUp.objects.filter(announcement=announcement).delete()
