"""Leaders whose employee number is almost what was written: one digit wrong, missing, too many, or two turned round."""

from __future__ import annotations

from collections import defaultdict

from directory.models import Employee, Employment


class NearLeaders:
    """Who leads somebody now, found by a number that is nearly theirs. Fetched when first asked for."""

    def __init__(self) -> None:
        self._by_shape: dict[str, set[str]] | None = None
        self._names: dict[str, str] = {}
        self._leads: set[tuple[str, str]] = set()

    def find(self, number: str, unit_code: str) -> tuple[str, str]:
        """Return number and name of the one leader near `number`, or the one of several who leads in that unit.

        ("", "") when there is none, or still several.
        """
        if self._by_shape is None:
            self._by_shape = self._load()
        found = {other for shape in _shapes(number) for other in self._by_shape.get(shape, ())}
        if len(found) > 1:
            found = {other for other in found if (other, unit_code) in self._leads}
        if len(found) != 1:
            return "", ""
        (other,) = found
        return other, self._names[other]

    def _load(self) -> dict[str, set[str]]:
        leaders = Employee.objects.active().leaders().exclude(employee_number=None).filter(protected=False)
        self._names = {str(leader.employee_number): leader.display_name for leader in leaders}
        jobs = Employment.objects.current().filter(manager__in=leaders)
        led = jobs.values_list("manager__employee_number", "unit__code").distinct()
        self._leads = {(str(number), code) for number, code in led}
        shapes: defaultdict[str, set[str]] = defaultdict(set)
        for number in self._names:
            for shape in _shapes(number):
                shapes[shape].add(number)
        return dict(shapes)


def _shapes(number: str) -> set[str]:
    """What a number looks like with any one digit unread, left out, or exchanged with the next; zeros in front gone."""
    digits = number.lstrip("0")
    places = range(len(digits))
    unread = {f"{digits[:place]}?{digits[place + 1 :]}" for place in places}
    left_out = {digits[:place] + digits[place + 1 :] for place in places}
    turned = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in places
        if place + 1 < len(digits)
    }
    return {digits} | unread | left_out | turned
