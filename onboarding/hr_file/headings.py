"""Which of our columns each heading of a file is: by name, by what a source was once told, else for a person to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from core.national_ids import without_national_ids
from core.text import fold
from onboarding.hr_file import columns

# A column nobody has named yet goes by its place, «?4».
_UNKNOWN = "?"
LIKE_ENOUGH = 0.84
# Fewer headings than this that we know or could guess: the first line is no heading at all.
FEWEST = 2
# What says who it is and where: a file that a person looks at may do without the rest. What it does not speak of stays.
NEEDED = (("ansattnr",), ("fornavn", columns.WHOLE_NAME), ("enhetskode", "enhet"))

_SYNONYMS = {
    "ansattnr": ("ansattnummer", "ansatt nr", "ansattnr.", "ans.nr", "ansnr", "ressursnr",
                  "ressursnummer", "employee id", "employee number"),
    columns.WHOLE_NAME: ("fullt navn", "hele navnet", "full name", "name", "ansatt", "medarbeider", "namn"),
    "fornavn": ("first name", "given name", "fornamn"),
    "etternavn": ("last name", "surname", "familienavn", "etternamn", "slektsnavn"),
    "epost": ("e-post", "email", "e-mail", "mail", "epostadresse", "e-postadresse", "jobb e-post"),
    "mobil": ("mobiltelefon", "mobilnr", "mobilnummer", "privat mobil", "mobile"),
    "virksomhetskode": ("virksomhetsnr", "virksomhetsnummer", "virksomhet kode", "firmakode", "etatskode"),
    "virksomhet": ("virksomhetsnavn", "etat", "bydel", "firma", "agency"),
    "enhetskode": ("enhetsnr", "enhetsnummer", "avdelingskode", "avdelingsnr",
                   "avd.kode", "avd kode", "avd.nr", "avd nr", "kostnadssted", "koststed", "ansvar"),
    "enhet": ("enhetsnavn", "avdeling", "avdelingsnavn", "avd", "avd.", "tjenestested", "seksjon", "department"),
    "stilling": ("stillingstittel", "stillingsnavn", "stillingsbetegnelse", "tittel", "jobb", "yrke", "job title"),
    "leder_ansattnr": ("leder", "lederens ansattnr", "leder ansattnummer", "nærmeste leder", "manager"),
    "startdato": ("ansatt fra", "begynte", "begynner", "fra dato", "ansattdato", "tiltredelse", "første dag"),
    "sluttdato": ("ansatt til", "sluttet", "slutter", "til dato", "fratredelse", "siste dag", "slutt", "end date"),
    "ansettelsestype": ("ansettelsesform", "ansettelsesforhold", "type ansettelse", "stillingstype", "type"),
    "stillingsprosent": ("prosent", "stillingsbrøk", "stillingsandel", "fte", "still.prosent"),
    "skjermet": ("hemmelig adresse", "kode 6/7", "adressesperre", "sperret adresse", "strengt fortrolig"),
    "arbeidssted": ("arbeidsplass", "lokasjon", "bygg", "workplace"),
    "stillingskode": ("stillingsnr", "yrkeskode", "kode for stilling"),
    "jobbtelefon": ("telefon", "arbeidstelefon", "jobbmobil", "telefonnr", "telefonnummer", "work phone"),
    "malform": ("målform", "språk", "skriftspråk", "language"),
    "permisjon_til": ("permisjon til og med", "permisjon slutt", "i permisjon til"),
}  # fmt: skip
_MEANINGS = {fold(word): name for name, words in _SYNONYMS.items() for word in (*words, name)}


@dataclass(frozen=True)
class Headings:
    """The headings of a file. `keys` holds one key per column of the file: ours, or «?4» for one we do not take."""

    keys: list[str]
    # What «?4» is called in the file, of those somebody must decide about.
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Those of our columns that the file has."""
        return parted([key for key in self.keys if not is_unknown(key)])

    @property
    def missing(self) -> list[str]:
        """Columns that a file must have and this one has not."""
        return missing_from(self.keys)


def parted(names: Sequence[str]) -> list[str]:
    """Return `names` with the two parts of a name in place of the whole."""
    both = ["fornavn", "etternavn"]
    return [part for name in names for part in (both if name == columns.WHOLE_NAME else [name])]


def is_unknown(key: str) -> bool:
    """Whether `key` stands for a column that is none of ours."""
    return key.startswith(_UNKNOWN)


def missing_from(names: Sequence[str]) -> list[str]:
    """Return the columns that a file which a person looks at must have, and that are not among `names`."""
    return [either[0] for either in NEEDED if not any(name in names for name in either)]


def tidy_heading(text: str) -> str:
    """Return a heading as it is remembered."""
    return " ".join(text.split()).lower()[:200]


def read_headings(header: Sequence[str], known: Mapping[str, str]) -> Headings:
    """Return what `header` says, by our own names and by `known`: what headings of this source have been told to be."""
    names = [tidy_heading(without_national_ids(name)) for name in header]
    while names and not names[-1]:
        names.pop()
    keys: list[str] = []
    unknown: dict[str, str] = {}
    for place, name in enumerate(names):
        column = name if name in columns.ALL else known.get(name)
        if column and column not in keys:
            keys.append(column)
            continue
        keys.append(f"{_UNKNOWN}{place}")
        if (column != "" or name in columns.ALL) and name and name != columns.REASON:
            unknown[keys[-1]] = without_national_ids(header[place].strip())[:200]
    return Headings(keys, unknown)


def guess_columns(headings: Headings) -> dict[str, str]:
    """Return, for each column to be decided about, which of ours it looks most like of those still free, or ""."""
    free = free_columns(headings.keys)
    guesses: dict[str, str] = {}
    for key, heading in headings.unknown.items():
        guess = _guess(fold(heading), [name for name in free if name not in guesses.values()])
        guesses[key] = guess
    return guesses


def free_columns(keys: Sequence[str]) -> list[str]:
    """Return which columns a heading may still be, where `keys` are taken."""
    has_name = {"fornavn", "etternavn"} & set(keys)
    names = columns.ALL if has_name else (columns.WHOLE_NAME, *columns.ALL)
    return [name for name in names if name not in keys]


def looks_like_headings(headings: Headings) -> bool:
    """Whether enough of the first line can be headings at all."""
    return len(headings.columns) + sum(bool(guess) for guess in guess_columns(headings).values()) >= FEWEST


def _guess(heading: str, free: list[str]) -> str:
    if (meant := _MEANINGS.get(heading)) in free and meant:
        return meant
    scored = [(SequenceMatcher(None, heading, word).ratio(), name) for word, name in _MEANINGS.items() if name in free]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= LIKE_ENOUGH else ""
