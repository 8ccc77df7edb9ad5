"""The main job in small, over the real processes: HR's file, the newcomer's phone, a message to everyone, faults."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis

from intranet.drills.town import MANAGE, environment, free_port, running_town, workers_of
from intranet.runner.state import State
from tests.browsing import DESK, PHONE, errors_of, open_browser, open_page, sign_in
from tests.intranet.processes import INHERITED, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMPLOYEES, NEW = 300, 12
TITLE = "Byen stenger i kveld"
CHOSEN_PASSWORD = "en-lang-vinter"
# Pages that hear of a message come back for it spread over half a minute; a busy machine may take twice that.
SOON = 90_000
UNFINISHED = """
    SELECT f.job, f.key, f.state, f.cursor, f.attempts, f.last_error, f.not_before - now(), f.leased_until - now(),
        a.state, a.wait_event, a.query
    FROM notifications_fanout f, pg_stat_activity a WHERE f.state <> 'done' AND a.backend_type = 'client backend'
"""
SEEN = """
    SELECT count(*) FROM announcements_receipt r
    JOIN announcements_announcementtext t ON t.announcement_id = r.announcement_id
    WHERE r.seen_at IS NOT NULL AND t.title = %s
"""
REMINDED = """
    SELECT count(DISTINCT n.recipient_id) FROM notifications_notification n
    JOIN announcements_announcementtext t ON t.announcement_id = n.target_id
    WHERE n.kind = 'announcement_reminder' AND t.title = %s
"""


@dataclass
class Town:
    """A Tunet of its own that runs as `make run` runs it."""

    port: int
    supervisor: int
    environ: dict[str, str]
    state: State

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *words: str) -> str:
        """Run a command beside it, as an operator would; return what it printed."""
        done = subprocess.run([*MANAGE, *words], env=self.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, statement: str, *values: Any) -> list[Any]:
        """Look into its database."""
        with (
            psycopg2.connect(
                host=str(self.state.postgres_socket), user="tunet", dbname=f"tunet_{EMPLOYEES}"
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
            rows: list[Any] = cursor.fetchall()
        connection.close()
        return rows

    def await_answer(self, expected: Any, statement: str, *values: Any) -> None:
        """Wait until a question has this one answer. Raises AssertionError, with what stands in its way."""
        deadline = time.monotonic() + 90
        while (found := self.ask(statement, *values)) != [(expected,)]:
            assert time.monotonic() < deadline, (found, expected, self.ask(UNFINISHED), self.log)
            time.sleep(0.05)

    @property
    def log(self) -> str:
        """The end of what its processes wrote."""
        return (self.state.root / "up.log").read_text(errors="replace")[-4000:]

    @property
    def people(self) -> int:
        """How many work here."""
        counted = self.ask("SELECT count(*) FROM directory_employee WHERE is_active AND kind = 'person'")
        return int(counted[0][0])

    def sign_ins(self) -> dict[str, tuple[str, str]]:
        """The demo's sign-ins by role; the second of a role is «… 2»."""
        found: dict[str, tuple[str, str]] = {}
        for line in self.manage("demo_signins").splitlines():
            role, login, password = re.split(r"\s{2,}|\s(?=\S+@)", line.strip())
            found[f"{role} 2" if role in found else role] = (login, password)
        return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("journey")
    port = free_port()
    environ = environment(folder, port, EMPLOYEES)
    environ = {name: value for name, value in environ.items() if name not in INHERITED}
    with running_town(environ, folder / "up.log") as supervisor:
        yield Town(port, supervisor, environ, State(folder))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def test_the_main_job(browser: Browser, town: Town, tmp_path: Path) -> None:
    who = town.sign_ins()
    _bring_in(browser, town, who["hr"], tmp_path / "nye.csv")
    newcomer = _newcomer(town)
    phone = _read_as_newcomer(browser, town, newcomer)
    readers = [_at_home(browser, town, who[role]) for role in ("employee", "leader", "shop steward")]
    writer = _write_to_everyone(browser, town, who["communications"])
    second = _second_pair_of_eyes(browser, town, writer, who["communications 2"])
    _send_and_break(second, town)
    _check_ledger(town)
    for reader in readers:
        expect(reader.get_by_role("heading", name=TITLE)).to_be_visible(timeout=SOON)
    _confirm(phone, town)
    _follow_up(writer, town)
    assert [errors_of(page) for page in (phone, writer, second, *readers)] == [[]] * 6


def _bring_in(browser: Browser, town: Town, hr: tuple[str, str], file: Path) -> None:
    before = town.people
    town.manage("make_hr_file", "--new", str(NEW), "--out", str(file))
    page = open_page(browser, DESK)
    sign_in(page, town.address, *hr)
    page.goto(f"{town.address}/manage/imports/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Kontroller fila").click()
    page.get_by_role("button", name=re.compile("Legg til .* nå")).click(timeout=SOON)
    expect(page.get_by_role("heading", name="Alt er på plass")).to_be_visible(timeout=SOON)
    assert town.people == before + NEW
    page.context.close()


