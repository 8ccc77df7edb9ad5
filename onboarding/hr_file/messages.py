"""Every finding in words. A code is stored; the sentence is made in the reader's language when it is shown."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.national_ids import without_national_ids
from core.times import short_date

FILE_MESSAGES = {
    "empty_file": gettext_noop("The file is empty. Nothing has been changed."),
    "no_rows": gettext_noop("The file has headings but no rows. Nothing has been changed."),
    "too_large": gettext_noop("The file is larger than %(max)s MB. Divide it and send the parts one by one."),
    "too_many_rows": gettext_noop("The file has more than %(max)s rows. Divide it and send the parts one by one."),
    "not_text": gettext_noop("This is not a text file. We need a CSV or Excel file."),
    "not_utf8": gettext_noop(
        "Line %(line)s has characters that are not UTF-8. Choose «CSV UTF-8» when you save the file."
    ),
    "looks_like_pdf": gettext_noop("This looks like a PDF. We need a CSV or Excel file."),
    "looks_like_archive": gettext_noop("This is a packed file. We need a CSV or Excel file."),
    "xlsx_unreadable": gettext_noop("The Excel file cannot be opened. Save it once more, or as «CSV UTF-8»."),
    "xlsx_too_large": gettext_noop("The Excel file is too large to open here. Save it as «CSV UTF-8» instead."),
    "looks_like_xls": gettext_noop(
        "This is an Excel file of the old kind, or one with a password. Save it as .xlsx without a password, or as CSV."
    ),
    "looks_like_utf16": gettext_noop("The file is saved as UTF-16. Save it as «CSV UTF-8» and choose that file."),
    "looks_like_picture": gettext_noop("This looks like a picture. We need a CSV or Excel file."),
    "looks_like_web_page": gettext_noop(
        "This looks like a web page. Perhaps the download was not signed in? We need a CSV or Excel file."
    ),
    "wrong_separator": gettext_noop("We find no «;» between the headings. Save the file as CSV with semicolons."),
    "no_header": gettext_noop("The first line must be the headings: ansattnr;fornavn;etternavn and so on."),
    "too_many_columns": gettext_noop("The file has more than %(max)s columns."),
    "columns_missing": gettext_noop("These columns are missing: %(missing)s."),
    "columns_unknown": gettext_noop("We do not know these columns: %(unknown)s."),
    "columns_renamed": gettext_noop(
        "These columns are missing: %(missing)s. We do not know these: %(unknown)s. Have they been renamed?"
    ),
    "columns_doubled": gettext_noop("These columns stand more than once: %(doubled)s."),
    "columns_misplaced": gettext_noop("The columns stand in another order. «%(name)s» must be number %(place)s."),
}

ROW_MESSAGES = {
    # The row as a whole
    "too_few_fields": gettext_noop("The row has too few columns. Is the file cut off here?"),
    "too_many_fields": gettext_noop("The row has too many columns. Is there a semicolon in a name?"),
    "empty_row": gettext_noop("The row is empty."),
    "identity_number": gettext_noop("This holds a national identity number. It has not been stored. Remove it."),
    "missing": gettext_noop("%(field)s is missing."),
    "too_long": gettext_noop("%(field)s is too long: at most %(max)s characters fit."),
    "control_characters": gettext_noop("%(field)s has invisible control characters."),
    "spreadsheet_error": gettext_noop("The spreadsheet has an error in this cell: «%(value)s»."),
    "broken_characters": gettext_noop("%(field)s has characters that were destroyed in an earlier file."),
    "tidied": gettext_noop("We tidied the spelling: «%(value)s»."),
    # Numbers
    "number_not_digits": gettext_noop("The employee number must be digits only."),
    "number_not_digits_suggestion": gettext_noop(
        "The employee number must be digits only. Did you mean «%(suggestion)s»?"
    ),
    "number_in_exponent": gettext_noop(
        "Excel has rewritten the employee number. Type it here, or make the column text and fetch the file again."
    ),
    "repeated_row": gettext_noop("The same as row %(other)s."),
    "conflicting_job": gettext_noop("Row %(other)s says something else about the same job. We use row %(other)s."),
    "conflicting_person": gettext_noop(
        "Row %(other)s says something else about the same person. We use row %(other)s."
    ),
    "returns": gettext_noop("Employee number %(number)s is known already: %(name)s, who left in %(year)s."),
    "returns_hidden": gettext_noop("Employee number %(number)s is known already, and left in %(year)s."),
    "number_of_another": gettext_noop("Employee number %(number)s belongs to someone with another name."),
    "name_differs": gettext_noop("We know employee number %(number)s under a wholly different name: %(name)s."),
    "likely_double_suggestion": gettext_noop(
        "%(name)s works in this unit already, with employee number %(suggestion)s. Is it the same person?"
    ),
    # Names
    "not_a_name": gettext_noop("%(field)s: «%(value)s» does not look like a name."),
    "odd_name": gettext_noop("Is this the right name?"),
    "mojibake": gettext_noop("The letters look wrong. Did you mean «%(suggestion)s»?"),
    # E-mail and telephone
    "email_invalid": gettext_noop("This is not an e-mail address."),
    "email_invalid_suggestion": gettext_noop("This is not an e-mail address. Did you mean «%(suggestion)s»?"),
    "email_twice": gettext_noop("Row %(other)s has the same e-mail address."),
    "email_taken": gettext_noop("Another employee has this e-mail address."),
    "phone_unreadable": gettext_noop("This is not a telephone number. We leave it out."),
    # Units
    "unknown_agency": gettext_noop("We did not find the agency «%(name)s»."),
    "unknown_unit": gettext_noop("We did not find «%(name)s»."),
    "unknown_unit_suggestion": gettext_noop("We did not find «%(name)s». Did you mean «%(suggestion)s»?"),
    "ended_unit": gettext_noop("The unit «%(name)s» has been closed."),
    "ended_unit_suggestion": gettext_noop("The unit «%(name)s» has been closed. Did you mean «%(suggestion)s»?"),
    "unit_in_other_agency": gettext_noop("The unit «%(name)s» belongs to %(agency)s."),
    "unit_outside_scope": gettext_noop("The unit lies outside what this file may change."),
    "unit_name_differs": gettext_noop("The unit with this code is called «%(name)s». Is the code right?"),
    "unit_new": gettext_noop("The unit «%(name)s» is new and will be made."),
    # Dates and the rest
    "date_impossible": gettext_noop("%(field)s «%(value)s» does not exist."),
    "date_impossible_suggestion": gettext_noop("%(field)s «%(value)s» does not exist. Did you mean «%(suggestion)s»?"),
    "date_unreadable": gettext_noop("%(field)s «%(value)s» is not a date. Write it as 31.12.2026."),
    "date_unreadable_suggestion": gettext_noop("%(field)s «%(value)s» is not a date. Did you mean «%(suggestion)s»?"),
    "date_unlikely": gettext_noop("%(field)s «%(value)s» cannot be right."),
    "start_assumed": gettext_noop("The file does not say the first day. We reckon with today, %(date)s."),
    "end_before_start": gettext_noop("The last day is before the first."),
    "percentage_unreadable": gettext_noop("The percentage of the position must be a number from 0 to 100."),
    "percentage_unreadable_suggestion": gettext_noop(
        "The percentage of the position must be a number from 0 to 100. Did you mean «%(suggestion)s»?"
    ),
    "percentage_part": gettext_noop("Is «%(value)s» meant as %(suggestion)s per cent?"),
    "percentage_assumed": gettext_noop("The percentage of the position is missing. We reckon with 100."),
    "protection_unreadable": gettext_noop("«skjermet» must be J or N."),
    "protection_unreadable_suggestion": gettext_noop("«skjermet» must be J or N. Did you mean «%(suggestion)s»?"),
    "language_unreadable": gettext_noop("We do not know this language. We leave it out."),
    "position_untitled": gettext_noop("The position has no title."),
    "job_beside": gettext_noop("Gets one position more, and keeps «%(held)s»."),
    "job_beyond_whole": gettext_noop(
        "Gets one position more, and keeps «%(held)s». That makes %(total)s per cent altogether."
    ),
    "manager_unknown": gettext_noop("We do not find the leader with employee number %(number)s."),
    "manager_unknown_suggestion": gettext_noop(
        "We do not find the leader with employee number %(number)s. Did you mean %(suggestion)s?"
    ),
    "manager_unreadable": gettext_noop("The leader's employee number must be digits only."),
    "manager_unreadable_suggestion": gettext_noop(
        "The leader's employee number must be digits only. Did you mean «%(suggestion)s»?"
    ),
    "manager_self": gettext_noop("A person cannot be the own leader. We leave the leader out."),
    "manager_circle": gettext_noop("The leaders lead each other in a circle. We leave this leader out."),
    # Neither right nor wrong
    "starts_later": gettext_noop("Starts on %(date)s."),
    "has_ended": gettext_noop("Left on %(date)s."),
    "protected": gettext_noop("The person has a protected address, and is not shown to others."),
}

FIELD_NAMES = {
    "ansattnr": gettext_noop("Employee number"),
    "navn": gettext_noop("Whole name"),
    "fornavn": gettext_noop("First name"),
    "etternavn": gettext_noop("Surname"),
    "epost": gettext_noop("E-mail"),
    "mobil": gettext_noop("Mobile"),
    "virksomhetskode": gettext_noop("Agency code"),
    "virksomhet": gettext_noop("Agency"),
    "enhetskode": gettext_noop("Unit code"),
    "enhet": gettext_noop("Unit"),
    "stilling": gettext_noop("Position"),
    "leder_ansattnr": gettext_noop("Leader's employee number"),
    "startdato": gettext_noop("First day"),
    "sluttdato": gettext_noop("Last day"),
    "ansettelsestype": gettext_noop("Kind of employment"),
    "stillingsprosent": gettext_noop("Percentage of position"),
    "skjermet": gettext_noop("Protected address"),
    "arbeidssted": gettext_noop("Workplace"),
    "stillingskode": gettext_noop("Position code"),
    "jobbtelefon": gettext_noop("Work telephone"),
    "malform": gettext_noop("Written language"),
    "permisjon_til": gettext_noop("On leave until"),
}

_MESSAGES = FILE_MESSAGES | ROW_MESSAGES


def word(code: str, facts: dict[str, Any], field: str = "") -> str:
    """Return the sentence for `code` in the active language. No identity number comes out of it."""
    if "date" in facts:
        facts = facts | {"date": datetime.date.fromisoformat(facts["date"])}
    told = {name: without_national_ids(_told(value)) for name, value in facts.items()}
    told.setdefault("field", field_name(field))
    return _(_MESSAGES[code]) % told


def field_name(field: str) -> str:
    """Return what a column is called on screen; "" for the row as a whole."""
    return _(FIELD_NAMES[field]) if field in FIELD_NAMES else field


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(part)[:60] for part in value[:20])
    return short_date(value, with_year=True) if isinstance(value, datetime.date) else str(value)[:200]
