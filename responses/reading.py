"""Answers as one reader, one leader or one keeper sees them, worked out before a template draws them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.spreadsheets import Row
from core.times import local
from directory.models import Employee, OrgUnit
from responses.forms import NeedForm, RepliesForm
from responses.models import AnswerForm, Need, Service, SignUp
from responses.querysets import NeedQuerySet, SignUpQuerySet
from responses.services import ServiceView, find_services, services_of, view_service


@dataclass
class Answering:
    """One service on the page where it is answered for: what was sent, and the forms to send more."""

    view: ServiceView
    needs: list[Need] = field(default_factory=list)
    form: NeedForm | None = None
    replies: RepliesForm | None = None


def read_answering(
    reader: Employee, form: AnswerForm, bound: NeedForm | RepliesForm | None = None, unit: OrgUnit | None = None
) -> list[Answering]:
    """Return every service `reader` has to do with; `bound` is what was typed for `unit` and refused."""
    views = find_services(reader, form)
    readable = [view.service.pk for view in views if view.may_read and view.service]
    sent: defaultdict[int, list[Need]] = defaultdict(list)
    for need in Need.objects.filter(service__in=readable).with_states().order_by("urgency", "pk"):
        sent[need.service_id].append(need)
    found = [Answering(view, sent[view.service.pk] if view.service else []) for view in views]
    for each in found:
        if each.view.may_answer and not form.stop:
            _add_forms(each, form, bound if unit and unit.pk == each.view.unit.pk else None)
    return found


def _add_forms(each: Answering, form: AnswerForm, bound: NeedForm | RepliesForm | None) -> None:
    unit, service = each.view.unit, each.view.service
    each.form = bound if isinstance(bound, NeedForm) else NeedForm(unit=unit)
    typed = {"reply_1": service.reply_1, "reply_2": service.reply_2} if service else {}
    each.replies = bound if isinstance(bound, RepliesForm) else RepliesForm(form=form, unit=unit, initial=typed)


def own_sign_up(reader: Employee, form: AnswerForm) -> SignUp | None:
    """Return the reader's own sign-up, a withdrawn one too."""
    return form.sign_ups.filter(employee=reader).first()


def needs_of(form: AnswerForm, *, state: str = "", agency: str = "") -> NeedQuerySet:
    """Return the needs that stand, per agency, of one state and one agency where these are given."""
    found = Need.objects.filter(service__form=form).standing().with_service().by_agency()
    if state in Need.State.values:
        found = found.filter(state=state)
    if agency:
        found = found.filter(service__unit__agency__public_id=agency)
    return found.prefetch_related("merged__service__unit")


def sign_ups_of(form: AnswerForm, *, state: str = "") -> SignUpQuerySet:
    """Return the sign-ups in line, of one state where it is given."""
    found = form.sign_ups.with_people().in_line()
    return found.filter(state=state) if state in SignUp.State.values else found


@dataclass(frozen=True)
class Unanswered:
    """A service from which nothing has come, and who would answer."""

    unit: OrgUnit
    answerer: str


def unanswered_of(form: AnswerForm, keeper: Employee) -> tuple[int, list[Unanswered]]:
    """Return how many services there are, and those that have not answered, by name."""
    units = services_of(form)
    known = {each.unit_id: each for each in Service.objects.filter(form=form).select_related("answerer")}
    missing = []
    for unit in units.values():
        service = known.get(unit.pk)
        if service is None or service.answered_at is None:
            view = view_service(keeper, unit, service, leads=False)
            missing.append(Unanswered(unit, view.answerer_name))
    return len(units), sorted(missing, key=lambda each: each.unit.name)


def export_rows(form: AnswerForm) -> Iterator[Row]:
    """Yield the rows of the file a keeper takes out, the headings first. Protected people are left out."""
    return _volunteer_rows(form) if form.kind == AnswerForm.Kind.VOLUNTEERS else _need_rows(form)


def _volunteer_rows(form: AnswerForm) -> Iterator[Row]:
    yield (
        _("Name"),
        _("Position"),
        _("Unit"),
        _("Agency"),
        _("E-mail"),
        _("Work phone"),
        _("State"),
        _("Signed up"),
        _("Note"),
    )
    for each in sign_ups_of(form).filter(employee__protected=False).exclude(state="withdrawn").iterator(1000):
        person, job = each.employee, each.employee.primary_employment
        place = (job.title, job.unit.name, job.unit.agency.name if job.unit.agency else "") if job else ("", "", "")
        when = local(each.queued_at).strftime("%Y-%m-%d %H:%M")
        reached = (person.email or "", person.work_phone)
        yield (person.display_name, *place, *reached, each.get_state_display(), when, each.note)


def _need_rows(form: AnswerForm) -> Iterator[Row]:
    yield (
        _("Agency"),
        _("Unit"),
        _("Kind"),
        _("Need"),
        _("Number"),
        _("How urgent"),
        _("Comment"),
        _("State"),
        _("Taken by"),
        _("Merged with"),
    )
    needs = Need.objects.filter(service__form=form).with_service().with_states().by_agency()
    for each in needs.iterator(1000):
        agency = each.service.unit.agency
        taken_by = each.current.taken_by.display_name if each.current.taken_by else ""
        yield (
            agency.name if agency else "",
            each.service.unit.name,
            each.get_kind_display(),
            each.what,
            each.quantity,
            each.get_urgency_display(),
            each.comment,
            each.current.get_state_display(),
            taken_by,
            each.merged_into.what if each.merged_into else "",
        )
