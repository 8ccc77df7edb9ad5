"""Judges one row by itself: what each value means, and what is wrong with it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from core.text import fold
from onboarding.hr_file import columns, guessing, statuses, tidying
from onboarding.hr_file.messages import ROW_MESSAGES
from onboarding.hr_file.rows import Finding, JobFacts, PersonFacts, RawRow, Verdict
from onboarding.hr_file.tidying import UnreadableError
from onboarding.hr_file.units import UnitJudge

# Looked at by their own readers, which say more than «tidied».
_READ_APART = frozenset({"mobil", "jobbtelefon"})
# Values that repeat over thousands of rows are looked at once; more than this many are not remembered.
_MOST_REMEMBERED = 50_000


class RowJudge:
    """Judges rows of a file with the columns `names`."""

    def __init__(self, names: list[str], units: UnitJudge, today: datetime.date) -> None:
        self._names = names
        self._has = {name: name in names for name in columns.OPTIONAL}
        self._units = units
        self._today = today
        # Per column, values that have been found tidy as they are.
        self._tidy: dict[str, set[str]] = {name: set() for name in columns.ALL}

    def judge(self, row: RawRow) -> Verdict:
        """Return the verdict on the row alone; what other rows and the directory say comes after."""
        sheet = _Sheet(row, self._tidy)
        if not any(row.values.values()) and not row.blanked:
            return Verdict(row.record, "").settle([Finding(statuses.IGNORE, "ansattnr", "empty_row")])
        number = sheet.number()
        verdict = Verdict(row.record, number, is_confirmed=row.is_confirmed)
        if row.problem:
            return verdict.settle([*sheet.findings, Finding(statuses.REJECT, self._breaks_at(row), row.problem)])
        verdict.person = self._person(sheet)
        verdict.job = self._job(sheet)
        sheet.add(self._units.judge(sheet.texts, row.record))
        for name in columns.MUST_STAND:
            if name == "startdato" and name not in self._names:
                sheet.assume_start(self._today)
            else:
                sheet.require(name)
        if not sheet.texts["stilling"] and not sheet.texts.get("stillingskode"):
            sheet.require("stilling")
        return verdict.settle(sheet.findings)

    def _breaks_at(self, row: RawRow) -> str:
        """The first column a row has nothing for; the last column where it has too much."""
        return next((name for name in self._names if name not in row.values), self._names[-1])

    def _person(self, sheet: _Sheet) -> PersonFacts:
        return PersonFacts(
            first_name=sheet.name("fornavn"),
            last_name=sheet.name("etternavn"),
            email=sheet.email(),
            mobile=sheet.phone("mobil"),
            work_phone=sheet.phone("jobbtelefon") if self._has["jobbtelefon"] else "",
            protected=sheet.protection(),
            language=sheet.language() if self._has["malform"] else "",
            says_all=sheet.row.says_all,
        )

    def _job(self, sheet: _Sheet) -> JobFacts:
        title, code = sheet.texts["stilling"], sheet.texts.get("stillingskode", "")
        start, end = sheet.date("startdato"), sheet.date("sluttdato")
        if start and end and end < start:
            sheet.say(statuses.REJECT, "sluttdato", "end_before_start")
        self._say_when(sheet, start, end)
        for field in ("stilling", "arbeidssted"):
            sheet.mojibake(field)
        if code and not title:
            sheet.say(statuses.WARN, "stilling", "position_untitled")
        return JobFacts(
            agency_code=sheet.texts["virksomhetskode"],
            unit_code=sheet.texts["enhetskode"],
            title=title or code,
            position_code=code,
            position_key=tidying.position_key(code, title),
            manager_number=sheet.manager(),
            kind=sheet.texts["ansettelsestype"],
            percentage=sheet.percentage(),
            start_date=start or self._today,
            end_date=end,
            workplace=sheet.texts["arbeidssted"] if self._has["arbeidssted"] else None,
            leave_until_date=sheet.date("permisjon_til") if self._has["permisjon_til"] else None,
            says_leave=self._has["permisjon_til"],
            is_same=sheet.row.is_same_job,
        )

    def _say_when(self, sheet: _Sheet, start: datetime.date | None, end: datetime.date | None) -> None:
        if end and end < self._today:
            sheet.say(statuses.LEAVER, "sluttdato", "has_ended", date=end.isoformat())
        elif start and start > self._today:
            sheet.say(statuses.PENDING, "startdato", "starts_later", date=start.isoformat())


class _Sheet:
    """A row while it is judged: its values tidied, and what has been found so far."""

    def __init__(self, row: RawRow, known_tidy: dict[str, set[str]]) -> None:
        self.row = row
        self._known_tidy = known_tidy
        self.findings = [Finding(statuses.REJECT, name, "identity_number") for name in row.blanked]
        self._failed = set(row.blanked)
        typed = row.values
        self.texts = {
            name: text if not (text := typed.get(name, "")) or text in known else self._tidy(name, text)
            for name, known in known_tidy.items()
        }

    def say(self, status: str, field: str, code: str, **facts: Any) -> None:
        """Add a finding on `field`, with what was typed there."""
        self.findings.append(Finding(status, field, code, self.row.values.get(field, ""), facts))
        if status == statuses.REJECT:
            self._failed.add(field)

    def refuse(self, field: str, code: str, guess: str, **facts: Any) -> None:
        """Add a finding that rejects the row, with `guess` as its mend where there is one."""
        if guess and f"{code}_suggestion" in ROW_MESSAGES:
            told = ".".join(reversed(guess.split("-"))) if columns.is_date(field) else guess
            facts |= {"suggestion": told, "mend": {field: guess}}
            code = f"{code}_suggestion"
        self.say(statuses.REJECT, field, code, **facts)

    def add(self, findings: list[Finding]) -> None:
        """Add what somebody else has found."""
        self.findings.extend(findings)
        self._failed.update(finding.field for finding in findings if finding.status == statuses.REJECT)

    def require(self, name: str) -> None:
        """Reject the row when `name` is empty, unless its value has been refused already."""
        if not self.texts[name] and name not in self._failed:
            self.say(statuses.REJECT, name, "missing")

    def assume_start(self, today: datetime.date) -> None:
        """Say that a file which tells no first days is taken to mean today."""
        if not self.texts["startdato"] and "startdato" not in self._failed:
            self.say(statuses.WARN, "startdato", "start_assumed", date=today.isoformat())

    def _tidy(self, name: str, typed: str) -> str:
        try:
            tidy = tidying.tidy_text(typed)
        except UnreadableError as error:
            self.say(statuses.REJECT, name, error.code)
            return ""
        longest = columns.LENGTHS.get(name, 60)
        if len(tidy) > longest:
            self.say(statuses.REJECT, name, "too_long", max=longest)
            return ""
        if tidy == typed:
            if len(self._known_tidy[name]) < _MOST_REMEMBERED:
                self._known_tidy[name].add(tidy)
        elif tidy and name not in _READ_APART:
            self.say(statuses.NORMALISE, name, "tidied", value=tidy)
        return tidy

    def number(self) -> str:
        text = self.texts["ansattnr"]
        if not text:
            return ""
        try:
            number = tidying.read_number(text)
        except UnreadableError as error:
            self.refuse("ansattnr", error.code, guessing.guess_number(text))
            return ""
        if number != text:
            self.say(statuses.NORMALISE, "ansattnr", "tidied", value=number)
        return number

    def name(self, field: str) -> str:
        text = self.texts[field]
        try:
            oddness = tidying.check_name(text)
        except UnreadableError as error:
            self.say(statuses.REJECT, field, error.code)
            return ""
        if not self.mojibake(field) and oddness:
            self.say(statuses.WARN, field, oddness)
        return text

    def mojibake(self, field: str) -> bool:
        """Whether letters of the text were destroyed in a way that can be undone; says so."""
        mended = tidying.mend_mojibake(self.texts[field])
        if mended:
            self.say(statuses.WARN, field, "mojibake", suggestion=mended, mend={field: mended})
        return bool(mended)

    def email(self) -> str | None:
        text = self.texts["epost"]
        if not text:
            return None
        try:
            return tidying.read_email(text)
        except UnreadableError as error:
            self.refuse("epost", error.code, tidying.mend_email(text))
        return None

    def phone(self, field: str) -> str:
        text = self.texts[field]
        try:
            phone = tidying.read_phone(text)
        except UnreadableError as error:
            # What is not taken must not take away what stands.
            self.say(statuses.REJECT if self.row.says_all else statuses.WARN, field, error.code)
            return ""
        if phone.replace(" ", "") != self.row.values.get(field, "").strip().replace(" ", ""):
            self.say(statuses.NORMALISE, field, "tidied", value=phone)
        return phone

    def date(self, field: str) -> datetime.date | None:
        try:
            return tidying.read_date(self.texts[field])
        except UnreadableError as error:
            text = self.texts[field]
            guess = guessing.guess_existing(text) if error.code == "date_impossible" else guessing.guess_date(text)
            self.refuse(field, error.code, guess, value=text)
        return None

    def percentage(self) -> Decimal:
        text = self.texts["stillingsprosent"]
        if not text:
            self.say(statuses.NORMALISE, "stillingsprosent", "percentage_assumed")
            return Decimal(100)
        guess = guessing.guess_percentage(text)
        try:
            percentage = tidying.read_percentage(text)
        except UnreadableError as error:
            self.refuse("stillingsprosent", error.code, guess)
            return Decimal(100)
        if guess and 0 < percentage <= 1:
            mend = {"stillingsprosent": guess}
            self.say(statuses.WARN, "stillingsprosent", "percentage_part", suggestion=guess, mend=mend)
        return percentage

    def protection(self) -> bool | None:
        text = self.texts["skjermet"]
        if not text:
            return None
        protected = tidying.PROTECTION.get(text.lower())
        if protected is None:
            self.refuse("skjermet", "protection_unreadable", guessing.guess_protection(text))
        elif protected:
            self.say(statuses.HIDDEN, "skjermet", "protected")
        return protected

    def language(self) -> str:
        text = fold(self.texts["malform"])
        if text and text not in tidying.LANGUAGES:
            self.say(statuses.WARN, "malform", "language_unreadable")
        return tidying.LANGUAGES.get(text, "")

    def manager(self) -> str:
        text = self.texts["leder_ansattnr"]
        if not text:
            return ""
        try:
            return tidying.read_number(text)
        except UnreadableError:
            guess = guessing.guess_number(text)
            facts: dict[str, Any] = {"suggestion": guess, "mend": {"leder_ansattnr": guess}} if guess else {}
            code = "manager_unreadable_suggestion" if guess else "manager_unreadable"
            self.say(statuses.WARN, "leder_ansattnr", code, **facts)
        return ""
