"""A real browser for the tests: Chromium of the machine, driven by Playwright, checked by axe."""

from __future__ import annotations

import os
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
VIOLATIONS = """async options => (await axe.run(options)).violations.map(
    rule => `${rule.id}: ${JSON.stringify(rule.nodes.map(node => node.target))}`)"""


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


def overflow(page: Page) -> int:
    """Return by how many pixels the page can be scrolled sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
