"""The headings of HR's file, as HR writes them; they also name the fields in findings and reports."""

from __future__ import annotations

REQUIRED = (
    "ansattnr",
    "fornavn",
    "etternavn",
    "epost",
    "mobil",
    "virksomhetskode",
    "virksomhet",
    "enhetskode",
    "enhet",
    "stilling",
    "leder_ansattnr",
    "startdato",
    "sluttdato",
    "ansettelsestype",
    "stillingsprosent",
    "skjermet",
)
OPTIONAL = ("arbeidssted", "stillingskode", "jobbtelefon", "malform", "permisjon_til")
ALL = REQUIRED + OPTIONAL
# Without these a row cannot be taken.
MUST_STAND = ("ansattnr", "fornavn", "enhetskode", "startdato")
# A mapped file may have the whole name in one column; its last word, or what stands before a comma, is the surname.
WHOLE_NAME = "navn"
# What we add to the file of rows with errors; ignored when that file comes back.
REASON = "årsak"

# The longest text that fits where the value ends up.
LENGTHS = {
    "ansattnr": 20,
    "fornavn": 100,
    "etternavn": 100,
    "epost": 254,
    "virksomhetskode": 40,
    "virksomhet": 200,
    "enhetskode": 40,
    "enhet": 200,
    "stilling": 120,
    "leder_ansattnr": 20,
    "ansettelsestype": 60,
    "arbeidssted": 160,
    "stillingskode": 40,
}


def is_date(name: str) -> bool:
    """Whether a column holds dates."""
    return name.endswith(("dato", "_til"))
