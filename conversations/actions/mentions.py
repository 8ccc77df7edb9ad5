from __future__ import annotations

from collections.abc import Collection

from conversations.mentions import named_in
from conversations.models import Comment, Mention, Thread
from conversations.notification_kinds import places_of
from conversations.owners import owner_of
from directory.models import Employee
from notifications.actions import notify, take_back


def record_mentions(
    *, actor: Employee, thread: Thread, comment: Comment | None, text: str, chosen: Collection[str] = ()
) -> list[Employee]:
    """Store whom `text` names, forget whom it no longer names, and tell those newly named. Returns those named.

    Who is no longer named is not told either.

    People who may not see the thread are neither stored nor told.
    """
    named = named_in(text, owner_of(thread).readers(thread), chosen)
    known = Mention.objects.filter(thread=thread, comment=comment)
    no_more = known.exclude(employee__in=named)
    former = list(no_more.values_list("employee_id", flat=True))
    no_more.delete()
    Mention.objects.bulk_create(
        [Mention(thread=thread, comment=comment, employee=person) for person in named], ignore_conflicts=True
    )
    kind = "mention_in_comment" if comment else "mention"
    target = f"comment:{comment.pk}" if comment else f"thread:{thread.pk}"
    take_back(kind=kind, event_key=target, recipients=former)
    notify(
        kind=kind,
        recipients=[person.pk for person in named],
        event_key=target,
        actor=actor,
        target_id=comment.pk if comment else thread.pk,
        places=places_of(thread),
    )
    return named
