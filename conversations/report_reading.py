"""What of a report its reader may see."""

from __future__ import annotations

from typing import Any

from conversations.models import Report, Thread
from conversations.owners import any_owner, owner_of
from directory.models import Employee


def report_facts(reader: Employee, found: Report) -> dict[str, Any]:
    """What the reader may see of a report: the words for those who decide, or wrote them; names in one's own place.

    Who decides in the stead of others reads the words alone: neither who wrote or reported them, nor where.
    """
    decides = reader.has_perm("conversations.decide_report", found)
    owner = owner_of(found.thread)
    is_own = (found.comment.author_id if found.comment else owner.author_id(found.thread)) == reader.pk
    # Who has left the group has lost the own words there too.
    still_there = Thread.objects.filter(any_owner(reader, "may_comment"), pk=found.thread_id)
    shown = decides or (is_own and still_there.exists())
    words = (found.comment.text if found.comment else owner.text(found.thread)) if shown else ""
    knows_people = decides and Report.objects.in_places_of(reader).filter(pk=found.pk).exists()
    return {
        "decides": decides,
        "knows_people": knows_people or found.reporter_id == reader.pk,
        "reads_note": decides or found.reporter_id == reader.pk,
        "stands_in": decides and not knows_people,
        "words": words,
    }
