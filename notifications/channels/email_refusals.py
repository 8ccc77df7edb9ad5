"""What to believe of a server that refuses: one that is not well for an hour says of everybody that nobody is there.

So a refusal counts when it is repeated: of a message after an hour and more, of an address after a day. And where
nearly everybody is refused, it is the server's fault and nobody else's.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from directory.models import Employee
from notifications.channels.email_faults import AddressRefusedError, NotTakenError
from notifications.channels.ledger import ChannelAwayError, TryLaterError
from notifications.models import Delivery, RefusedAddress
from notifications.querysets import BELIEVED_FOR

AGAIN_AFTER = datetime.timedelta(minutes=30)
# A message that was refused so often before is given up: an hour and a half after the first time.
TRIED_BEFORE = 3
# Of the last so many different recipients so many were refused: then the server is not well.
LOOKED_AT, NEARLY_ALL = 20, 18
# Whom this process wrote to last, and whether they were refused.
_lately: dict[int, bool] = {}


def is_refused(person: Employee) -> bool:
    """Say whether there has been nobody at the person's address of today for a day and more."""
    known = RefusedAddress.objects.of(person).first()
    return known is not None and RefusedAddress.objects.believed().filter(pk=known.pk).exists()


def forget_refused() -> int:
    """Forget addresses that were refused long ago; return how many."""
    return RefusedAddress.objects.filter(refused_at__lt=timezone.now() - BELIEVED_FOR).delete()[0]


def note_taken(person: Employee) -> None:
    """Store that the server has taken a message to the person: there is somebody, and the server is well."""
    if _is_server_ill():
        _lately.clear()
    _note(person, refused=False)
    RefusedAddress.objects.filter(employee=person).delete()


def judged(meaning: Exception, delivery: Delivery) -> Exception:
    """Return what is to become of `delivery`, which was answered with `meaning`; note whom the server refuses."""
    person = delivery.recipient
    if not isinstance(meaning, NotTakenError):
        return meaning
    _note(person, refused=True)
    if isinstance(meaning, AddressRefusedError):
        _note_address(person, str(meaning))
    if _is_server_ill():
        return ChannelAwayError(f"nearly everybody is refused: {meaning}", in_hand=True)
    if delivery.attempts >= TRIED_BEFORE or is_refused(person):
        return meaning
    return TryLaterError(str(meaning), AGAIN_AFTER)


@transaction.atomic
def _note_address(person: Employee, answer: str) -> None:
    """Store what was said of the address the person has today, and since when it is said."""
    now = timezone.now()
    said = {"address": person.email or "", "answer": answer[:300], "refused_at": now}
    if not RefusedAddress.objects.of(person).filter(refused_at__gt=now - BELIEVED_FOR).update(**said):
        RefusedAddress.objects.update_or_create(employee=person, defaults=said | {"first_refused_at": now})


def _note(person: Employee, *, refused: bool) -> None:
    _lately.pop(person.pk, None)
    _lately[person.pk] = refused
    while len(_lately) > LOOKED_AT:
        del _lately[next(iter(_lately))]


def _is_server_ill() -> bool:
    return sum(_lately.values()) >= NEARLY_ALL
