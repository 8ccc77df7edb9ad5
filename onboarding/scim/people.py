"""Brings what a client says of one person into the directory: staged and written as a row of HR's file is.

Whose jobs HR's file has told of, their jobs and name are HR's; the client adds the e-mail address and the
telephone at work, and says whether the account is open. For everyone else the client's row keeps one job.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.clock import local_today
from directory.actions import record_audit_event, refresh_people
from directory.models import Employee, Employment, OrgUnit
from directory.querysets import EmploymentQuerySet
from onboarding.hr_file.rows import JobFacts, PersonFacts, Verdict
from onboarding.hr_file.tidying import position_key
from onboarding.imports.applying import welcome_starters
from onboarding.imports.enrolling import enrol_changed
from onboarding.imports.history import write_history
from onboarding.imports.staging import Reach, create_tables, match_people_and_jobs, run, stage
from onboarding.imports.writing import changed_people, touched_people, write_jobs, write_leaders, write_people
from onboarding.models import ScimShut, ScimUser
from onboarding.scim.braking import brake
from onboarding.scim.places import find_unit
from onboarding.scim.told import Facts

SOURCE = "scim"
# No organisation is deeper: so far is looked for a circle of leaders.
MOST_LEADERS = 20
_KNOW_PERSON = """
UPDATE import_person SET employee_id = %(employee)s;
UPDATE import_job SET employee_id = %(employee)s;
"""
_END = "INSERT INTO import_absent VALUES (%(employment)s, %(employee)s)"


@dataclass
class _Plan:
    """What is to be written of one person: who they are, the job that begins or stays, and the one that ends."""

    number: str
    person: PersonFacts
    job: JobFacts | None = None
    ends: Employment | None = None
    # What the client says of the account now and has not said before: True opens it, False shuts it.
    says: bool | None = None
    # Whether it counts among those whom the client has shut out today.
    is_counted: bool = False
    units: list[int] = field(default_factory=list)


def bring_in(row: ScimUser, facts: Facts, *, is_active: bool) -> None:
    """Make the directory fit what the client says of the person of `row`, who is made if `row` has none yet.

    Sets the row's employee and employment, without saving it. Within the transaction and the lock "people". Raises
    HeldBackException when it would shut one too many.
    """
    is_new = not row.employee_id
    if is_new and not is_active:
        # Made first, and let go of at once: the account exists, and is shut.
        _write(row, _plan(row, facts, is_active=True), welcomes=False)
    plan = _plan(row, facts, is_active=is_active)
    plan.is_counted = plan.says is False and not is_new and brake(row.client, row.employee)
    _write(row, plan, welcomes=is_active)


def shut(row: ScimUser) -> None:
    """End what the client's row keeps, and every session: the person's account is no more. Access dies at once.

    Raises HeldBackException when it would be one too many.
    """
    person = _person_facts(row.employee, _nothing_told(row.employee), hr_knows=True)
    plan = _Plan(_number(row, ""), person, ends=_lasting_job(row), says=False)
    plan.is_counted = brake(row.client, row.employee)
    _write(row, plan, welcomes=False)


def let_in_again(employee: Employee) -> None:
    """Open an account that was shut though a job lasts, whoever shut it."""
    ScimShut.objects.of(employee).delete()
    Employee.objects.filter(pk=employee.pk).update(suspended_at=None)
    refresh_people([employee.pk])
    enrol_changed([employee.pk])


def _plan(row: ScimUser, facts: Facts, *, is_active: bool) -> _Plan:
    hr_knows, held = _hr_knows(row), _lasting_job(row)
    employee = row.employee if row.employee_id else None
    plan = _Plan(_number(row, facts.number), _person_facts(employee, facts, hr_knows=hr_knows))
    plan.says = None if row.pk and row.is_active == is_active else is_active
    if not is_active or hr_knows:
        plan.ends = held
        return plan
    unit = find_unit(row.client, facts.units)
    plan.job = _job(row, facts, unit, held)
    if held and not _is_same(plan.job, held):
        plan.ends = held
    plan.units = [unit.pk]
    return plan


def _write(row: ScimUser, plan: _Plan, *, welcomes: bool) -> None:
    """Take the plan over: the statements, and their order, are those of a file."""
    today = local_today()
    _stage(row, plan, today)
    write_people()
    write_jobs(Reach(SOURCE, "/", False, today))
    _keep(row, plan)
    suspended = [row.employee_id] if _suspend(row, shut=_is_shut(row, plan)) else []
    refresh_people({*changed_people(), *suspended})
    if plan.job:
        write_leaders(today, plan.units)
    if welcomes:
        welcome_starters(today)
    enrol_changed(list({*touched_people(), *suspended}))
    write_history(None, SOURCE)


def _stage(row: ScimUser, plan: _Plan, today: datetime.date) -> None:
    create_tables()
    list(stage([Verdict(1, plan.number, person=plan.person, job=plan.job)]))
    if row.employee_id:
        run(_KNOW_PERSON, employee=row.employee_id)
    match_people_and_jobs(today)
    if plan.ends:
        run(_END, employment=plan.ends.pk, employee=row.employee_id)


def _keep(row: ScimUser, plan: _Plan) -> None:
    """Let the row know whom it speaks of, and which job it keeps."""
    if not row.employee_id:
        known = Q(employee_number=plan.number) if plan.number.isdigit() else Q(username=plan.number)
        row.employee = Employee.objects.people().get(known)
    if plan.job is None:
        row.employment = None if plan.ends is None else Employment.objects.filter(pk=plan.ends.pk).first()
        return
    same = {"unit__code": plan.job.unit_code, "position_key": plan.job.position_key, "start_date": plan.job.start_date}
    row.employment = Employment.objects.get(employee=row.employee, **same)


def _is_shut(row: ScimUser, plan: _Plan) -> bool:
    """Note what the client says of the account; return whether it is to be shut though a job lasts.

    What another client has shut, this one leaves shut, even where it tells of a job.
    """
    is_so, shut = bool(row.employee.suspended_at), ScimShut.objects.of(row.employee)
    if plan.says is False:
        now: dict[str, Any] = {"external_id": row.external_id, "shut_at": timezone.now()}
        now |= {"is_counted": True} if plan.is_counted else {}
        shut.update_or_create(client=row.client, employee=row.employee, defaults=now)
        return is_so or _has_lasting_job(row.employee)
    if plan.says:
        shut.filter(client=row.client).delete()
    if shut.exclude(client=row.client).exists():
        return is_so or (plan.job is not None and not row.employee.is_active)
    return is_so and not plan.says


def _suspend(row: ScimUser, *, shut: bool) -> bool:
    """Shut the account though a job lasts, or open it; return whether that is new."""
    if shut == bool(row.employee.suspended_at):
        return False
    row.employee.suspended_at = timezone.now() if shut else None
    row.employee.save(update_fields=["suspended_at"])
    verb = "onboarding.scim_shut" if shut else "onboarding.scim_opened"
    record_audit_event(actor=None, verb=verb, obj=row.client, subject=row.employee)
    return True


def _jobs_of_hr(row: ScimUser) -> EmploymentQuerySet:
    """The jobs of this person that somebody else tells of."""
    return Employment.objects.filter(employee=row.employee_id).exclude(source=SOURCE)


def _hr_knows(row: ScimUser) -> bool:
    """Whether jobs and name are HR's: from the first job that HR tells of, for good.

    Whom HR has let go is not employed again because a system speaks of them. A job that the row keeps stands until
    HR's begins.
    """
    if not row.employee_id:
        return False
    keeps_job = row.employment_id and Employment.objects.current().filter(pk=row.employment_id).exists()
    jobs = _jobs_of_hr(row)
    return jobs.current().exists() if keeps_job else jobs.exists()


def _has_lasting_job(employee: Employee) -> bool:
    """Whether anybody, HR or another system, tells of a job that lasts or is to come."""
    return Employment.objects.unended().filter(employee=employee).exists()


def _lasting_job(row: ScimUser) -> Employment | None:
    """The job the row keeps, if it holds today or ended no earlier than yesterday: it can be taken up again."""
    if row.employment_id is None:
        return None
    yesterday = local_today() - datetime.timedelta(days=1)
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=yesterday)
    return Employment.objects.filter(lasting, pk=row.employment_id).select_related("unit").first()


def _number(row: ScimUser, told: str) -> str:
    """What the staged rows are called by: HR's number, or else the user name."""
    if row.employee_id:
        return row.employee.employee_number or row.employee.username
    return told or f"{SOURCE}-{row.public_id}"


