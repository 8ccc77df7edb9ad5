"""The named reads of import runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lower, Trim

from directory.models import Employee

if TYPE_CHECKING:
    from onboarding.models import ImportFinding, ImportRecord, ImportRun  # noqa: F401


# What says that an address is not protected; anything else may mean that it is.
_OPEN = ("n", "nei")


def without_zeros(number: Any) -> Func:
    """Return the expression of an employee number as it is compared: its digits without zeros in front."""
    digits = Func(number, Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
    return Func(digits, Value("0"), function="ltrim", output_field=models.TextField())


def _cell(column: str) -> Func:
    text = Coalesce(KeyTextTransform(column, "values"), Value(""), output_field=models.TextField())
    return Lower(Trim(text))


def _found_and_hidden(viewer: Employee) -> tuple[Any, Any]:
    """Return whom `viewer` may find and whom not, each with `number` and `address` as they are compared."""
    people = Employee.objects.annotate(number=without_zeros(F("employee_number")), address=Lower("email"))
    visible = Employee.objects.visible_to(viewer).values("pk")
    return people.filter(pk__in=visible), people.exclude(pk__in=visible)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, employee: Employee) -> Self:
        """Runs are for those who bring people in."""
        return self.all() if employee.has_perm("directory.import_people") else self.none()

    def told(self) -> Self:
        """Without forms that somebody filled in and never stored."""
        return self.exclude(source="form", state__in=["checking", "checked", "stopped"])

    def newest_first(self) -> Self:
        """The latest run first, with who started it."""
        return self.select_related("created_by").order_by("-created_at", "-pk")


class ImportRecordQuerySet(models.QuerySet["ImportRecord"]):
    def shown_to(self, viewer: Employee) -> Self:
        """Rows that are surely of nobody protected whom `viewer` may not find; HR is shown every row.

        A row goes by whose its number or address is. Of whom nobody knows it must say «no» itself. Rows that `viewer`
        brought are told no further than that, so that trying numbers does not tell protected people from nobody.
        """
        if viewer.has_role("hr"):
            return self.all()
        found, hidden = _found_and_hidden(viewer)
        rows = self.annotate(
            row_number=without_zeros(KeyTextTransform("ansattnr", "values")),
            row_address=_cell("epost"),
            row_protection=_cell("skjermet"),
        )
        numbers, addresses = hidden.exclude(employee_number=None), hidden.exclude(email=None)
        is_hidden = Q(row_number__in=numbers.values("number")) | Q(row_address__in=addresses.values("address"))
        is_known = Q(row_number__in=found.exclude(employee_number=None).values("number"))
        says_no = Q(row_protection__in=_OPEN)
        own = Q(run__created_by=viewer)
        return rows.filter(says_no & (own | ~is_hidden) | Q(row_protection="") & is_known & ~is_hidden)

    def needing_a_look(self) -> Self:
        """Rows that cannot be taken, or that nobody has confirmed though something is odd."""
        return self.filter(needs_a_look=True)

    def ready(self) -> Self:
        """Rows that are taken as they are, and that change something."""
        return self.filter(needs_a_look=False, is_unchanged=False)

    def unchanged(self) -> Self:
        """Rows that say only what is known."""
        return self.filter(is_unchanged=True)


class ImportFindingQuerySet(models.QuerySet["ImportFinding"]):
    def shown_to(self, viewer: Employee, records: ImportRecordQuerySet) -> Self:
        """What is said of those of a run's `records` that `viewer` is shown; HR is shown everything.

        Of rows that are no longer kept: what is said of people whom `viewer` may find.
        """
        if viewer.has_role("hr"):
            return self.all()
        found = _found_and_hidden(viewer)[0].exclude(employee_number=None)
        numbered = self.annotate(row_number=without_zeros(F("employee_number")))
        kept, shown = records.values("record"), records.shown_to(viewer).values("record")
        gone = ~Q(record__in=kept) & Q(row_number__in=found.values("number"))
        return numbered.filter(Q(record__in=shown) | gone)
