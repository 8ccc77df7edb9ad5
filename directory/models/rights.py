"""What a person's rights hang on besides the database: so much of two people being equal, one query serves both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS

if TYPE_CHECKING:
    from directory.models import Employee


@dataclass(frozen=True)
class Rights:
    """The roles a person has and the units the person leads: the shape of a prepared query about what one may do."""

    held: tuple[tuple[str, str], ...]
    led: tuple[str, ...]
    roles: list[Any] = field(compare=False, repr=False)
    model: type[Employee] = field(compare=False, repr=False)

    @classmethod
    def of(cls, employee: Employee) -> Rights:
        """Return those of `employee`; no query for whoever is signed in."""
        held = tuple(sorted((grant.role, grant.unit.path if grant.unit else "/") for grant in employee.roles))
        return cls(held, tuple(employee.led_unit_paths), employee.roles, employee.__class__)

    def bearer(self, key: int) -> Employee:
        """Return somebody who works here, with these rights and the primary key `key`.

        Nothing else is known of the person: whoever reads more of it gets Employee.DoesNotExist, for it would be
        kept and then hold for others.
        """
        person: Employee = self.model.from_db(DEFAULT_DB_ALIAS, ["id", "is_active"], [key, True])
        vars(person).update(roles=self.roles, led_unit_paths=list(self.led))
        return person
