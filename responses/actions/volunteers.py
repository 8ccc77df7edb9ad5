"""Signing up, withdrawing, and from the owner's choice by the leader's word to being assigned."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from directory.nearest_leaders import leaders_of
from notifications.actions import notify
from responses.actions.forms import check_line, lock_form
from responses.actions.needs import require_open
from responses.actions.places import fill_places, has_room
from responses.models import AnswerForm, SignUp

State = SignUp.State
MOST_NOTE = 300


@transaction.atomic
def sign_up(*, actor: Employee, form: AnswerForm, note: str = "") -> SignUp:
    """Sign `actor` up: with a place while there is one, on the waiting list after that. Again changes only the note.

    However many come at once, each waits for the one before, so that places are never given twice. Raises
    RefusedError when the form takes no sign-ups, and PermissionDenied for those not addressed.
    """
    form = _lock_for_volunteers(form)
    require(actor.receipts.filter(announcement=form.announcement_id).exists())
    require_open(form)
    check_line("note", note, MOST_NOTE)
    mine = form.sign_ups.filter(employee=actor).first() or SignUp(form=form, employee=actor)
    mine.note = note.strip()
    if mine.state in ("", State.WITHDRAWN):
        mine.state = State.SIGNED_UP if has_room(form) else State.WAITING
        mine.queued_at = timezone.now()
        mine.asked_at = mine.asked_by = mine.answered_at = mine.answered_by = None
    mine.save()
    record_audit_event(actor=actor, verb="responses.signed_up", obj=mine, facts={"state": mine.state})
    return mine


@transaction.atomic
def withdraw_sign_up(*, actor: Employee, form: AnswerForm) -> SignUp:
    """Withdraw `actor`, also after the deadline; the next on the waiting list moves up and is told.

    Raises RefusedError when there is nothing to withdraw.
    """
    form = _lock_for_volunteers(form)
    mine = form.sign_ups.filter(employee=actor).exclude(state=State.WITHDRAWN).first()
    if mine is None:
        raise RefusedError(_("You are not signed up."), code="conflict")
    was = mine.state
    _withdraw(mine, actor)
    if was == State.ASSIGNED and mine.asked_by_id:
        key = f"volunteer-gone:{mine.pk}:{timezone.now().timestamp()}"
        notify(kind="volunteer_withdrawn", recipients=[mine.asked_by_id], event_key=key, actor=actor, target_id=mine.pk)
    fill_places(form)
    return mine


def _withdraw(mine: SignUp, actor: Employee | None) -> None:
    mine.state = State.WITHDRAWN
    mine.save(update_fields=["state"])
    record_audit_event(actor=actor, verb="responses.withdrawn", obj=mine)


@transaction.atomic
def withdraw_leavers(*, employee_ids: Collection[int]) -> int:
    """Take people who have left off every list and let others move up; return how many sign-ups that were."""
    theirs = SignUp.objects.filter(employee__in=employee_ids).exclude(state=State.WITHDRAWN)
    forms = AnswerForm.objects.filter(pk__in=theirs.values("form")).order_by("pk")
    gone = 0
    for each in forms:
        form = lock_form(each)
        for mine in theirs.filter(form=form):
            _withdraw(mine, None)
            gone += 1
        fill_places(form)
    return gone


@transaction.atomic
def pick_volunteer(*, actor: Employee, sign_up: SignUp) -> SignUp:
    """Choose a volunteer: the nearest leader is asked, and the person is assigned when the leader agrees.

    Who has no leader to ask is assigned at once. Raises RefusedError unless the volunteer has a place and has not
    been chosen yet, or where the announcement is withdrawn.
    """
    form = lock_form(sign_up.form)
    require(actor.has_perm("responses.manage", form))
    if form.stop == AnswerForm.Stop.WITHDRAWN:
        raise RefusedError(form.stop_words, code="conflict")
    chosen = _locked(sign_up)
    if chosen.state != State.SIGNED_UP:
        raise RefusedError(_wrong(chosen), code="conflict")
    chosen.asked_by, chosen.asked_at, chosen.state = actor, timezone.now(), State.ASKED
    leaders = list(leaders_of(Employee.objects.filter(pk=chosen.employee_id)).values_list("pk", flat=True))
    chosen.save(update_fields=["asked_by", "asked_at", "state"])
    record_audit_event(
        actor=actor,
        verb="responses.leader_asked",
        obj=chosen,
        subject=chosen.employee,
        facts={"leaders": len(leaders)},
    )
    if not leaders:
        _settle(chosen, actor, approve=True)
    for leader in leaders:
        _tell("volunteer_leader_asked", [leader], chosen, None if leader == actor.pk else actor)
    return chosen


@transaction.atomic
def answer_for_volunteer(*, actor: Employee, sign_up: SignUp, approve: bool) -> SignUp:
    """The leader's word: approve, and the person is assigned; or not now, and the place goes to the next.

    Raises PermissionDenied for others than the leader, RefusedError when it has been answered or withdrawn.
    """
    require(actor.has_perm("responses.answer_for_volunteer", sign_up))
    form = lock_form(sign_up.form)
    if form.stop == AnswerForm.Stop.WITHDRAWN:
        raise RefusedError(form.stop_words, code="conflict")
    asked = _locked(sign_up)
    if asked.state != State.ASKED:
        raise RefusedError(_wrong(asked), code="conflict")
    _settle(asked, actor, approve=approve)
    if asked.asked_by_id:
        _tell("volunteer_leader_answered", [asked.asked_by_id], asked, actor)
    if not approve:
        fill_places(form)
    return asked


def _settle(asked: SignUp, actor: Employee, *, approve: bool) -> None:
    """Store what was decided, and tell the person."""
    asked.state = State.ASSIGNED if approve else State.NOT_NOW
    asked.answered_by, asked.answered_at = actor, timezone.now()
    asked.save(update_fields=["state", "answered_by", "answered_at"])
    verb = "responses.assigned" if approve else "responses.not_now"
    record_audit_event(actor=actor, verb=verb, obj=asked, subject=asked.employee)
    _tell("volunteer_assigned" if approve else "volunteer_not_now", [asked.employee_id], asked, actor)


def _tell(kind: str, recipients: list[int], about: SignUp, actor: Employee | None) -> None:
    key = f"{kind}:{about.pk}:{(about.asked_at or about.queued_at).timestamp()}"
    notify(kind=kind, recipients=recipients, event_key=key, actor=actor, target_id=about.pk)


def _locked(sign_up: SignUp) -> SignUp:
    """Return the sign-up as it stands now; the form's lock guards it."""
    return SignUp.objects.with_people().get(pk=sign_up.pk)


def _wrong(found: SignUp) -> str:
    words = {
        State.WAITING: _("The person is on the waiting list and has no place yet."),
        State.ASKED: _("The leader has been asked already."),
        State.ASSIGNED: _("The person is assigned already."),
        State.NOT_NOW: _("The leader has said not now."),
        State.WITHDRAWN: _("The person has withdrawn."),
    }
    return words.get(State(found.state), _("The leader has not been asked yet."))


def _lock_for_volunteers(form: AnswerForm) -> AnswerForm:
    form = lock_form(form)
    if form.kind != AnswerForm.Kind.VOLUNTEERS:
        raise RefusedError(_("This message does not look for volunteers."), code="conflict")
    return form
