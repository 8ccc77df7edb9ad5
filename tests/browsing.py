"""A real browser for the tests: Chromium of the machine, driven by Playwright, checked by axe."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright runs an event loop in the test's thread, which Django would take for an asynchronous caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
# The only rules whose answer depends on the scheme.
COLOURS = ["color-contrast", "link-in-text-block"]
# The rules whose answer depends on the words: another language has other names and other widths.
WORDS = [
    *("aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-toggle-field-name", "button-name"),
    *("document-title", "empty-heading", "form-field-multiple-labels", "html-has-lang", "html-lang-valid"),
    *("image-alt", "image-redundant-alt", "input-button-name", "label", "label-title-only", "landmark-unique"),
    *("link-name", "role-img-alt", "scrollable-region-focusable", "select-name", "summary-name", "svg-img-alt"),
    *("target-size", "valid-lang"),
]
# How every page is looked at: everything at both widths, and the colours again in the other scheme.
LOOKS: list[tuple[str, dict[str, int], str, list[str] | None]] = [
    ("phone, light", PHONE, "light", None),
    ("phone, dark", PHONE, "dark", COLOURS),
    ("desk, dark", DESK, "dark", COLOURS),
    ("desk, light", DESK, "light", None),
]
VIOLATIONS = """async options => {
    await Promise.allSettled(document.getAnimations().map(moving => moving.finished))
    return (await axe.run(options)).violations.map(
        rule => `${rule.id}: ${JSON.stringify(rule.nodes.map(node => node.target))}`)
}"""


def chromium_path() -> str:
    """Return where Chromium lies. Raises RuntimeError with what to install."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    raise RuntimeError("The browser tests need Chromium: install it, or name it in CHROMIUM.")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium for as long as the block lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, size: dict[str, int], scheme: str = "light", **options: Any) -> Page:
    """Open a page of a new visitor; what goes wrong in it is collected in `errors_of`."""
    context: BrowserContext = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        service_workers="block",
        **options,
    )
    return watch(context.new_page())


def watch(page: Page) -> Page:
    """Collect what goes wrong in the page (`errors_of`) and which hosts it asks (`tunet_hosts`)."""
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.tunet_errors, page.tunet_hosts = errors, hosts  # type: ignore[attr-defined]
    return page


def forget(page: Page) -> None:
    """Begin anew with what `watch` collects."""
    page.tunet_errors.clear()  # type: ignore[attr-defined]
    page.tunet_hosts.clear()  # type: ignore[attr-defined]


def errors_of(page: Page) -> list[str]:
    """Return what scripts and the content policy complained of, apart from answers that are errors by intent."""
    errors: list[str] = page.tunet_errors  # type: ignore[attr-defined]
    return [error for error in errors if "Failed to load resource" not in error]


def sign_in(page: Page, address: str, login: str, password: str) -> None:
    """Sign in on the real page, as a person does."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit].ds-button")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def settle(page: Page) -> None:
    """Wait until colours and places have stopped moving."""
    page.evaluate(
        """async () => {
            await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
            await Promise.allSettled(document.getAnimations().map(moving => moving.finished))
        }"""
    )


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong on the page, one line each; `rules` narrows it to some."""
    wanted: Any = {"type": "rule", "values": rules} if rules else RULES
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    # What passes is thousands of nodes, which nobody reads: leaving it out halves the time.
    options = {"runOnly": wanted, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(VIOLATIONS, options)
    return found


def wrong_in_all_looks(page: Page) -> dict[str, list[str]]:
    """Look at the page as it stands on a phone and on a desk, in light and dark, and on a narrow phone.

    Width and scheme are only styles, so the page is not loaded anew. Returns what is wrong, by look.
    """
    wrong = {}
    for name, size, scheme, rules in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        settle(page)
        wrong[name] = violations(page, rules)
        if size is PHONE:
            wrong["sideways at 390"] = sideways(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wrong["sideways at 320"] = sideways(page)
    return {name: found for name, found in wrong.items() if found}


def sideways(page: Page) -> list[str]:
    """Name what stands outside the right edge, for whoever mends it; nothing on a page that does not scroll there."""
    if overflow(page) <= 0:
        return []
    script = """() => [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40))"""
    return [re.sub(r"\s+", " ", str(name)) for name in page.evaluate(script)] or ["the page itself"]


def overflow(page: Page) -> int:
    """Return by how many pixels the page can be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
