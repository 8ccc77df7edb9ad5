"""What those who make ready for new colleagues are told."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from directory.models import Employee
from notifications.kinds import Bundle, NotificationKind, notification_kind
from onboarding.arrivals.naming import shown_to, tasks_shown_to
from onboarding.models import Arrival, ArrivalDesk, ArrivalTask
from onboarding.querysets.arrivals import ArrivalTaskQuerySet

# Those at a desk read their mail; whoever has looked in Tunet by then gets none.
HOURS_UNTIL_EMAIL = datetime.timedelta(hours=2)


class ArrivalKind(NotificationKind[Arrival]):
    """About one new colleague, to those concerned."""

    templates = "onboarding/notifications"
    topic = "tasks"
    icon = "PersonPlus"
    email_after = HOURS_UNTIL_EMAIL

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Arrival]:
        own = Exists(_tasks_of(reader, OuterRef("pk"))) | Q(leader=reader)
        concerned = Arrival.objects.filter(own, pk__in=ids)
        return {one.pk: one for one in shown_to(reader, concerned.with_people())}

    def url(self, bundle: Bundle, target: Arrival) -> str:
        if target.leader_id == bundle.newest.recipient_id:
            return reverse("arrival", args=[target.public_id])
        return reverse("arrival_tasks")


@notification_kind
class ArrivalTasksKind(ArrivalKind):
    """«Kari ber deg gjøre klart for Sunniva Berg, som begynner 1. des.»"""

    key = "arrival_tasks"

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Arrival]:
        found = super().visible_targets(reader, ids)
        return {pk: arrival for pk, arrival in found.items() if arrival.cancelled_at is None}

    def is_still_due(self, reader: Employee, target: Arrival) -> bool:
        return _tasks_of(reader, target.pk).filter(settled_at=None).exists()


@notification_kind
class ArrivalChangedKind(ArrivalKind):
    """«Sunniva Berg kommer ikke likevel», «Første dag for Sunniva Berg er nå 8. des.»"""

    key = "arrival_changed"


@notification_kind
class ArrivalNotReadyKind(ArrivalTasksKind):
    """«Sunniva Berg begynner i morgen, og noe er ikke klart», to the leader."""

    key = "arrival_not_ready"
    icon = "ExclamationmarkTriangle"

    def is_still_due(self, reader: Employee, target: Arrival) -> bool:
        return target.ready_at is None


class ArrivalTaskKind(NotificationKind[ArrivalTask]):
    """About one task."""

    templates = "onboarding/notifications"
    topic = "tasks"
    email_after = HOURS_UNTIL_EMAIL

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, ArrivalTask]:
        found = ArrivalTask.objects.live().visible_to(reader).filter(pk__in=ids).with_arrival()
        return {task.pk: task for task in tasks_shown_to(reader, found)}

    def url(self, bundle: Bundle, target: ArrivalTask) -> str:
        return reverse("arrival_task", args=[target.public_id])


@notification_kind
class ArrivalReminderKind(ArrivalTaskKind):
    """«PC og bruker til Sunniva Berg skulle vært klart 24. nov.»"""

    key = "arrival_reminder"
    icon = "Hourglass"

    def is_still_due(self, reader: Employee, target: ArrivalTask) -> bool:
        return target.settled_at is None


@notification_kind
class ArrivalCommentKind(ArrivalTaskKind):
    """«Hassan skrev om PC og bruker til Sunniva Berg»"""

    key = "arrival_comment"
    icon = "Chat"


@notification_kind
class ArrivalGivenKind(ArrivalTaskKind):
    """«Kari ga deg PC og bruker til Sunniva Berg»"""

    key = "arrival_given"
    icon = "PersonPlus"

    def is_still_due(self, reader: Employee, target: ArrivalTask) -> bool:
        return target.settled_at is None and target.assignee_id == reader.pk


@notification_kind
class DeskSilentKind(NotificationKind[ArrivalDesk]):
    """«Systemet til IT svarer ikke», to those who keep the desk: its people may wait for what was never told."""

    key = "desk_silent"
    templates = "onboarding/notifications"
    icon = "ExclamationmarkTriangle"
    email_after = HOURS_UNTIL_EMAIL

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, ArrivalDesk]:
        return ArrivalDesk.objects.kept_by(reader).in_bulk(list(ids))

    def url(self, bundle: Bundle, target: ArrivalDesk) -> str:
        return reverse("change_arrival_desk", args=[target.public_id])


def _tasks_of(reader: Employee, arrival: Any) -> ArrivalTaskQuerySet:
    at = ArrivalDesk.people.through._default_manager.filter(employee=reader)
    return ArrivalTask.objects.filter(Q(assignee=reader) | Q(desk__in=at.values("arrivaldesk")), arrival=arrival)
