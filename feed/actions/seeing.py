from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import Q

from directory.models import Employee
from groups.models import Membership


def mark_seen(*, actor: Employee, group_ids: Collection[int], until: datetime.datetime) -> None:
    """Move the person's own marker in these groups to `until`; never backwards."""
    behind = Q(read_until__isnull=True) | Q(read_until__lt=until)
    Membership.objects.filter(behind, employee=actor, group__in=group_ids).update(read_until=until)
