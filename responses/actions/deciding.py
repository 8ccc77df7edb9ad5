"""What those who keep the form do with needs: take, do, open again, merge."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.actions import record_audit_event
from directory.models import Employee
from notifications.actions import notify
from responses.actions.forms import check_line, lock_form
from responses.models import Need

State = Need.State
# Which state leads to which.
STEPS = {
    State.TAKEN: (State.OPEN,),
    State.DONE: (State.OPEN, State.TAKEN),
    State.OPEN: (State.TAKEN, State.DONE),
}
MOST_REPLY = 200


@transaction.atomic
def set_need_state(*, actor: Employee, need: Need, state: str, reply: str = "") -> Need:
    """Take a need, call it done, or open it again, and tell those who answered. `reply` is one line back to them.

    Raises RefusedError when someone else was first, or the need stands merged in another.
    """
    need = _lock(actor, need)
    if need.merged_into_id:
        raise RefusedError(_("This has been merged with another. Use that one."), code="conflict")
    if state not in STEPS or need.state not in STEPS[State(state)]:
        raise RefusedError(_wrong(need), code="conflict", field="state")
    check_line("reply", reply, MOST_REPLY)
    _move(need, State(state), actor, " ".join(reply.split()))
    record_audit_event(actor=actor, verb=f"responses.need_{state}", obj=need)
    _tell(need, actor)
    return need


def _move(need: Need, state: State, actor: Employee, reply: str) -> None:
    now = timezone.now()
    need.state = state
    if state == State.OPEN:
        need.taken_by, need.taken_at, need.done_at, need.reply = None, None, None, reply
    else:
        need.taken_by, need.taken_at = need.taken_by or actor, need.taken_at or now
        need.done_at = now if state == State.DONE else None
        need.reply = reply or need.reply
    need.save(update_fields=["state", "taken_by", "taken_at", "done_at", "reply"])


def _wrong(need: Need) -> str:
    if need.state == State.TAKEN and need.taken_by:
        return _("%(name)s has taken this.") % {"name": need.taken_by.display_name}
    return {State.DONE: _("This is done already."), State.OPEN: _("This is open already.")}.get(
        State(need.state), _("Somebody has taken this.")
    )


def _tell(need: Need, actor: Employee) -> None:
    """Tell the answerers of the need and of those merged into it."""
    for each in [need, *need.merged.select_related("service")]:
        people = {each.service.answerer_id, each.service.answered_by_id} - {None}
        key = f"need:{each.pk}:{need.state}:{timezone.now().timestamp()}"
        ids = [pk for pk in people if pk is not None]
        notify(kind=f"need_{need.state}", recipients=ids, event_key=key, actor=actor, target_id=each.pk)


@transaction.atomic
def merge_needs(*, actor: Employee, need: Need, into: Need) -> Need:
    """Let `need` follow `into`: both stay readable, the state of one holds for both. Returns `into`.

    Raises RefusedError when they belong to different forms or are the same, or `into` follows another itself.
    """
    lock_form(need.service.form)
    into, need = _lock(actor, into), _lock(actor, need)
    if need.pk == into.pk or need.service.form_id != into.service.form_id:
        raise RefusedError(_("Choose two different needs."), field="into")
    if into.merged_into_id:
        raise RefusedError(_("This has been merged with another. Use that one."), field="into", code="conflict")
    need.merged.update(merged_into=into)
    need.merged_into = into
    need.save(update_fields=["merged_into"])
    record_audit_event(actor=actor, verb="responses.need_merged", obj=need, facts={"into": into.public_id})
    return into


@transaction.atomic
def split_need(*, actor: Employee, need: Need) -> Need:
    """Let a merged need stand for itself again."""
    need = _lock(actor, need)
    if not need.merged_into_id:
        raise RefusedError(_("This stands for itself already."), code="conflict")
    facts = {"out_of": need.merged_into.public_id if need.merged_into else ""}
    need.merged_into = None
    need.save(update_fields=["merged_into"])
    record_audit_event(actor=actor, verb="responses.need_split", obj=need, facts=facts)
    return need


def _lock(actor: Employee, need: Need) -> Need:
    require(actor.has_perm("responses.manage", need.service.form))
    return Need.objects.select_for_update(of=("self",), no_key=True).with_service().get(pk=need.pk)
