"""A newcomer with a phone-sized browser."""

from __future__ import annotations

import datetime
import io
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import sync_playwright

from directory.models import Employee
from feed.models import Placement

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PASSWORD = "en-lang-vinter"  # noqa: S105 - of a made-up person in a drill


def read_as_newcomer(employee: Employee, port: int, folder: Path) -> str:
    """Choose a password by link, sign in, read a post from before the first day; return what was read.

    Raises playwright's errors when a page does not behave. Leaves a picture in `folder`.
    """
    out = io.StringIO()
    call_command("create_sign_in_link", employee.employee_number, stdout=out)
    home = f"http://127.0.0.1:{port}"
    before = Placement.objects.filter(
        group__memberships__employee=employee,
        post__deleted_at=None,
        published_at__lt=timezone.now() - datetime.timedelta(days=1),
    )
    placement = before.select_related("post", "group").order_by("-published_at")[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.goto(home + urlsplit(out.getvalue().strip()).path)
        page.fill("[name=password1]", PASSWORD)
        page.fill("[name=password2]", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(f"{home}/accounts/login/")
        page.fill("[name=login]", employee.employee_number or "")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.goto(home + placement.post.get_absolute_url())
        page.wait_for_selector("article.post")
        page.screenshot(path=str(folder / "newcomer.png"))
        browser.close()
    return f"read a post of {placement.published_at:%Y-%m-%d} in {placement.place_name}"


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
