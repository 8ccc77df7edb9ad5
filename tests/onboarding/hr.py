"""HR files for tests."""

from __future__ import annotations

import io
from typing import Any

from onboarding.hr_file.columns import REQUIRED

HEADER = ";".join(REQUIRED)
BLANK = dict.fromkeys(REQUIRED, "") | {
    "virksomhetskode": "BAL",
    "virksomhet": "Bydel Alna",
    "enhetskode": "BAL-01-01",
    "enhet": "Alna vest",
    "stilling": "Helsefagarbeider",
    "startdato": "2024-01-15",
    "stillingsprosent": "100",
    "skjermet": "N",
}


def hr_row(**facts: str | None) -> dict[str, str]:
    """One row: a carer in Alna vest unless `facts` say otherwise."""
    said = {name: value or "" for name, value in facts.items()}
    return BLANK | {"ansattnr": "900001", "fornavn": "Ola", "etternavn": "Ness"} | said


def hr_file(*rows: dict[str, str], extra: tuple[str, ...] = (), bom: bool = False) -> io.BytesIO:
    """A file of `rows`, with the optional columns `extra`."""
    names = [*REQUIRED, *extra]
    lines = [";".join(names), *(";".join(row.get(name, "") for name in names) for row in rows)]
    data = ("\n".join(lines) + "\n").encode()
    file: Any = io.BytesIO((b"\xef\xbb\xbf" if bom else b"") + data)
    file.name = "hr.csv"
    return file  # type: ignore[no-any-return]
