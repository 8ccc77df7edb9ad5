from __future__ import annotations

from core.errors import require
from directory.models import Employee
from feed.models import PersonFollow


def follow_person(*, actor: Employee, person: Employee) -> None:
    """Show `actor` under «Fra ledere» what `person` writes. Following twice changes nothing; nobody is told.

    Raises PermissionDenied for oneself, for those who have left and for a person with a protected address.
    """
    require(actor.has_perm("feed.follow_person", person))
    PersonFollow.objects.get_or_create(follower=actor, followed=person)


def unfollow_person(*, actor: Employee, person: Employee) -> None:
    """Follow `person` no longer."""
    PersonFollow.objects.filter(follower=actor, followed=person).delete()
