"""Names long files and functions, and fails when a file is far too long: a page of code is for one noun."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG_FILE = 300
TOO_LONG_FILE = 400
LONG_FUNCTION = 40
LEFT_OUT = ("tests", "migrations", "data", "node_modules")


def main() -> int:
    """Print the report; returns 1 when a file is over the hard limit."""
    files = sorted(own_files(), key=lambda item: -item[1])
    for path, lines in files:
        if lines > LONG_FILE:
            print(f"{path}: {lines} lines{' - too long, split it by noun' if lines > TOO_LONG_FILE else ''}")
    for path, _ in files:
        for name, lines in long_functions(path):
            print(f"{path}: {name} has {lines} lines")
    total = sum(lines for _, lines in files)
    print(f"{len(files)} files, {total} lines, {total / max(1, len(files)):.0f} on average")
    return int(any(lines > TOO_LONG_FILE for _, lines in files))


def own_files() -> Iterator[tuple[Path, int]]:
    """The files of the repository that hold code, with their number of lines."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        path = Path(name)
        if not set(path.parts) & set(LEFT_OUT) and (ROOT / path).is_file():
            yield path, len((ROOT / path).read_text(encoding="utf-8").splitlines())


def long_functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file that are longer than they should be."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONG_FUNCTION:
                yield node.name, lines


if __name__ == "__main__":
    sys.exit(main())
