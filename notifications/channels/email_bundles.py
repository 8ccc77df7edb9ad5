"""One mail for one conversation: what else is due to the same person about the same thing goes along."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from notifications.channels import ledger
from notifications.kinds import kinds
from notifications.models import Delivery
from notifications.querysets import free_at

# What would be told so soon after goes along at once.
AHEAD = datetime.timedelta(hours=1)
# What went along with a message that did not go waits so long, so that both go together again.
AGAIN_AFTER = datetime.timedelta(minutes=2)
MOST = 50

Fellow = tuple[Delivery, ledger.About]


def take_along(delivery: Delivery, found: ledger.About) -> list[Fellow]:
    """Take up what else is soon due to the same person about the same conversation; looked over like any message."""
    conversation = found.kind.conversation(found.bundle, found.target)
    if not conversation or delivery.priority != Delivery.Priority.ORDINARY:
        return []
    taken = []
    for row in _candidates(delivery):
        about = ledger.about(row)
        if about and about.kind.conversation(about.bundle, about.target) == conversation and _take(row, delivery):
            taken.append((row, about))
    return taken


def note_gone(fellows: Iterable[Fellow]) -> None:
    """Store that they went."""
    for row, _about in fellows:
        ledger.settle(row, lambda _delivery: True)


def let_go(fellows: Iterable[Fellow]) -> None:
    """Leave them to whoever comes next, but not before what they went along with is tried again."""
    ids = [row.pk for row, _about in fellows]
    Delivery.objects.filter(pk__in=ids).update(leased_until=None, not_before=timezone.now() + AGAIN_AFTER)


def _candidates(delivery: Delivery) -> Iterable[Delivery]:
    conversing = [kind.key for kind in kinds if kind.has_conversations]
    same = Delivery.objects.filter(recipient=delivery.recipient_id, channel=delivery.channel, kind__in=conversing)
    soon = same.filter(
        _free_for(delivery),
        state=Delivery.State.WAITING,
        priority=Delivery.Priority.ORDINARY,
        not_before__lte=timezone.now() + AHEAD,
    )
    return soon.exclude(pk=delivery.pk).select_related("recipient").order_by("pk")[:MOST]


def _take(row: Delivery, delivery: Delivery) -> bool:
    mine = Delivery.objects.filter(_free_for(delivery), pk=row.pk, state=Delivery.State.WAITING)
    row.leased_until = delivery.leased_until
    return mine.update(leased_until=row.leased_until) == 1


def _free_for(delivery: Delivery) -> Q:
    """Held by nobody, or by us: taken up together with `delivery`, and not yet looked at."""
    return free_at(timezone.now()) | Q(leased_until=delivery.claimed_until, leased_until__isnull=False)
