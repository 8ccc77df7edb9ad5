"""The demo's portraits and pictures: drawn as SVG, stored as the product stores photographs."""

from __future__ import annotations

import hashlib
import io
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from conversations.actions import add_attachment
from conversations.files import Upload, examine
from conversations.models import Thread
from directory.models import Employee
from directory.photos import SIZES, photo_name
from intranet.demo.drawing import distinct, draw_many, png_bytes
from intranet.demo.papers import pdf_bytes
from intranet.demo.people import Crowd, Person
from intranet.demo.portraits import draw_portrait
from intranet.demo.sources import DATA, read

# People beyond the cast share this many portraits: one for about two dozen of them, between these bounds.
FEWEST, MOST, PEOPLE_EACH = 40, 200, 24
WITH_PHOTO = 0.82
# Gender and ancestry, as portraits are drawn for.
Kind = tuple[str, str]


def make_photos(crowd: Crowd, chance: random.Random) -> Callable[[Person], str]:
    """Draw and store portraits; return the function that names each person's ("" for those without)."""
    kind_of = _kinds()
    pool = _draw_pool(Counter(kind_of(person) for person in crowd if not person.cast))
    own = {person.key: _portrait_of(person) for person in crowd if person.cast}
    _store_all([*itertools.chain(*pool.values()), *own.values()])

    turns = {kind: itertools.cycle(chance.sample(faces, len(faces))) for kind, faces in pool.items()}

    def photo_of(person: Person) -> str:
        if person.cast:
            return _hash(own[person.key]) if own[person.key] else ""
        # Each face in turn, so that colleagues of one unit do not look alike.
        face = next(turns[kind_of(person)])
        return _hash(face) if chance.random() < WITH_PHOTO else ""

    return photo_of


def _kinds() -> Callable[[Person], Kind]:
    """Return the function that tells which portraits go with a person's name."""
    words = read("words")
    origins = {first: origin for first, _, origin in reversed(words["first_names"])}

    def kind_of(person: Person) -> Kind:
        return person.gender, words["ancestries"].get(origins.get(person.first_name, "no"), "nordic")

    return kind_of


def _draw_pool(people: Counter[Kind]) -> dict[Kind, list[str]]:
    """Draw portraits for each kind, as many as its share of the people."""
    number = min(MOST, max(FEWEST, people.total() // PEOPLE_EACH))
    shares = {kind: max(2, number * count // people.total()) for kind, count in sorted(people.items())}
    return {kind: [draw_portrait(seed, *kind) for seed in range(faces)] for kind, faces in shares.items()}


def _portrait_of(person: Person) -> str:
    cast = person.cast
    if cast.get("protected") or cast.get("photo_uploaded") is False or "left_days_ago" in cast:
        return ""
    if cast.get("portrait"):
        return (DATA / str(cast["portrait"])).read_text(encoding="utf-8")
    return draw_portrait(cast.get("portrait_seed", 1), person.gender, cast.get("portrait_ancestry", ""))


def _hash(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()


def _store_all(drawings: Iterable[str]) -> None:
    """Store each portrait in every size, unless an earlier demo has."""
    missing = [svg for svg in distinct(drawings) if not default_storage.exists(photo_name(_hash(svg), SIZES[0]))]
    for svg, files in draw_many(missing):
        for size, data in files.items():
            default_storage.save(photo_name(_hash(svg), size), ContentFile(data))


def attach_pictures(threads: dict[str, int], entries: list[dict[str, Any]], crowd: Crowd) -> None:
    """Hang the pictures and papers of the hand-written posts on their threads (`threads` by the post's key)."""
    for entry in entries:
        if entry.get("id") in threads and ("picture" in entry or "paper" in entry):
            author = Employee.objects.get(pk=(crowd.by_key.get(entry["author"]) or crowd.people[0]).pk)
            thread = Thread.objects.get(pk=threads[entry["id"]])
            if entry.get("picture"):
                attach(thread, author, entry["picture"])
            if entry.get("paper"):
                attach_paper(thread, author, entry["paper"])
            thread.attachments.update(created_at=thread.created_at)


def attach(thread: Thread, author: Employee, picture: dict[str, str]) -> None:
    """Attach the drawing `picture["src"]` with its text for those who do not see it."""
    drawing = (DATA / (picture["src"])).read_text(encoding="utf-8")
    file = png_bytes(drawing, 1200)
    add_attachment(actor=author, thread=thread, stored=examine(Upload(file, "bilde.png", picture["alt"])))


def attach_paper(thread: Thread, author: Employee, paper: dict[str, Any]) -> None:
    """Attach a document called `paper["name"]`, with its title and lines."""
    file = io.BytesIO(pdf_bytes(paper["title"], paper["lines"]))
    add_attachment(actor=author, thread=thread, stored=examine(Upload(file, paper["name"])))
