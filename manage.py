#!/usr/bin/env python3
"""Tunet's commands. Each works beside a running `make run` and on its own: `./manage.py help`."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def use_own_environment() -> None:
    """Go on with the Python of `.venv` when started with another one."""
    root = Path(__file__).resolve().parent
    own = root / ".venv" / "bin" / "python"
    if Path(sys.prefix) != root / ".venv" and own.exists() and "TUNET_ANY_PYTHON" not in os.environ:
        os.environ["TUNET_ANY_PYTHON"] = "1"  # an environment that does not know itself must not loop
        os.execv(own, [str(own), *sys.argv])
    os.environ.pop("TUNET_ANY_PYTHON", None)


def main() -> None:
    """Start what the command needs, then hand over to Django."""
    try:
        from intranet.runner.entry import run_command
    except ModuleNotFoundError as error:
        sys.exit(f"{error}. Run `make setup` first.")
    run_command(sys.argv)


if __name__ == "__main__":
    use_own_environment()
    main()
