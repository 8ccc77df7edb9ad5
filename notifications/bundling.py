"""Entries that are shown as one line: those of one kind with the same bundle key, under the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from directory.models import Employee
from notifications.kinds import Bundle, kinds
from notifications.models import Notification
from notifications.querysets import NotificationQuerySet


def read_bundles(newest: NotificationQuerySet, among: NotificationQuerySet) -> list[Bundle]:
    """Return what `newest`, a part of `among.newest_of_bundles()`, stands for. Two queries."""
    entries = list(newest)
    keys = {entry.bundle_key for entry in entries if entry.bundle_key}
    bundled: Any = among.order_by().filter(bundle_key__in=keys) if keys else among.none()
    counted = bundled.values_list("kind", "bundle_key").annotate(count=Count("actor", distinct=True))
    people = {(kind, key): count for kind, key, count in counted}
    return [
        Bundle(entry, unread=not entry.is_read, others=max(0, people.get((entry.kind, entry.bundle_key), 1) - 1))
        for entry in entries
    ]


def targets_of(reader: Employee, entries: Collection[Notification]) -> dict[int, Any]:
    """Return what each entry, by its number, is about; without those the reader may not see, or of a forgotten kind."""
    by_kind: defaultdict[str, list[Notification]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry)
    found: dict[int, Any] = {}
    for key, same in by_kind.items():
        kind = kinds.find(key)
        targets = kind.visible_targets(reader, {entry.target_id or 0 for entry in same}) if kind else {}
        found |= {entry.pk: targets[entry.target_id or 0] for entry in same if (entry.target_id or 0) in targets}
    return found


def set_aside(reader: Employee, hidden: Collection[Notification]) -> bool:
    """Count as read what the reader may not see; say whether something else comes to stand for its bundle.

    What is about another thing, and can be seen, is no longer bundled with it.
    """
    new = [entry for entry in hidden if not _is_aside(entry)]
    if not new:
        return False
    mine = Notification.objects.visible_to(reader).filter(reduce(or_, map(_with_same_target, new)))
    mine.unread().update(read_at=timezone.now())
    bundle = {name: OuterRef(name) for name in ("recipient", "kind", "bundle_key")}
    others = Notification.objects.filter(**bundle).exclude(target_id=OuterRef("target_id"))
    parted = Concat("bundle_key", Value(_by_target("")), Cast("target_id", CharField()))
    return mine.exclude(bundle_key="").filter(Exists(others)).update(bundle_key=parted) > 0


def _is_aside(entry: Notification) -> bool:
    is_read = getattr(entry, "is_read", entry.read_at is not None)
    return is_read and (not entry.bundle_key or entry.bundle_key.endswith(_by_target(entry.target_id)))


def _by_target(target: object) -> str:
    return f":{target}"


def _with_same_target(entry: Notification) -> Q:
    if not entry.bundle_key:
        return Q(pk=entry.pk)
    return Q(kind=entry.kind, bundle_key=entry.bundle_key, target_id=entry.target_id)
