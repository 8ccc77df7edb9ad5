"""What the live process says itself when the web part cannot: short, in the reader's language, without style."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

REFRESH_SECONDS = 5


async def apologise(scope: Scope, send: Send, status: int) -> None:
    """Answer with a page, or with problem details below `/api/`."""
    with translation.override(reader_language(scope)):
        title, text = words(status)
        if scope["path"].startswith("/api/"):
            kind, body = "application/problem+json", problem(status, title, text)
        else:
            kind, body = "text/html; charset=utf-8", page(status, title, text)
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    if status == 502:
        headers.append((b"retry-after", str(REFRESH_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def words(status: int) -> tuple[str, str]:
    """The title and the text for 404, 408, 413, 502 or 504, in the active language."""
    if status == 404:
        return _("There is nothing here"), _("This address only serves live events.")
    if status == 408:
        return _("This takes too long"), _("Nothing has been stored. Try again where the network is better.")
    if status == 413:
        return _("That was too much at once"), _(
            "The file is too large. Nothing has been stored. Choose a smaller one."
        )
    if status == 504:
        return _("This takes too long"), _("Go back and see whether it was stored before you try again.")
    return _("Tunet is starting"), _("Wait a few seconds and try again. What you have stored is safe.")


def problem(status: int, title: str, text: str) -> bytes:
    """Problem details for a program."""
    return json.dumps({"type": "about:blank", "title": title, "status": status, "detail": text}).encode()


def page(status: int, title: str, text: str) -> bytes:
    """A page for a person; the one about starting asks again by itself."""
    refresh = f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">' if status == 502 else ""
    return (
        f'<!doctype html><html lang="{translation.get_language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{refresh}<title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></body></html>"
    ).encode()


def reader_language(scope: Scope) -> str:
    """The language of the cookie or the browser, else the organisation's."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    try:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        cookie = None
    accepted = [code for code, _quality in parse_accept_lang_header(headers.get(b"accept-language", "").lower())]
    for code in ([cookie.value] if cookie else []) + accepted:
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
