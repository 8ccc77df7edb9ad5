"""The lock files say what is installed, by its contents; never where it comes from."""

from __future__ import annotations

import json
import re

from intranet.runner.state import PROJECT_ROOT

LOCKS = sorted((PROJECT_ROOT / "requirements").glob("*.lock"))


def test_there_are_lock_files() -> None:
    assert [path.name for path in LOCKS] == ["dev.lock", "run.lock"]


def test_python_locks_hold_no_addresses_and_a_hash_for_each_package() -> None:
    for path in LOCKS:
        text = path.read_text()
        assert "://" not in text
        assert "index" not in re.sub(r"^[a-z0-9-]+==.*$", "", text, flags=re.M)
        packages = re.findall(r"^[a-z0-9][a-z0-9.-]*==", text, flags=re.M)
        assert len(packages) == len(re.findall(r"^[a-z0-9][^\n]* \\\n    --hash=sha256:", text, flags=re.M))


def test_tests_run_on_the_same_versions() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.-]+==[^ ]+", (PROJECT_ROOT / "requirements" / name).read_text(), flags=re.M))

    assert versions("run.lock") <= versions("dev.lock")


def test_the_front_end_lock_holds_no_addresses() -> None:
    lock = json.loads((PROJECT_ROOT / "package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_nothing_is_installed_from_an_index_of_our_own() -> None:
    assert "index" not in (PROJECT_ROOT / "pyproject.toml").read_text()
    assert "registry=" not in (PROJECT_ROOT / ".npmrc").read_text()
