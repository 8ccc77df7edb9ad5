"""What the engine itself tells people: the summary by e-mail."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy

from directory.models import Employee
from notifications.digests.preparing import absorb
from notifications.digests.reading import KIND, Digest, Stretch, moment_of, stretch_of
from notifications.kinds import NotificationKind, notification_kind
from notifications.models import Delivery


@notification_kind
class DigestKind(NotificationKind[Digest]):
    """«Siden sist i Tunet»: its target is the moment up to which it tells, and there is no entry in the inbox."""

    key = KIND
    name = gettext_lazy("A summary")
    templates = "notifications/kinds"
    icon = "EnvelopeClosed"
    has_own_email = True

    def before_sent(self, delivery: Delivery, target: Digest) -> None:
        absorb(delivery, target.stretch)

    def visible_targets(self, reader: Employee, ids: Collection[int]) -> dict[int, Digest]:
        return {pk: Digest(reader, self._stretch(reader, pk)) for pk in ids if pk}

    def why(self, reader: Employee, target: Digest) -> str:
        """It was chosen."""
        return ""

    def is_still_due(self, reader: Employee, target: Digest) -> bool:
        return bool(target.lines)

    @staticmethod
    def _stretch(reader: Employee, number: int) -> Stretch:
        return stretch_of(reader, moment_of(number))
