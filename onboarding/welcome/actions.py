from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from directory.models import Employee
from onboarding.arrivals.wording import checked
from onboarding.models import Welcome

GREETING_LENGTH = 1000
# What the person ticks by doing it, and the field that remembers it.
STEPS = {
    "details": "details_checked_at",
    "notifications": "notifications_chosen_at",
    "hello": "said_hello_at",
}


def write_greeting(*, actor: Employee, welcome: Welcome, greeting: str, buddy: Employee | None) -> None:
    """Keep the leader's words to a new colleague, and who is the buddy. An empty greeting brings back our default.

    Raises PermissionDenied for others than the person's leader, RefusedError for a text that does not fit or a
    buddy who is the new one.
    """
    require(actor.has_perm("onboarding.greet", welcome))
    if buddy and buddy.pk in (welcome.employee_id, None):
        raise RefusedError(_("The buddy must be someone else."), field="buddy")
    welcome.greeting = checked(greeting, field="greeting", max_length=GREETING_LENGTH, required=False)
    welcome.greeted_by, welcome.buddy = actor, buddy
    welcome.save(update_fields=["greeting", "greeted_by", "buddy"])


def tick(*, employee: Employee, step: str) -> None:
    """Remember that `employee` has done one of the first things. Doing it again changes nothing."""
    field = STEPS[step]
    Welcome.objects.filter(employee=employee, **{field: None}).update(**{field: timezone.now()})


def hide_welcome(*, employee: Employee, hidden: bool = True) -> None:
    """Take the welcome card off one's home page, or bring it back."""
    Welcome.objects.filter(employee=employee).update(hidden_at=timezone.now() if hidden else None)
