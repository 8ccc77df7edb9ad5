"""Tablets and machines that several people use: a session there keeps nothing and ends by itself."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# In the session: when the person last did something. In the browser: that the device is shared, and nothing else.
SHARED = "shared_device"
COOKIE = "shared_device"
COOKIE_AGE = 60 * 60 * 24 * 365
# So often is noted that somebody is there.
NOTED_EVERY = 20
# What people do; what a page fetches by itself keeps nobody signed in.
BACKGROUND_HEADERS = ("HX-Request", "X-Requested-With")


def is_shared(request: HttpRequest) -> bool:
    """Say whether this session is on a device that several people use."""
    return hasattr(request, "session") and SHARED in request.session


def begin(request: HttpRequest, *, shared: bool) -> None:
    """Remember, as somebody signs in, whether the device is shared. A shared one is left when the browser closes."""
    if shared:
        request.session[SHARED] = time.time()
        request.session.set_expiry(0)
    else:
        request.session.pop(SHARED, None)


def seconds_allowed() -> int:
    """Return how long nobody may touch a shared device."""
    return settings.SHARED_DEVICE_MINUTES * 60


def is_left(request: HttpRequest) -> bool:
    """Say whether nobody has done anything for longer than that."""
    return time.time() - float(request.session[SHARED]) > seconds_allowed()


def note_presence(request: HttpRequest) -> None:
    """Note that somebody is there, where the request is something a person did."""
    fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    by_itself = request.method in ("GET", "HEAD") and (
        fetched or any(name in request.headers for name in BACKGROUND_HEADERS)
    )
    if not by_itself and time.time() - float(request.session[SHARED]) > NOTED_EVERY:
        request.session[SHARED] = time.time()


def leave_nothing(response: HttpResponse) -> HttpResponse:
    """Have the browser forget what it holds of this site: pages, drafts, what was kept for when there is no network.

    The language one chose goes with the rest: the next one finds the page as everybody does.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Have the next one who signs in here find the box ticked, or no longer."""
    marked = COOKIE in request.COOKIES
    if is_shared(request) and not marked:
        response.set_cookie(
            COOKIE, "1", COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    elif marked and not is_shared(request) and request.user.is_authenticated:
        response.delete_cookie(COOKIE, samesite="Lax")
