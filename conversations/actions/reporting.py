"""Saying that something should not stand, and a moderator's answer. What tells of citizens is hidden at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions.telling import tell_threads_page
from conversations.models import Comment, Report, Thread
from conversations.owners import owner_of, unattended
from conversations.querysets import STAND_INS
from core.errors import RefusedError, require
from core.text import check_text
from directory.actions import record_audit_event
from directory.house_rules import require_accepted
from directory.models import Employee, RoleGrant
from notifications.actions import notify

MAX_WORDS = 1000
# A person cannot hide the whole town.
MOST_OPEN = 20
Decision = Report.Decision


@transaction.atomic
def report(*, actor: Employee, thread: Thread, comment: Comment | None = None, reason: str, text: str = "") -> Report:
    """Tell those who look after the place that `comment`, or what the thread belongs to, should not stand.

    What tells something about a citizen is hidden for everyone until they have decided, and the data protection
    officer and its author are told. Raises PermissionDenied for what one may not see or wrote oneself, and
    RefusedError at the field, or when it has been reported by `actor` already.
    """
    require_accepted(actor)
    require(actor.has_perm("conversations.see", thread))
    require(_author_id(thread, comment) != actor.pk)
    require(comment is not None or owner_of(thread).reportable)
    words = _check(reason, text)
    if Report.objects.undecided().filter(reporter=actor).count() >= MOST_OPEN:
        raise RefusedError(_("Many of your reports still wait for an answer. Ask for help instead."), code="too_many")
    target = {"thread": thread, "comment": comment, "reporter": actor, "decided_at": None}
    made, created = Report.objects.get_or_create(**target, defaults={"reason": reason, "text": words})
    if not created:
        raise RefusedError(_("You have reported this already. You are told when it has been decided."), code="conflict")
    record_audit_event(actor=actor, verb="conversations.reported", obj=made, facts={"reason": reason})
    _tell("reported", [pk for pk in _deciders(made) if pk != actor.pk], made)
    if made.is_hidden:
        _hide(made)
    return made


def _author_id(thread: Thread, comment: Comment | None) -> int | None:
    return comment.author_id if comment else owner_of(thread).author_id(thread)


def _deciders(about: Report) -> list[int]:
    """Those who look after the place, or in their stead central communications; never who wrote the words."""
    author = _author_id(about.thread, about.comment)
    found = owner_of(about.thread).moderators(about.thread, besides=author)
    if found or not Report.objects.filter(unattended(), pk=about.pk).exists():
        return found
    stand_ins = RoleGrant.objects.in_force().everywhere().filter(role__in=STAND_INS).exclude(employee=author)
    return list(stand_ins.values_list("employee_id", flat=True))


def _check(reason: str, text: str) -> str:
    if reason not in Report.Reason.values:
        raise RefusedError(_("Choose what is wrong."), field="reason")
    words = text.strip()
    if reason == Report.Reason.OTHER and not words:
        raise RefusedError(_("Say what is wrong, in your own words."), field="text")
    return _checked(words, "text")


def _checked(text: str, field: str) -> str:
    try:
        return check_text(text, max_length=MAX_WORDS)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=field) from None


def _hide(about: Report) -> None:
    _set_hidden(about, hidden=True)
    officers = RoleGrant.objects.in_force().filter(role="data_protection_officer")
    _tell("personal_data_reported", officers.values_list("employee_id", flat=True), about)
    _tell("own_words_hidden", [_author_id(about.thread, about.comment)], about)


def _set_hidden(about: Report, *, hidden: bool) -> None:
    if about.comment:
        Comment.objects.filter(pk=about.comment.pk).update(hidden_at=timezone.now() if hidden else None)
    else:
        owner_of(about.thread).hide(about.thread, hidden=hidden)
    tell_threads_page(about.thread, about.comment)


@transaction.atomic
def decide_report(*, actor: Employee, report: Report, decision: str, answer: str = "") -> int:
    """Let what was reported stand, or take it down; all who reported it are answered. Returns how many they were.

    Raises PermissionDenied for others than those who look after the place, and RefusedError at the field or when it
    has been decided already.
    """
    require_accepted(actor)
    require(actor.has_perm("conversations.decide_report", report))
    if decision not in Decision.values:
        raise RefusedError(_("Choose whether it may stand."), field="decision")
    words = _checked(answer.strip(), "answer")
    open_ones = list(Report.objects.undecided().same_target(report).select_for_update())
    if report.pk not in {one.pk for one in open_ones}:
        raise RefusedError(_("Someone else has decided this meanwhile."), code="conflict")
    was_hidden = any(one.is_hidden for one in open_ones)
    if was_hidden:
        _set_hidden(report, hidden=False)
    if decision == Decision.TAKEN_DOWN:
        _take_down(actor, report)
    settled = {"decided_at": timezone.now(), "decided_by": actor, "decision": decision, "answer": words}
    Report.objects.filter(pk__in=[one.pk for one in open_ones]).update(**settled)
    for one in open_ones:
        _tell("report_answered", [one.reporter_id], one, actor)
    if was_hidden or decision == Decision.TAKEN_DOWN:
        _tell("own_words_decided", [_author_id(report.thread, report.comment)], report, actor)
    record_audit_event(actor=actor, verb="conversations.report_decided", obj=report, facts={"decision": decision})
    return len(open_ones)


def _take_down(actor: Employee, about: Report) -> None:
    if about.comment:
        Comment.objects.filter(pk=about.comment.pk).update(deleted_at=timezone.now(), deleted_by=actor)
    else:
        owner_of(about.thread).take_down(about.thread, actor=actor)
    tell_threads_page(about.thread, about.comment)


def _tell(kind: str, people: Iterable[int | None], about: Report, actor: Employee | None = None) -> None:
    """Tell people of a report; who made it is told to nobody but those who decide."""
    recipients = [pk for pk in people if pk]
    notify(kind=kind, recipients=recipients, event_key=f"report:{about.pk}", actor=actor, target_id=about.pk)