def _person_facts(employee: Employee | None, facts: Facts, *, hr_knows: bool) -> PersonFacts:
    named_here = employee is not None and hr_knows
    return PersonFacts(
        first_name=employee.first_name if employee and named_here else facts.first_name,
        last_name=employee.last_name if employee and named_here else facts.last_name,
        email=facts.email,
        mobile="" if named_here else facts.mobile,
        work_phone=facts.work_phone,
        # Nobody but HR says that a person is protected, or no longer.
        protected=None,
        language=facts.language,
    )


def _nothing_told(employee: Employee) -> Facts:
    return Facts(employee.first_name, employee.last_name, None, "", "", "", "", "", "", (), "")


def _job(row: ScimUser, facts: Facts, unit: OrgUnit, held: Employment | None) -> JobFacts:
    """The job as told: the one that is held, if it is in the same unit and called the same, or a new one from today."""
    with translation.override(settings.LANGUAGE_CODE):
        title = facts.title or (held.title if held else "") or _("Employee")
    key = position_key("", title)
    same = held if held and held.unit_id == unit.pk and held.position_key == key else None
    return JobFacts(
        agency_code="",
        unit_code=unit.code,
        title=title,
        position_code="",
        position_key=key,
        manager_number=_manager_number(row, facts.manager),
        kind=facts.kind or (same.kind if same else ""),
        percentage=same.percentage if same else Decimal(100),
        start_date=same.start_date if same else local_today(),
        end_date=None,
        workplace=None,
        leave_until_date=None,
        says_leave=False,
    )


def _is_same(job: JobFacts, held: Employment) -> bool:
    """Whether the job told is the one that is held. One that began today under another title is not."""
    told = (job.start_date, job.unit_code, job.position_key)
    return told == (held.start_date, held.unit.code, held.position_key)


def _manager_number(row: ScimUser, manager: str) -> str:
    """What the leader is called by; "" for nobody, for oneself, and where two would lead each other in a circle."""
    if not manager or manager == row.public_id:
        return ""
    leader = ScimUser.objects.told_by(row.client).filter(public_id=manager).select_related("employee").first()
    if leader is None or _is_led_by(leader.employee_id, row.employee_id):
        return ""
    return leader.employee.employee_number or leader.employee.username


def _is_led_by(employee_id: int, leader_id: int) -> bool:
    """Whether `leader_id` stands anywhere above the employee."""
    seen: set[int] = set()
    above: int | None = employee_id
    while above is not None and above not in seen and len(seen) < MOST_LEADERS:
        if above == leader_id:
            return True
        seen.add(above)
        jobs = Employment.objects.current().filter(employee=above).primary_first()
        above = jobs.values_list("manager_id", flat=True).first()
    return False
