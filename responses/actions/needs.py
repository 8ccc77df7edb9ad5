"""What a service answers: by one named person, the same need once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.text import fold
from directory.actions import record_audit_event
from directory.models import Employee, OrgUnit
from notifications.actions import notify
from responses.actions.forms import check_line, lock_form
from responses.models import AnswerForm, Need, Service
from responses.services import find_services, services_of

MOST = 100_000
MOST_NEEDS = 50
LENGTHS = {"what": 120, "comment": 500}


@dataclass(frozen=True)
class NeedFacts:
    """One need as it was filled in."""

    kind: str
    what: str
    quantity: int | None = None
    urgency: int = Need.Urgency.SOON
    comment: str = ""


@transaction.atomic
def send_need(*, actor: Employee, form: AnswerForm, unit: OrgUnit, facts: NeedFacts) -> tuple[Need, bool]:
    """Store what `unit` needs, and return it with whether it is new.

    The same need sent again, however it is spelt, is brought up to date; if it was done it is open again. Raises
    RefusedError when the form takes no answers, the person does not answer for the unit, or a field cannot be used.
    """
    service = _answering(actor, form, unit)
    _check(facts)
    what = " ".join(facts.what.split())
    same = service.needs.select_for_update(no_key=True).filter(kind=facts.kind, what_key=fold(what)[:240])
    found = same.first()
    if found is None and service.needs.count() >= MOST_NEEDS:
        raise RefusedError(_("At most 50 needs fit. Take away one that no longer holds."), code="conflict")
    need = found or Need(service=service, kind=facts.kind)
    need.what, need.quantity, need.urgency = what, facts.quantity, facts.urgency
    need.comment, need.changed_at = facts.comment.strip(), timezone.now()
    need.save()
    _open_again(need)
    _mark_answered(service, actor)
    verb = "responses.need_updated" if found else "responses.need_sent"
    record_audit_event(actor=actor, verb=verb, obj=need, facts={"unit": unit.public_id})
    return need, found is None


@transaction.atomic
def take_back_need(*, actor: Employee, need: Need) -> None:
    """Remove a need nobody has taken yet. Raises RefusedError once somebody has."""
    service = _answering(actor, need.service.form, need.service.unit)
    need = Need.objects.select_for_update(no_key=True).get(pk=need.pk, service=service)
    if need.current.state != Need.State.OPEN:
        raise RefusedError(_("Somebody has taken this already. Send it again with what has changed."), code="conflict")
    record_audit_event(actor=actor, verb="responses.need_taken_back", obj=need)
    need.delete()


@transaction.atomic
def finish_answer(*, actor: Employee, form: AnswerForm, unit: OrgUnit, replies: tuple[str, str] = ("", "")) -> Service:
    """Store that `unit` has answered, with the answers to the author's own questions; needing nothing is an answer."""
    service = _answering(actor, form, unit)
    for name, text in zip(("reply_1", "reply_2"), replies, strict=True):
        check_line(name, text, 500)
        setattr(service, name, text.strip())
    service.save(update_fields=["reply_1", "reply_2"])
    _mark_answered(service, actor)
    record_audit_event(actor=actor, verb="responses.answered", obj=form.announcement, facts={"unit": unit.public_id})
    return service


@transaction.atomic
def name_answerer(*, actor: Employee, form: AnswerForm, unit: OrgUnit, employee: Employee) -> Service:
    """Let `employee` answer for `unit`. Done by its leader, or by whoever keeps the form.

    Raises PermissionDenied for others, RefusedError when the form takes no answers or `employee` does not work in
    the branch of the unit or did not get the announcement.
    """
    form = lock_form(form)
    _require_needs(form)
    _require_may_name(actor, form, unit)
    require_open(form)
    _check_answerer(actor, form, unit, employee)
    service, _new = Service.objects.get_or_create(form=form, unit=unit)
    service.answerer, service.named_by, service.named_at = employee, actor, timezone.now()
    service.save(update_fields=["answerer", "named_by", "named_at"])
    facts = {"unit": unit.public_id}
    record_audit_event(
        actor=actor, verb="responses.answerer_named", obj=form.announcement, subject=employee, facts=facts
    )
    key = f"answerer:{service.pk}:{service.named_at.timestamp()}"
    notify(kind="answerer_named", recipients=[employee.pk], event_key=key, actor=actor, target_id=service.pk)
    return service


def _require_may_name(actor: Employee, form: AnswerForm, unit: OrgUnit) -> None:
    led = {each.unit.pk for each in find_services(actor, form) if each.may_name} if _is_addressed(actor, form) else ()
    if unit.pk in led:
        return
    require(actor.has_perm("responses.manage", form))
    if unit.pk not in services_of(form):
        raise RefusedError(_("The message was not addressed to this unit."), field="unit")


def _check_answerer(actor: Employee, form: AnswerForm, unit: OrgUnit, employee: Employee) -> None:
    people = Employee.objects.active().visible_to(actor).in_branch(unit.path)
    if not people.filter(pk=employee.pk).exists() or not _is_addressed(employee, form):
        text = _("Choose someone who works in %(unit)s and got the message.") % {"unit": unit.name}
        raise RefusedError(text, field="employee")


def require_open(form: AnswerForm) -> None:
    """Raise RefusedError, saying why, when nobody can answer now."""
    if form.stop:
        raise RefusedError(form.stop_words, code="conflict")


def _require_needs(form: AnswerForm) -> None:
    if form.kind != AnswerForm.Kind.NEEDS:
        raise RefusedError(_("This message does not ask what your service needs."), code="conflict")


def _is_addressed(employee: Employee, form: AnswerForm) -> bool:
    return employee.receipts.filter(announcement=form.announcement_id).exists()


def _answering(actor: Employee, form: AnswerForm, unit: OrgUnit) -> Service:
    """Return the locked service for which `actor` may answer now."""
    form = lock_form(form)
    require(_is_addressed(actor, form))
    _require_needs(form)
    require_open(form)
    mine = next((each for each in find_services(actor, form) if each.unit.pk == unit.pk), None)
    require(mine is not None)
    if mine is None or not mine.may_answer:
        raise RefusedError(_("Someone else answers for %(unit)s.") % {"unit": unit.name}, code="not_answerer")
    service, _new = Service.objects.get_or_create(form=form, unit=unit)
    if service.answerer is None or not service.answerer.is_active:
        service.answerer = actor
        service.save(update_fields=["answerer"])
    return service


def _mark_answered(service: Service, actor: Employee) -> None:
    service.answered_at, service.answered_by = timezone.now(), actor
    service.save(update_fields=["answered_at", "answered_by"])


def _open_again(need: Need) -> None:
    """Open what was done, in it or in what it was merged into: it is asked for anew."""
    done = Need.objects.filter(pk=need.merged_into_id or need.pk, state=Need.State.DONE)
    if done.update(state=Need.State.OPEN, taken_by=None, taken_at=None, done_at=None) and not need.merged_into_id:
        need.refresh_from_db()


def _check(facts: NeedFacts) -> None:
    if facts.kind not in Need.Kind.values:
        raise RefusedError(_("Choose what kind of need it is."), field="kind")
    if not facts.what.strip():
        raise RefusedError(_("Say what you need."), field="what")
    for name, most in LENGTHS.items():
        check_line(name, getattr(facts, name), most)
    if facts.quantity is not None and not 1 <= facts.quantity <= MOST:
        raise RefusedError(_("How many? From 1 to 100 000."), field="quantity")
    if facts.urgency not in Need.Urgency.values:
        raise RefusedError(_("Say how urgent it is."), field="urgency")
