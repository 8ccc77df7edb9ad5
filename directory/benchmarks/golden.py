"""The golden set: what people type and whom they mean, and whether the search puts them among the first three."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from directory.finding import search_people
from directory.models import Employee, Employment, OrgUnit
from directory.spelling import search_key

FILE = Path(__file__).with_name("golden_set.txt")
FIRST = 3
# Who asks.
ASKER = ("Amina", "Hassan")


@dataclass(frozen=True)
class Asked:
    """What was typed, and who would be the right answer: any of these people."""

    text: str
    meant: frozenset[int]


def read_golden_set() -> list[Asked]:
    """Return the set with the ids of those meant. Raises LookupError for a line that means nobody here."""
    lines = (line.split("|") for line in FILE.read_text().splitlines() if line and not line.startswith("#"))
    return [_read(text.strip(), meant.strip()) for text, meant in lines]


def read_part(title: str) -> list[str]:
    """Return what is typed in the part of the set whose heading begins with `title`."""
    part = FILE.read_text().split(f"# {title}")[1].split("\n\n")[0]
    return [line.split("|")[0].strip() for line in part.splitlines()[1:]]


def find_missed(asked: list[Asked]) -> list[str]:
    """Return what was typed in vain: nobody meant is among the first three."""
    asker = named(" ".join(ASKER))
    people = Employee.objects.active().visible_to(asker)
    return [each.text for each in asked if not each.meant & set(search_people(people, each.text, asker).ids[:FIRST])]


def named(name: str) -> Employee:
    """Return the person called so; of several the one who was stored first, who is the demo's own."""
    words = name.split()
    for place in range(1, len(words)):
        first, last = " ".join(words[:place]), " ".join(words[place:])
        if found := Employee.objects.filter(first_name=first, last_name=last).order_by("pk").first():
            return found  # type: ignore[no-any-return]
    raise LookupError(name)


def _read(text: str, meant: str) -> Asked:
    if meant.startswith("leads "):
        leader = OrgUnit.objects.get(code=meant.removeprefix("leads ")).leader_id
        return Asked(text, frozenset([leader or 0]))
    title, within, code = meant.rpartition(" in ")
    if within:
        return Asked(text, frozenset(_in_unit(title, code)))
    person = named(meant)
    return Asked(text.replace("{phone}", person.work_phone), frozenset([person.pk]))


def _in_unit(title: str, code: str) -> list[int]:
    jobs = Employment.objects.current().in_branch(OrgUnit.objects.get(code=code).path)
    held = jobs.values_list("employee", "title")
    found = [employee for employee, name in held if search_key(title) in search_key(name)]
    if not found:
        raise LookupError(f"{title} in {code}")
    return found
