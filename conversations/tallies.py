"""Who reacted, summed up: one query for every thread and comment on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import Reaction
from directory.models import Employee

EMOJI = {"like": "👍", "heart": "❤️", "well_done": "👏", "useful": "💡", "fun": "😄"}
SHOWN_KINDS = 3


@dataclass
class Tally:
    """The reactions to one thing, as one reader sees them."""

    counts: dict[str, int] = field(default_factory=dict)
    mine: str = ""
    someone: str = ""

    @property
    def total(self) -> int:
        """How many people have reacted."""
        return sum(self.counts.values())

    @property
    def emoji(self) -> list[str]:
        """The commonest kinds, as signs."""
        commonest = sorted(self.counts, key=lambda kind: -self.counts[kind])
        return [EMOJI[kind] for kind in commonest[:SHOWN_KINDS]]

    @property
    def mine_label(self) -> str:
        """What I chose, in words; "" when I have not reacted."""
        return str(Reaction.Kind(self.mine).label) if self.mine else ""

    @property
    def mine_emoji(self) -> str:
        return EMOJI.get(self.mine, "")

    @property
    def words(self) -> str:
        """«Du, Kari og 126 andre»."""
        if not self.total:
            return ""
        names = ([_("You")] if self.mine else []) + ([self.someone] if self.someone else [])
        others = self.total - len(names)
        if not others:
            return _("%(one)s and %(two)s") % {"one": names[0], "two": names[1]} if names[1:] else names[0]
        rest = ngettext("%(count)d other", "%(count)d others", others) % {"count": others}
        return _("%(names)s and %(others)s") % {"names": ", ".join(names), "others": rest} if names else rest


@dataclass(frozen=True)
class Choice:
    """One of the five reactions, for a menu."""

    kind: str
    label: str
    emoji: str


def choices() -> list[Choice]:
    """Return the five reactions in their order."""
    return [Choice(kind.value, str(kind.label), EMOJI[kind.value]) for kind in Reaction.Kind]


SQL = """
WITH counted AS (
    SELECT thread_id, comment_id, kind, count(*) AS number, bool_or(employee_id = %(me)s) AS mine,
           max(id) FILTER (WHERE employee_id <> %(me)s) AS newest
    FROM conversations_reaction
    WHERE (thread_id = ANY(%(threads)s) AND comment_id IS NULL) OR comment_id = ANY(%(comments)s)
    GROUP BY thread_id, comment_id, kind
)
SELECT counted.thread_id, counted.comment_id, counted.kind, number, mine,
       person.first_name, person.chosen_name, person.protected
FROM counted
LEFT JOIN conversations_reaction newest ON newest.id = counted.newest AND counted.comment_id IS NULL
LEFT JOIN directory_employee person ON person.id = newest.employee_id
ORDER BY number DESC, newest.id DESC
"""

# ("thread" or "comment", id) → tally
Tallies = dict[tuple[str, int], Tally]


def tally_reactions(reader: Employee, thread_ids: list[int], comment_ids: list[int]) -> Tallies:
    """Return the tallies of the threads and comments that have reactions, in one query; in none for an empty page."""
    tallies: Tallies = {}
    if not (thread_ids or comment_ids):
        return tallies
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"me": reader.pk, "threads": thread_ids, "comments": comment_ids})
        for thread, comment, kind, number, mine, first_name, chosen_name, protected in cursor.fetchall():
            tally = tallies.setdefault(("comment", comment) if comment else ("thread", thread), Tally())
            tally.counts[kind] = number
            tally.mine = kind if mine else tally.mine
            if first_name and not tally.someone:
                person = Employee(first_name=first_name, chosen_name=chosen_name, protected=protected)
                tally.someone = person.given_name
    return tallies
