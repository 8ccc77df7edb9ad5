from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from core.clock import local_today
from directory.models import Employee, SignInDay

# Where a session notes the last day that has been kept.
SIGN_IN_DAY = "sign_in_day"


def record_sign_in(*, employee: Employee) -> None:
    """Keep that `employee` signed in today, and when it was the first time. Never the hour of any other time."""
    SignInDay.objects.bulk_create([SignInDay(employee=employee, date=local_today())], ignore_conflicts=True)
    if employee.first_signed_in_at is None:
        employee.first_signed_in_at = timezone.now()
        never = Q(pk=employee.pk, first_signed_in_at=None)
        Employee.objects.filter(never).update(first_signed_in_at=employee.first_signed_in_at)
