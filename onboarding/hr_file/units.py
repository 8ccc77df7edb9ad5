"""Where a row places a person: does the unit exist, in the agency the row names, within what the file may change?"""

from __future__ import annotations

from dataclasses import dataclass

from core.text import fold
from onboarding.hr_file import statuses
from onboarding.hr_file.known import KnownUnit, KnownUnits
from onboarding.hr_file.rows import Finding
from onboarding.hr_file.suggesting import UnitSuggester, likeness


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit the file names that is to be made. `agency_code` is its own code when it is an agency."""

    code: str
    name: str
    agency_code: str


class UnitJudge:
    """Judges the four columns about the unit; remembers which units are to be made."""

    def __init__(self, units: KnownUnits, *, creates: bool, scope_path: str = "/") -> None:
        self._units = units
        self._creates = creates
        self._scope_path = scope_path
        self._suggester = UnitSuggester(units)
        self.new: dict[str, NewUnit] = {}
        self._new_in: dict[str, int] = {}
        self._unlike: dict[tuple[str, str], bool] = {}

    def judge(self, texts: dict[str, str], record: int) -> list[Finding]:
        """Return what is to be said of the unit in `texts`; remembers a new one."""
        if not texts["enhetskode"]:
            return self._without_code(texts)
        agency = self._units.by_code.get(texts["virksomhetskode"])
        if agency is None and texts["virksomhetskode"] and not self._creates:
            name = texts["virksomhet"] or texts["virksomhetskode"]
            value = texts["virksomhetskode"]
            return [Finding(statuses.REJECT, "virksomhetskode", "unknown_agency", value, {"name": name})]
        unit = self._units.by_code.get(texts["enhetskode"])
        if unit is None:
            return self._make(texts, record) if self._creates else [self._unknown(texts, "unknown_unit")]
        return self._known(texts, unit)

    def _without_code(self, texts: dict[str, str]) -> list[Finding]:
        # The row is refused for the code that is missing; a name may tell which was meant.
        if not texts["enhet"] or self._creates:
            return []
        return [self._unknown(texts, "unknown_unit")]

    def _known(self, texts: dict[str, str], unit: KnownUnit) -> list[Finding]:
        if unit.is_ended:
            return [self._unknown(texts, "ended_unit")]
        if texts["virksomhetskode"] and unit.agency_code != texts["virksomhetskode"]:
            agency = self._units.by_code[unit.agency_code].name if unit.agency_code in self._units.by_code else ""
            facts = {"name": unit.name, "agency": agency}
            return [Finding(statuses.REJECT, "enhetskode", "unit_in_other_agency", texts["enhetskode"], facts)]
        if not unit.path.startswith(self._scope_path):
            return [Finding(statuses.REJECT, "enhetskode", "unit_outside_scope", texts["enhetskode"])]
        if self._is_called_otherwise(unit, texts["enhet"]):
            return [Finding(statuses.WARN, "enhet", "unit_name_differs", texts["enhet"], {"name": unit.name})]
        return []

    def _is_called_otherwise(self, unit: KnownUnit, name: str) -> bool:
        """Whether the row's name is so unlike the unit's that the code may be a slip."""
        if not name or name == unit.name:
            return False
        asked = (unit.code, name)
        if asked not in self._unlike:
            folded = fold(name)
            self._unlike[asked] = max(likeness(folded, unit.folded_name), likeness(unit.folded_name, folded)) < 0.5
        return self._unlike[asked]

    def _unknown(self, texts: dict[str, str], code: str) -> Finding:
        name = texts["enhet"] or texts["enhetskode"]
        # What is right is not said to be what we do not find.
        told = texts["enhetskode"] if texts["enhetskode"] and self._units.is_called(texts["enhet"]) else name
        unit = self._suggester.suggest(name, texts["virksomhetskode"])
        if unit is None or unit.code == texts["enhetskode"]:
            return Finding(statuses.REJECT, "enhetskode", code, texts["enhetskode"], {"name": told})
        agency = self._units.by_code.get(unit.agency_code)
        mend = {"enhetskode": unit.code, "enhet": unit.name, "virksomhetskode": unit.agency_code}
        if agency:
            mend["virksomhet"] = agency.name
        facts = {"name": told, "suggestion": unit.name, "mend": mend}
        return Finding(statuses.REJECT, "enhetskode", f"{code}_suggestion", texts["enhetskode"], facts)

    def _make(self, texts: dict[str, str], record: int) -> list[Finding]:
        if self._scope_path != "/":
            # Where in the tree a new unit goes is known by agency only; a narrower file must not reach outside.
            agency = self._units.by_code.get(texts["virksomhetskode"])
            if agency is None or not agency.path.startswith(self._scope_path):
                return [Finding(statuses.REJECT, "enhetskode", "unit_outside_scope", texts["enhetskode"])]
        code, agency_code = texts["enhetskode"], texts["virksomhetskode"]
        if not agency_code:
            return [Finding(statuses.REJECT, "virksomhetskode", "missing")]
        if (other := self.new.get(code)) and other.agency_code != agency_code:
            facts = {"name": other.name, "agency": other.agency_code}
            return [Finding(statuses.REJECT, "enhetskode", "unit_in_other_agency", code, facts)]
        if agency_code not in self._units.by_code:
            self.new.setdefault(agency_code, NewUnit(agency_code, texts["virksomhet"] or agency_code, agency_code))
        self.new.setdefault(code, NewUnit(code, texts["enhet"] or code, agency_code))
        if self._new_in.setdefault(code, record) != record:
            return []
        name = texts["enhet"] or code
        return [Finding(statuses.NORMALISE, "enhetskode", "unit_new", code, {"name": name})]
