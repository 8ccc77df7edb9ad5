"""What the directory hears of: that someone signed in, or has another password."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from core.clock import local_today
from directory import shared_devices
from directory.actions import record_sign_in
from directory.actions.sign_ins import SIGN_IN_DAY, log_sign_in_change
from directory.models import Employee


@receiver(user_logged_in, dispatch_uid="directory.record_sign_in")
def on_sign_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Keep that the person was here today. However they signed in: password, single sign-on, code."""
    if isinstance(user, Employee):
        record_sign_in(employee=user)
        if request is not None and hasattr(request, "session"):
            request.session[SIGN_IN_DAY] = local_today().isoformat()
            shared_devices.begin(request, shared="shared" in request.POST)


@receiver([password_changed, password_reset, password_set], dispatch_uid="directory.tell_of_password")
def on_other_password(sender: Any, user: Any, **kwargs: Any) -> None:
    """The person is told, in case it was somebody else; every other session has ended by itself."""
    if isinstance(user, Employee):
        log_sign_in_change(verb="directory.password_changed", employee=user, actor=user)
