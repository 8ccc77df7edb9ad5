"""The script behind make."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from intranet.runner.state import PROJECT_ROOT


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse((PROJECT_ROOT / "bootstrap.py").read_text())
    names = {item.name for node in ast.walk(tree) if isinstance(node, ast.Import) for item in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_each_target_of_make_is_a_task() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text()
    called = set(re.findall(r"^\t\$\(TASK\) (\w+)", makefile, flags=re.M))
    assert {"run", "test", "setup", "lint", "format", "bench", "drill", "reset"} == called
    assert all(hasattr(bootstrap, f"task_{name}") for name in called)


def test_an_unknown_task_is_answered_with_the_known_ones() -> None:
    done = subprocess.run([sys.executable, "bootstrap.py", "fly"], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "run" in done.stderr


def test_what_is_turned_off_by_an_empty_setting_stays_off() -> None:
    """`QUIET_HOURS= make run` is never quiet; `PORT=` is what make says when nobody named a port."""
    said = {"QUIET_HOURS": "", "VAPID_PRIVATE_KEY": "", "PORT": "", "EMAIL_PORT": "", "HOST": "::1"}
    bootstrap.forget_empty(said)
    assert said == {"QUIET_HOURS": "", "VAPID_PRIVATE_KEY": "", "HOST": "::1"}


def test_a_browser_that_cannot_be_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(bootstrap.Failed, match="/nowhere/chromium"):
        bootstrap.find_browser()


def test_a_digest_follows_names_and_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    (tmp_path / "static").mkdir()
    seen = set()
    for name, text in (("a.css", "1"), ("a.css", "2"), ("b.css", "2")):
        (tmp_path / "static" / name).write_text(text)
        seen.add(bootstrap.digest(tmp_path / "static"))
    assert len(seen) == 3


def test_a_stamp_says_what_something_was_made_from(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not bootstrap.stamped(stamp, "1")
    stamp.write_text("1")
    assert bootstrap.stamped(stamp, "0", "1")
    assert not bootstrap.stamped(stamp, "2")
