"""What was typed, as the conditions on words that the index answers. Nothing here asks the database.

A person's `search_text` holds three sorts of words: `=kari` for a word of the name, `sykepleier` for any other, and
`@17` for each unit they belong to.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func, Value
from django.db.models.expressions import Combinable

from directory.short_forms import JOBS, NAMES, ROLES
from directory.spelling import search_key, words_of

MAX_WORDS = 8
# So many words may be one name written in two.
MAX_JOINED = 4
# Fewer digits in a row are a number in a name: «2. etasje».
SHORTEST_NUMBER = 4
_NUMBER = re.compile(r"(?:\+|\b)\d[\d ]*\d\b")
NAME, UNIT = "=", "@"


class SearchWords(Func):
    """The words of `search_text`, exactly as `employee_search_words` indexes them.

    A function of the database's own, called dear so that the index is always taken.
    """

    function = "directory_words"
    output_field = SearchVectorField()

    def __init__(self, expression: Combinable | str = "search_text") -> None:
        super().__init__(F(expression) if isinstance(expression, str) else expression)


class HasWords(Func):
    """Whether a person's words fit a condition made by the functions below."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()

    def __init__(self, condition: str, **extra: Any) -> None:
        super().__init__(SearchWords(), Value(condition), **extra)

    def get_group_by_cols(self) -> list[Any]:
        return []


def one_word(lexeme: str, *, begins: bool = True) -> str:
    """Return the condition that a word is `lexeme`, or begins so."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'" + ":*" * begins


def any_of(conditions: Iterable[str]) -> str:
    """Return the condition that one of these holds."""
    return "(" + " | ".join(dict.fromkeys(conditions)) + ")"


def all_of(conditions: Iterable[str]) -> str:
    """Return the condition that all of these hold; "" for none."""
    joined = " & ".join(dict.fromkeys(conditions))
    return f"({joined})" if joined else ""


@dataclass
class Word:
    """One word typed, and the others found for it: words it stands within, words it may be a misspelling of."""

    text: str
    within: Sequence[str] = ()
    # Words that sound the same, and besides them words a slip or two away; the nearest first.
    alike: Sequence[str] = ()
    near: Sequence[str] = ()

    @property
    def exact(self) -> str:
        """It is a word of the name."""
        return one_word(NAME + self.text, begins=False)

    def named(self, *others: str) -> str:
        """A word of the name begins so, or is one it is short for, or is one of the `others`."""
        short_for = (one_word(NAME + text) for text in (self.text, *NAMES.get(self.text, ())))
        return any_of([*short_for, *(one_word(NAME + word, begins=False) for word in others)])

    def any(self, *others: str) -> str:
        """Any word begins so, or is one of the `others`."""
        words = [*map(one_word, (self.text, *JOBS.get(self.text, ()))), *(one_word(w, begins=False) for w in others)]
        return any_of([self.named(*others), *words])

    @property
    def whole(self) -> str:
        """It is any word, not only the beginning of one."""
        return any_of(one_word(word, begins=False) for word in (self.text, NAME + self.text))

    @property
    def loose(self) -> str:
        """Any word begins so, holds it or is spelt nearly so."""
        return self.any(*self.within, *self.alike, *self.near)


@dataclass
class Query:
    """What was typed: its words, and the roles it asks for. Its conditions are "" where they ask for nothing."""

    words: list[Word] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    # The words that are not a role.
    rest: list[Word] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> Query:
        """Return what `text` asks for; a query without words fits nobody."""
        numbers = [number for number in map(_number, _NUMBER.findall(text)) if number]
        bare = _NUMBER.sub(lambda found: "" if _number(found[0]) else found[0], text)
        words = [Word(text) for text in (*_split(bare), *numbers)][:MAX_WORDS]
        roles = dict.fromkeys(ROLES[word.text] for word in words if word.text in ROLES)
        return cls(words, list(roles), [word for word in words if word.text not in ROLES])

    @property
    def key(self) -> str:
        """The words in a row."""
        return " ".join(word.text for word in self.words)

    @property
    def exact(self) -> str:
        """Every word is one of the name."""
        return all_of(word.exact for word in self.words)

    @property
    def named(self) -> str:
        """Every word begins one of the name; two may be one there."""
        return any_of(all_of(word.named() for word in words) for words in self._readings())

    @property
    def any(self) -> str:
        """Every word begins some word of the person's; two may be one there."""
        return any_of(all_of(word.any() for word in words) for words in self._readings())

    @property
    def whole(self) -> str:
        """Every word is one of the person's words."""
        return all_of(word.whole for word in self.words)

    @property
    def in_role(self) -> tuple[str, str]:
        """What is asked of those who hold the roles: to the letter; begun, or spelt nearly so."""
        return all_of(word.whole for word in self.rest), all_of(word.loose for word in self.rest)

    @property
    def within(self) -> str:
        """Every word begins some word of the person's, or stands in the middle of it."""
        return all_of(word.any(*word.within) for word in self.words)

    @property
    def sounds(self) -> tuple[str, str]:
        """Every word, or one that sounds the same, is one of the name; is any word."""
        words = self.words
        return all_of(w.named(*w.alike) for w in words), all_of(w.any(*w.alike) for w in words)

    @property
    def one_off(self) -> tuple[str, str]:
        """All words fit but for one, which is spelt nearly so: in the name; in any words."""
        named = [[w.named(*w.alike, *(w.near if w is off else ())) for w in self.words] for off in self.words]
        every = [[w.any(*w.alike, *(w.near if w is off else ())) for w in self.words] for off in self.words]
        return any_of(map(all_of, named)), any_of(map(all_of, every))

    @property
    def loose(self) -> str:
        """Every word, or one spelt nearly so, is a word of the person's."""
        return all_of(word.loose for word in self.words)

    @property
    def all_but_one(self) -> str:
        """All words but one, whichever; "" where there are too few to leave any out."""
        if len(self.words) < 2:
            return ""
        loose = [word.loose for word in self.words]
        return any_of(map(all_of, itertools.combinations(loose, len(loose) - 1)))

    @property
    def a_name(self) -> str:
        """One of the words is one of the name."""
        return any_of(word.exact for word in self.words)

    def _readings(self) -> Iterable[list[Word]]:
        yield self.words
        for place in range(len(self.words) - 1 if len(self.words) <= MAX_JOINED else 0):
            joined = Word(self.words[place].text + self.words[place + 1].text)
            yield [*self.words[:place], joined, *self.words[place + 2 :]]


def _split(text: str) -> list[str]:
    """The words of `text`; an e-mail address is one."""
    return [word for part in text.split() for word in ([search_key(part)] if "@" in part[1:] else words_of(part))]


def phone_key(text: str) -> str:
    """Return the digits of a telephone number, without the country's 47."""
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit()).removeprefix("00")
    return digits.removeprefix("47") if len(digits) > 8 else digits


def _number(text: str) -> str:
    digits = phone_key(text)
    return digits if len(digits) >= SHORTEST_NUMBER else ""
