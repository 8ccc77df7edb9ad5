from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import get_random_string

from core.errors import RefusedError
from directory.actions.audit import record_audit_event
from directory.models import Employee, Role, RoleGrant


@transaction.atomic
def make_admin(*, email: str, name: str, password: str) -> Employee:
    """Make the account with this e-mail an administrator of the organisation, and log it; make it when there is none.

    Only for somebody at the server's own command line, since nobody inside is asked. An account that exists keeps its
    name, and its password too when `password` is empty. Raises RefusedError when the e-mail or password will not do.
    """
    employee: Employee | None = Employee.objects.filter(email__iexact=email).first()
    try:
        validate_email(email)
        if password or employee is None:
            validate_password(password, employee)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages)) from error
    if employee is None:
        first_name, _, last_name = name.strip().partition(" ")
        username = f"admin-{get_random_string(8).lower()}"
        employee = Employee(username=username, email=email, first_name=first_name, last_name=last_name)
    if password:
        employee.set_password(password)
    employee.save()
    grant = RoleGrant.objects.create(employee=employee, role=Role.ADMIN)
    record_audit_event(actor=None, verb="directory.role_granted", obj=grant, subject=employee, facts={"role": "admin"})
    return employee
