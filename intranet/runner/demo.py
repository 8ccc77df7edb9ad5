"""Which demo organisation this state folder shows: each size has a database of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from intranet.runner.state import State, StateError

USUAL_SIZE = 2000


@dataclass(frozen=True)
class Demo:
    """A demo of so many employees. Going from one size to another and back loses nothing."""

    state: State
    employees: int = USUAL_SIZE

    @classmethod
    def current(cls, state: State) -> Demo:
        """The demo that `make run` showed last."""
        try:
            return cls(state, int(_marker(state).read_text()))
        except (OSError, ValueError):
            return cls(state)

    @classmethod
    def wanted(cls, state: State, environ: Mapping[str, str]) -> Demo:
        """The demo that EMPLOYEES asks for, else the current one. Raises StateError on a senseless size."""
        text = environ.get("EMPLOYEES", "")
        if not text:
            return cls.current(state)
        if not text.isascii() or not text.isdigit() or not 300 <= int(text) <= 500_000:
            raise StateError(f"EMPLOYEES must be a number from 300 to 500000, not {text!r}.")
        return cls(state, int(text))

    @property
    def database(self) -> str:
        """The name of its database in the embedded PostgreSQL."""
        return "tunet" if self.employees == USUAL_SIZE else f"tunet_{self.employees}"

    @property
    def media_folder(self) -> Path | None:
        """Where its pictures lie; None for the settings' own place."""
        return None if self.employees == USUAL_SIZE else self.state.root / f"media_{self.employees}"

    def make_current(self) -> None:
        """Let the next `make run`, and every command beside it, show this demo."""
        _marker(self.state).write_text(f"{self.employees}\n")


def _marker(state: State) -> Path:
    return state.root / "demo_size"
