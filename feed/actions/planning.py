"""Posts that wait: for their time, or for a moderator who lets them out."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.mentions import named_in
from conversations.models import Mention
from conversations.readers import readers_of
from core.errors import RefusedError, require
from directory.house_rules import has_accepted
from directory.models import Employee, OrgUnit
from directory.querysets import EmployeeQuerySet
from feed.actions.drafts import keep_as_draft
from feed.actions.placing import place_on_line, place_post
from feed.actions.telling import forget_the_asking, tell_moderators, tell_of_decision
from feed.models import PlannedPlacement, Post
from feed.readers import readers_of_line
from groups.models import Group

MAX_NOTE = 300


def waits_for_approval(author: Employee, group: Group) -> bool:
    """Say whether what `author` writes in `group` waits for a moderator; their own does not."""
    return group.approves_posts and not author.has_perm("groups.moderate", group)


def send_out(
    post: Post,
    groups: Sequence[Group] = (),
    unit: OrgUnit | None = None,
    *,
    publish_at: datetime.datetime | None = None,
    mentioned: Collection[str] = (),
) -> None:
    """Let `post` stand in `groups`, or before `unit`, at once; or wait for `publish_at` or for moderators.

    Of what waits nobody is told but the moderators. Rights have been looked at. Part of the transaction that decides.
    """
    waiting = [group for group in groups if publish_at or waits_for_approval(post.author, group)]
    if ready := [group for group in groups if group not in waiting]:
        place_post(post, ready, mentioned=mentioned)
    for group in waiting:
        careful = waits_for_approval(post.author, group)
        facts = {"publish_at": publish_at, "needs_approval": careful}
        planned = PlannedPlacement.objects.create(post=post, group=group, **facts)
        if careful:
            tell_moderators(planned)
    if waiting:
        _remember_named(post, readers_of(*waiting), mentioned)
    if unit and publish_at:
        PlannedPlacement.objects.create(post=post, unit=unit, publish_at=publish_at)
        _remember_named(post, readers_of_line(unit, post.author), mentioned)
    elif unit:
        place_on_line(post, unit, mentioned=mentioned)


def call_in(post: Post) -> None:
    """Let `post` wait nowhere any more; the moderators it waited for are not asked any longer."""
    for planned in post.planned.all():
        forget_the_asking(planned)
    post.planned.all().delete()


def _remember_named(post: Post, readers: EmployeeQuerySet, mentioned: Collection[str]) -> None:
    if "@" in post.text:
        named = named_in(post.text, readers, mentioned)
        mentions = [Mention(thread=post.thread, comment=None, employee=person) for person in named]
        Mention.objects.bulk_create(mentions, ignore_conflicts=True)


@transaction.atomic
def let_out(*, actor: Employee, planned: PlannedPlacement) -> Post:
    """Let a post out into one's group: now, or at the time its author chose. Returns the post.

    Raises PermissionDenied, and RefusedError when it does not wait any more or its author may not write any more.
    """
    planned = _decided_by(actor, planned)
    if hindrance := _find_hindrance(planned):
        raise RefusedError(hindrance, code="conflict")
    planned.needs_approval = False
    planned.save(update_fields=["needs_approval"])
    post = planned.post
    tell_of_decision(planned, actor, let_out=True)
    if planned.publish_at is None or planned.publish_at <= timezone.now():
        _release(planned)
    return post


@transaction.atomic
def send_back(*, actor: Employee, planned: PlannedPlacement, note: str) -> PlannedPlacement:
    """Send a post back to its author, saying why. Raises PermissionDenied, and RefusedError without a reason."""
    reason = note.strip()[:MAX_NOTE]
    if not reason:
        raise RefusedError(_("Say why: the author reads it."), field="note", code="no_reason")
    planned = _decided_by(actor, planned)
    _return(planned, reason, actor)
    return planned


@transaction.atomic
def take_back_planned(*, actor: Employee, planned: PlannedPlacement) -> Post:
    """Take back one's own waiting post from everywhere it waits. One that stands nowhere becomes a draft again.

    Raises PermissionDenied, and RefusedError when it has come out in the meantime.
    """
    require(planned.post.author_id == actor.pk)
    waiting = lock_waiting(planned)
    post = waiting[0].post
    call_in(post)
    if not post.placements.exists():
        post.deleted_at, post.deleted_by = timezone.now(), None
        post.save(update_fields=["deleted_at", "deleted_by"])
        keep_as_draft(post, waiting)
    return post


def lock_waiting(planned: PlannedPlacement) -> list[PlannedPlacement]:
    """Lock and return everywhere the post still waits, `planned` first. Raises RefusedError when that has come out."""
    of_post = PlannedPlacement.objects.filter(post=planned.post_id).select_for_update(no_key=True, of=("self",))
    rows = list(of_post.select_related("post__author", "post__thread", "group", "unit").order_by("pk"))
    if planned.pk not in [row.pk for row in rows]:
        raise RefusedError(_("The post has come out in the meantime."), code="conflict")
    return sorted(rows, key=lambda row: row.pk != planned.pk)


def publish_due_posts() -> int:
    """Publish what has reached its time, where its author may still write; return how many. In the sweeper's round."""
    number = 0
    for pk in list(PlannedPlacement.objects.due().order_by("publish_at").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            waiting = PlannedPlacement.objects.due().select_for_update(no_key=True, skip_locked=True, of=("self",))
            planned = waiting.select_related("post__author", "post__thread", "group", "unit").filter(pk=pk).first()
            if planned is None:
                continue
            with translation.override(planned.post.author.language or settings.LANGUAGE_CODE):
                if hindrance := _find_hindrance(planned):
                    _return(planned, hindrance, None)
                else:
                    _release(planned)
            number += 1
    return number


def _release(planned: PlannedPlacement) -> None:
    post, group = planned.post, planned.group
    known = Mention.objects.filter(thread=post.thread, comment=None).values_list("employee__public_id", flat=True)
    chosen = list(known)
    unit = planned.unit
    planned.delete()
    if post.deleted_at:
        return
    if group:
        place_post(post, [group], mentioned=chosen)
    elif unit:
        place_on_line(post, unit, mentioned=chosen)


def _return(planned: PlannedPlacement, note: str, by: Employee | None) -> None:
    planned.returned_at, planned.returned_by, planned.returned_note = timezone.now(), by, note
    planned.save(update_fields=["returned_at", "returned_by", "returned_note"])
    tell_of_decision(planned, by, let_out=False)


def _decided_by(actor: Employee, planned: PlannedPlacement) -> PlannedPlacement:
    require(actor.has_perm("feed.decide_planned", planned))
    locked = PlannedPlacement.objects.awaiting().select_for_update(no_key=True, of=("self",)).filter(pk=planned.pk)
    found = locked.select_related("post__author", "post__thread", "group").first()
    if found is None:
        raise RefusedError(_("This post does not wait any more."), code="conflict")
    forget_the_asking(found)
    return found


def _find_hindrance(planned: PlannedPlacement) -> str:
    author = planned.post.author
    if planned.group and not author.has_perm("groups.write", planned.group):
        return _("%(name)s may no longer write in the group.") % {"name": author.display_name}
    if planned.unit and not author.has_perm("feed.write_to_line", planned.unit):
        return _("%(name)s may no longer write to the unit.") % {"name": author.display_name}
    if not has_accepted(author):
        return _("%(name)s has not accepted the current house rules.") % {"name": author.display_name}
    return ""
