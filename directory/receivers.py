"""What the directory hears of: that someone signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from core.clock import local_today
from directory import shared_devices
from directory.actions import record_sign_in
from directory.actions.sign_ins import SIGN_IN_DAY
from directory.models import Employee


@receiver(user_logged_in, dispatch_uid="directory.record_sign_in")
def on_sign_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Keep that the person was here today. However they signed in: password, single sign-on, code."""
    if isinstance(user, Employee):
        record_sign_in(employee=user)
        if request is not None and hasattr(request, "session"):
            request.session[SIGN_IN_DAY] = local_today().isoformat()
            shared_devices.begin(request, shared="shared" in request.POST)
