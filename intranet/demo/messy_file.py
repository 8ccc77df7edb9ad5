"""Writes «nyansatte-november.csv»: an HR file as it comes from real life, to try the check of new colleagues on.

128 rows in the sixteen columns: six that must be put right, three that somebody should look at (one of them a temp who
comes back), one who starts later, and 118 that are ready.
"""

from __future__ import annotations

import csv
import datetime
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from core.text import fold
from intranet.demo.sources import read

ROWS = 128
HEADINGS = (
    "ansattnr", "fornavn", "etternavn", "epost", "mobil", "virksomhetskode", "virksomhet", "enhetskode", "enhet",
    "stilling", "leder_ansattnr", "startdato", "sluttdato", "ansettelsestype", "stillingsprosent", "skjermet",
)  # fmt: skip
AGENCY = ("BAL", "Bydel Alna")
HOME_CARE = "BAL-02-01"
HOME_CARE_EAST = "BAL-02-02"
Row = dict[str, str]


@dataclass(frozen=True)
class Surroundings:
    """What the file must fit: `units` are (code, name) of the agency's sections; `leaders` employee numbers by unit."""

    units: Sequence[tuple[str, str]]
    leaders: Mapping[str, str]
    today: datetime.date
    first_number: int = 310_001
    taken_emails: Collection[str] = field(default_factory=frozenset)


def write_messy_file(out: TextIO, around: Surroundings) -> None:
    """Write the file, always the same for the same surroundings. Raises ValueError when Alna's home care is missing."""
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([row[name] for name in HEADINGS] for row in messy_rows(around))


def messy_rows(around: Surroundings) -> list[Row]:
    """Return the rows; the record that the screen calls 14 is number 13 here."""
    if not {HOME_CARE, HOME_CARE_EAST} <= {code for code, _ in around.units}:
        raise ValueError("The messy file tells of home care in Alna; there is none.")
    chance = random.Random("nyansatte")
    rows = _ready_rows(around, chance)
    _spoil(rows, around)
    _untidy(rows)
    return rows


def _ready_rows(around: Surroundings, chance: random.Random) -> list[Row]:
    first, last = read("words")["first_names"], read("words")["last_names"]
    taken = {email.lower() for email in around.taken_emails}
    rows = []
    for place in range(ROWS):
        code, unit = chance.choice(around.units)
        name, _, origin = chance.choice(first)
        surname = chance.choice([family for family, of in last if of == origin] or [family for family, _ in last])
        rows.append(
            dict.fromkeys(HEADINGS, "")
            | {
                "ansattnr": str(around.first_number + place), "fornavn": name, "etternavn": surname,
                "epost": _free_email(name, surname, taken) if chance.random() < 0.6 else "",
                "mobil": f"900 {chance.randrange(100):02} {chance.randrange(1000):03}",
                "virksomhetskode": AGENCY[0], "virksomhet": AGENCY[1], "enhetskode": code, "enhet": unit,
                "stilling": _job_in(code, chance), "leder_ansattnr": around.leaders.get(code, ""),
                "startdato": (around.today - datetime.timedelta(days=chance.choice([0, 0, 0, 1, 2]))).isoformat(),
                "ansettelsestype": chance.choice(["Fast", "Fast", "Fast", "Vikariat"]),
                "stillingsprosent": chance.choice(["100", "100", "100", "80", "75", "60"]), "skjermet": "N",
            }
        )  # fmt: skip
    return rows


def _free_email(first: str, last: str, taken: set[str]) -> str:
    stem = ".".join("".join(c for c in fold(part) if c.isascii() and c.isalnum()) for part in (first, last))
    email, number = f"{stem}@oslo.example", 2
    while email in taken:
        email, number = f"{stem}{number}@oslo.example", number + 1
    taken.add(email)
    return email


def _job_in(code: str, chance: random.Random) -> str:
    department = int(code.split("-")[1]) - 1
    jobs = read("units")["by_type"]["bydel"][department]["jobs"]
    return str(chance.choices([job for job, _ in jobs], [number for _, number in jobs])[0])


def _spoil(rows: list[Row], around: Surroundings) -> None:
    """Put in what is wrong, on the rows the design shows."""
    home, east = dict(around.units)[HOME_CARE], dict(around.units)[HOME_CARE_EAST]
    _put(rows, 14, fornavn="Helene", etternavn="Brandvold", epost="", enhetskode="BAL-2-1", enhet="HT Alna vst",
         stilling="Helsefagarbeider", leder_ansattnr=around.leaders.get(HOME_CARE, ""))  # fmt: skip
    _put(rows, 27, ansattnr="104882", fornavn="Ola", etternavn="Ness", epost="", enhetskode=HOME_CARE_EAST, enhet=east,
         stilling="Tilkallingsvikar", leder_ansattnr=around.leaders.get(HOME_CARE_EAST, ""),
         startdato=around.today.isoformat(), ansettelsestype="Vikariat", stillingsprosent="20")  # fmt: skip
    _put(rows, 41, fornavn="", etternavn="", epost="", stilling="Renholder")
    _put(rows, 53, leder_ansattnr="999001")
    _put(
        rows,
        66,
        fornavn="Samina",
        etternavn="Raja",
        epost="",
        stilling="Fagkonsulent",
        startdato=f"31.11.{around.today.year}",
    )
    later = around.today + datetime.timedelta(days=24)
    _put(rows, 72, fornavn="Tobias", etternavn="Heggelund", epost="", enhetskode=HOME_CARE, enhet=home,
         stilling="Sykepleier", leder_ansattnr=around.leaders.get(HOME_CARE, ""),
         startdato=later.isoformat())  # fmt: skip
    _put(rows, 87, epost="sara.lind.vikar@oslo.example")
    _put(rows, 88, epost="sara.lind.vikar@oslo.example")
    _put(rows, 97, ansattnr="kommer")
    _put(rows, 105, fornavn="JÃ¸rgen", etternavn="Fossum", epost="")
    _put(rows, 112, fornavn="Kristoffer", etternavn="Moen", epost="kristoffer.moen@oslo,example")


def _put(rows: list[Row], record: int, **values: str) -> None:
    rows[record - 1] |= values


def _untidy(rows: list[Row]) -> None:
    """What the check tidies by itself: other ways to write dates and telephones, stray spaces."""
    for record in (6, 31, 58, 92, 119):
        year, month, day = rows[record - 1]["startdato"].split("-")
        _put(rows, record, startdato=f"{day}.{month}.{year}")
    for record in (9, 44, 101):
        _put(rows, record, mobil="+47" + rows[record - 1]["mobil"].replace(" ", ""))
    for record in (18, 77):
        _put(rows, record, etternavn=f" {rows[record - 1]['etternavn']} ")
