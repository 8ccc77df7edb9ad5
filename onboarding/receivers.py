"""What onboarding hears from below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from directory.audit_words import audit_words
from directory.models import Employee, RoleGrant
from directory.signals import employees_changed, role_changed
from groups.signals import posted_in_group
from notifications.actions import notify
from onboarding.arrivals import calling, connecting, forgetting, reminding  # noqa: F401 - add their rounds to the sweeper
from onboarding.corrections import sweeping as corrections_sweeping  # noqa: F401 - adds its purge to the sweeper
from onboarding.enrolment_jobs import reconcile_soon
from onboarding.imports import sweeping  # noqa: F401 - adds its rounds to the sweeper
from onboarding.invitations import notification_kinds as _invitations  # noqa: F401 - registers its kinds
from onboarding.invitations import sweeping as invitations_sweeping  # noqa: F401 - adds its round to the sweeper
from onboarding.portraits import sweeping as portraits_sweeping  # noqa: F401 - adds its purge to the sweeper
from onboarding.scim import sweeping as scim_sweeping  # noqa: F401 - adds its purges to the sweeper
from onboarding.sign_in_codes import policies, telling  # noqa: F401 - register what they hold
from onboarding.welcome import introducing  # noqa: F401 - adds its round to the sweeper
from onboarding.welcome.actions import tick

audit_words.add("onboarding.photo_declined", _("You said no to a picture of you, and it was erased"))


@receiver(employees_changed)
def reconcile_changed(sender: Any, employee_ids: list[int], **kwargs: Any) -> None:
    """People begin, leave or change jobs: their groups follow."""
    reconcile_soon(employee_ids)


@receiver(posted_in_group)
def tick_hello(sender: Any, employee: Employee, **kwargs: Any) -> None:
    """The first post is «say hello»."""
    tick(employee=employee, step="hello")


@receiver(role_changed)
def tell_of_role(sender: Any, grant_id: int, actor_id: int, given: bool, **kwargs: Any) -> None:
    """Whoever gets or loses a role is told by whom."""
    grant = RoleGrant.objects.get(pk=grant_id)
    kind = "role_given" if given else "role_taken_back"
    actor = Employee.objects.filter(pk=actor_id).first()
    key = f"{kind}:{grant.pk}"
    notify(kind=kind, recipients=[grant.employee_id], event_key=key, actor=actor, target_id=grant.pk)
