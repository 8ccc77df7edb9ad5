"""The rows that stand for a client's people: made, changed and let go of."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils import timezone
from scim2_models import InvalidValueException, MutabilityException, UniquenessException

from directory.models import Employee
from onboarding.models import ScimClient, ScimGroup, ScimShut, ScimUser
from onboarding.scim.people import SOURCE, bring_in, shut
from onboarding.scim.places import is_within_reach
from onboarding.scim.told import Facts, Told, is_another, is_called


def create_user(client: ScimClient, told: Told) -> ScimUser:
    """Make a row for the person told of: someone the directory knows by number or e-mail address, or someone new.

    Raises UniquenessException when the client has told of them already or may not speak of them.
    """
    row = ScimUser(client=client, external_id=told.external_id)
    employee = _find_employee(client, told)
    if employee is not None:
        row.employee = employee
    _require_unique(row, told)
    _require_manager(row, told.facts)
    _take_number(row, told.facts)
    bring_in(row, told.facts, is_active=told.is_active)
    _say(row, told)
    # Who is told of is active unless it is said otherwise.
    row.attributes.setdefault("active", True)
    row.created_at = row.changed_at = timezone.now()
    row.save()
    return row


def change_user(row: ScimUser, told: Told, before: Told) -> None:
    """Keep what the client says now; the directory hears of it where it is concerned.

    Raises UniquenessException, MutabilityException or InvalidValueException when it cannot be as told.
    """
    _require_unique(row, told)
    if told.facts.manager != before.facts.manager:
        _require_manager(row, told.facts)
    differs = (told.facts, told.is_active) != (before.facts, before.is_active)
    # Of somebody who works elsewhere by now, what is said stays with the client.
    if differs and is_within_reach(row.client, row.employee):
        _take_number(row, told.facts)
        bring_in(row, told.facts, is_active=told.is_active)
    _say(row, told)
    row.version += 1
    row.changed_at = timezone.now()
    row.save()


def delete_user(row: ScimUser) -> None:
    """Forget the row; the person's account is shut, and the groups that named the person change."""
    groups = ScimGroup.objects.filter(members__user=row)
    groups.update(version=F("version") + 1, changed_at=timezone.now())
    if row.is_active:
        shut_user(row)
    row.delete()


def shut_user(row: ScimUser) -> None:
    """Shut the account, as the client has asked. Raises HeldBackException when it would be one too many."""
    row.is_active = False
    row.attributes = row.attributes | {"active": False}
    row.version += 1
    row.changed_at = timezone.now()
    if is_within_reach(row.client, row.employee):
        shut(row)
    row.save()


def _say(row: ScimUser, told: Told) -> None:
    row.user_name, row.user_key, row.external_id = told.user_name, told.user_key, told.external_id
    row.addresses, row.is_active, row.attributes = told.addresses, told.is_active, told.attributes


def _find_employee(client: ScimClient, told: Told) -> Employee | None:
    """Whom the directory knows by the number told, or the client's own id, or else by address and name."""
    facts = told.facts
    known = _find_by_number(facts)
    known = known or _shut_before(client, told.external_id)
    employee = known or _find_by_address(facts)
    if employee and facts.number and employee.employee_number not in {None, facts.number}:
        raise UniquenessException(detail="emails or externalId: they belong to somebody with another employeeNumber")
    if employee and (employee.kind != Employee.Kind.PERSON or not is_within_reach(client, employee)):
        raise UniquenessException(detail="The employeeNumber or e-mail address belongs to somebody outside your reach")
    return employee


def _find_by_number(facts: Facts) -> Employee | None:
    """Whose the number is. Raises UniquenessException where they have a wholly different name: a digit may be wrong."""
    found: Employee | None = Employee.objects.filter(employee_number=facts.number).first() if facts.number else None
    if found and is_another(found, facts):
        whose = "it was a leaver's" if _has_left(found) else "it belongs to somebody"
        raise UniquenessException(detail=f"employeeNumber: {whose} with a wholly different name")
    return found


def _has_left(employee: Employee) -> bool:
    return not employee.is_active and employee.left_date is not None


def _shut_before(client: ScimClient, external_id: str) -> Employee | None:
    """Whom the client called so when it shut their account, its row of them forgotten since."""
    known = ScimShut.objects.filter(client=client, external_id=external_id).select_related("employee")
    found = known.order_by("-shut_at").first() if external_id else None
    return found.employee if found else None


def _find_by_address(facts: Facts) -> Employee | None:
    """Who works here, is reached at the address and called as told. Addresses are given to others when people leave.

    Raises UniquenessException for a leaver's address, and for somebody with another name.
    """
    found: Employee | None = Employee.objects.filter(email__iexact=facts.email).first() if facts.email else None
    if found is None:
        return None
    if _has_left(found):
        raise UniquenessException(detail="emails: the address was a leaver's, who returns by employeeNumber only")
    if not is_called(found, facts):
        raise UniquenessException(detail="emails: the address belongs to somebody with another name")
    return found


def _require_unique(row: ScimUser, told: Told) -> None:
    others = ScimUser.objects.told_by(row.client).exclude(pk=row.pk)
    if others.filter(user_key=told.user_key).exists():
        raise UniquenessException(detail="userName is taken")
    if row.employee_id and others.filter(employee=row.employee_id).exists():
        raise UniquenessException(detail="There is a user for this employeeNumber or e-mail address already")
    if told.facts.email and _others(row).filter(email__iexact=told.facts.email).exists():
        raise UniquenessException(detail="emails: the address belongs to somebody else")


def _require_manager(row: ScimUser, facts: Facts) -> None:
    if facts.manager and not ScimUser.objects.told_by(row.client).filter(public_id=facts.manager).exists():
        raise InvalidValueException(detail="manager: there is no user with this id")


def _take_number(row: ScimUser, facts: Facts) -> None:
    """Give a known person the number told. HR's own number stands."""
    if not row.employee_id or not facts.number or row.employee.employee_number == facts.number:
        return
    if _others(row).filter(employee_number=facts.number).exists():
        raise UniquenessException(detail="employeeNumber belongs to somebody else")
    if row.employee.employee_number and row.employee.employments.exclude(source=SOURCE).exists():
        raise MutabilityException(detail="employeeNumber is HR's, and another one than this")
    row.employee.employee_number = facts.number
    row.employee.save(update_fields=["employee_number"])


def _others(row: ScimUser) -> QuerySet[Employee]:
    others: QuerySet[Employee] = Employee.objects.all()
    return others.exclude(pk=row.employee_id) if row.employee_id else others
