"""Shared devices, the day of every visit, the reader's language, and the house rules before writing."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from core.clock import local_today
from core.errors import HouseRulesRequiredError
from directory import shared_devices
from directory.actions import record_sign_in
from directory.actions.sign_ins import SIGN_IN_DAY
from directory.models import Employee
from directory.views.house_rules import rules_before_writing


class SharedDeviceMiddleware:
    """Ends a session on a shared device that was left, and has the browser keep nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shared = shared_devices.is_shared(request)
        if shared and shared_devices.is_left(request):
            logout(request)
            return shared_devices.leave_nothing(redirect(f"{reverse('account_login')}?left=1"))
        if shared:
            shared_devices.note_presence(request)
        response = self.get_response(request)
        if shared and not shared_devices.is_shared(request):
            shared_devices.leave_nothing(response)
        elif shared:
            response.headers["Cache-Control"] = "no-store"
        shared_devices.mark_device(request, response)
        return response


class SignInDayMiddleware:
    """Keeps which days a person was here, by the first request of each: a session lasts for many days.

    The session remembers the day, so that all further requests ask the database nothing more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, today = request.user, local_today().isoformat()
        if isinstance(user, Employee) and request.session.get(SIGN_IN_DAY) != today:
            record_sign_in(employee=user)
            request.session[SIGN_IN_DAY] = today
        return self.get_response(request)


class LanguageMiddleware:
    """Shows pages in the person's own language, or in the one chosen in this browser, or in bokmål.

    The browser's own wish is not asked: telephones in Norway are often set to English by nobody's choice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            # A program with a token is known only when the API has looked at it.
            response.headers.setdefault("Content-Language", translation.get_language() or language)
            return response

    @staticmethod
    def _language_of(request: HttpRequest) -> str:
        user = request.user
        wanted = user.language if isinstance(user, Employee) else ""
        wanted = wanted or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class HouseRulesMiddleware:
    """Shows the house rules instead of «forbidden» to one who writes before having accepted them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the rules, what was typed kept in the page. The API has an answer of its own."""
        return rules_before_writing(request) if isinstance(exception, HouseRulesRequiredError) else None
