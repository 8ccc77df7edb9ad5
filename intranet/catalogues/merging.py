"""Keeps the catalogues in step with the texts, and says what is not translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from intranet.catalogues.extraction import Owner, Text

LANGUAGES = ("nb", "nn")
LINE_WIDTH = 110
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


def catalogue_path(root: Path, app: str, language: str) -> Path:
    """Where an app's catalogue of a language lies."""
    return root / app / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path) -> polib.POFile:
    """The catalogue, or an empty one."""
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=LINE_WIDTH)
    return polib.POFile(encoding="utf-8", wrapwidth=LINE_WIDTH)


def update_catalogue(path: Path, texts: Iterable[Text], language: str) -> bool:
    """Bring a catalogue in step: new texts empty, old translations kept, gone texts dropped, all sorted.

    Returns whether the file changed. There are no dates or line numbers in it, so that differences are real.
    """
    old = read_catalogue(path)
    fresh = polib.POFile(encoding="utf-8", wrapwidth=LINE_WIDTH)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text in sorted(texts, key=lambda text: (text.singular.casefold(), text.singular, text.context or "")):
        fresh.append(entry_for(text, old.find(text.singular, msgctxt=text.context or False)))
    written = str(fresh)
    if path.exists() and path.read_text(encoding="utf-8") == written:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written, encoding="utf-8")
    return True


def entry_for(text: Text, known: polib.POEntry | None) -> polib.POEntry:
    """The catalogue's entry for a text, with what is known of its translation."""
    entry = polib.POEntry(msgid=text.singular, msgctxt=text.context)
    if _PLACEHOLDER.search(text.singular + (text.plural or "")):
        entry.flags = ["python-format"]
    if known is not None:
        entry.tcomment = known.tcomment
        entry.flags += ["fuzzy"] if known.fuzzy else []
    if text.plural is None:
        entry.msgstr = known.msgstr if known is not None else ""
    else:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = (known.msgstr_plural if known is not None else None) or {0: "", 1: ""}
    return entry


def complaints(root: Path, owner: Owner, language: str) -> Iterator[str]:
    """What is wrong with one catalogue: missing, empty, fuzzy, obsolete, other placeholders than the text."""
    catalogue = read_catalogue(catalogue_path(root, owner.name, language))
    texts = owner.texts()
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    for text in sorted(texts, key=lambda text: text.singular):
        if (text.context, text.singular) not in known:
            yield f"missing: {text.singular!r}"
    wanted = {(text.context, text.singular) for text in texts}
    for entry in catalogue:
        if entry.obsolete or (entry.msgctxt, entry.msgid) not in wanted:
            yield f"obsolete: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        elif has_other_placeholders(entry):
            yield f"other placeholders than the text: {entry.msgid!r}"


def has_other_placeholders(entry: polib.POEntry) -> bool:
    """Whether a translation names a value that the text does not offer, or leaves one out."""
    offered = set(_PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    if entry.msgid_plural:
        return any(set(_PLACEHOLDER.findall(text)) - offered for text in entry.msgstr_plural.values())
    return set(_PLACEHOLDER.findall(entry.msgstr)) != offered


def contradictions(root: Path, apps: Iterable[str], language: str) -> Iterator[str]:
    """Texts that two apps translate differently: only one of them would ever be seen."""
    first: dict[tuple[str | None, str], tuple[str, str]] = {}
    for app in apps:
        for entry in read_catalogue(catalogue_path(root, app, language)).translated_entries():
            said = entry.msgstr or entry.msgstr_plural.get(1, "")
            other, theirs = first.setdefault((entry.msgctxt, entry.msgid), (app, said))
            if theirs != said:
                yield f"{entry.msgid!r} is {theirs!r} in {other} and {said!r} in {app}: give one a context"