def _newcomer(town: Town) -> tuple[str, int, str]:
    """Someone new in a group by a rule, with a post there from before they came: number, key and the post's id."""
    rows = town.ask(
        """
        SELECT e.employee_number, e.id, p.public_id
        FROM directory_employee e
        JOIN onboarding_enrolment n ON n.employee_id = e.id AND n.ended_at IS NULL
        JOIN groups_membership m ON m.employee_id = e.id AND m.group_id = n.group_id AND m.reason <> '{}'
        JOIN feed_placement l ON l.group_id = n.group_id AND l.published_at < now() - interval '2 days'
        JOIN feed_post p ON p.id = l.post_id AND p.deleted_at IS NULL
        ORDER BY e.id DESC, l.published_at DESC LIMIT 1
        """
    )
    number, key, post = rows[0]
    assert (key,) in town.ask("SELECT id FROM directory_employee ORDER BY id DESC LIMIT %s", NEW)
    return number, key, post


def _read_as_newcomer(browser: Browser, town: Town, newcomer: tuple[str, int, str]) -> Page:
    number, _key, post = newcomer
    link = town.manage("create_sign_in_link", number).strip()
    page = open_page(browser, PHONE)
    page.goto(town.address + urlsplit(link).path)
    page.fill("[name=password1]", CHOSEN_PASSWORD)
    page.fill("[name=password2]", CHOSEN_PASSWORD)
    page.click("main button[type=submit]")
    sign_in(page, town.address, number, CHOSEN_PASSWORD)
    page.goto(f"{town.address}/welcome/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Velkommen")
    page.goto(f"{town.address}/posts/{post}/")
    expect(page.locator("article.post").first).to_be_visible()
    return page


def _at_home(browser: Browser, town: Town, who: tuple[str, str]) -> Page:
    page = open_page(browser, DESK)
    sign_in(page, town.address, *who)
    page.goto(f"{town.address}/")
    expect(page.locator("html")).to_have_attribute("data-live", "open", timeout=SOON)
    expect(page.get_by_role("heading", name=TITLE)).to_have_count(0)
    return page


def _write_to_everyone(browser: Browser, town: Town, communications: tuple[str, str]) -> Page:
    page = open_page(browser, DESK)
    sign_in(page, town.address, *communications)
    page.goto(f"{town.address}/manage/announcements/new/")
    page.get_by_role("button", name="Alle", exact=True).click()
    expect(page.locator("#audience-result")).to_contain_text(str(town.people))
    page.get_by_label("Tittel", exact=True).fill(TITLE)
    page.get_by_label("Melding", exact=True).fill("Les hva som gjelder for deg.")
    page.get_by_label("Be alle bekrefte at de har lest den").check()
    page.get_by_role("button", name="Se over og send").click()
    return page


def _second_pair_of_eyes(browser: Browser, town: Town, writer: Page, communications: tuple[str, str]) -> Page:
    """Its writer asks; another of communications finds it and looks it over."""
    writer.get_by_role("button", name="Be om godkjenning").click()
    expect(writer.get_by_role("heading", name="Venter på godkjenning")).to_be_visible()
    page = open_page(browser, DESK)
    sign_in(page, town.address, *communications)
    page.goto(f"{town.address}/manage/announcements/")
    page.get_by_role("link", name=TITLE).click()
    return page


def _send_and_break(second: Page, town: Town) -> None:
    """The worker stands still with the task in its hands, and dies; Redis forgets. The sweeper carries on."""
    workers = workers_of(town.supervisor)
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    second.get_by_role("button", name=f"Godkjenn for {town.people} ansatte").click()
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    Redis.from_url(town.state.redis_url).flushall()
    wait_until(lambda: workers_of(town.supervisor) not in ([], workers), 60)


def _receipts(town: Town) -> tuple[int, int]:
    counted = town.ask(
        """
        SELECT count(*), count(DISTINCT r.employee_id) FROM announcements_receipt r
        JOIN announcements_announcementtext t ON t.announcement_id = r.announcement_id WHERE t.title = %s
        """,
        TITLE,
    )
    return int(counted[0][0]), int(counted[0][1])


def _check_ledger(town: Town) -> None:
    everyone = town.people
    wait_until(lambda: _receipts(town) == (everyone, everyone), 90)
    town.await_answer(0, "SELECT count(*) FROM notifications_fanout WHERE state <> 'done' AND not_before <= now()")
    time.sleep(1)
    assert _receipts(town) == (everyone, everyone)


def _confirm(phone: Page, town: Town) -> None:
    phone.goto(f"{town.address}/")
    phone.get_by_role("heading", name=TITLE).get_by_role("link").click()
    phone.get_by_role("button", name="Jeg har lest dette").click()
    expect(phone.get_by_text("Du har bekreftet at du har lest meldingen")).to_be_visible()


def _follow_up(writer: Page, town: Town) -> None:
    """The figures say how many have not seen it, and those are reminded."""
    writer.reload()
    # The newcomer has seen it, and now its writer as well.
    town.await_answer(2, SEEN, TITLE)
    rest = town.people - 2
    writer.reload()
    writer.get_by_role("link", name=f"Send påminnelse til {rest}").click()
    writer.get_by_role("button", name=f"Send påminnelse til {rest}").click()
    expect(writer.get_by_text("Påminnelsen er sendt")).to_be_visible()
    town.await_answer(rest, REMINDED, TITLE)
