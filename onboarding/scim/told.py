"""What a client says of a person, read as the directory needs it; and what may not be said at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from scim2_models import Extension, InvalidValueException, Resource, default_comparison_key
from scim2_models.path import Path

from core.national_ids import holds_national_id
from directory.models import Employee
from onboarding.hr_file import tidying
from onboarding.hr_file.tidying import UnreadableError
from onboarding.scim.resources import USER_MODEL, EnterpriseUser, User

LONGEST = 250
LONGEST_NAME, LONGEST_TITLE, LONGEST_KIND, LONGEST_NUMBER = 100, 160, 60, 20
# Ids of other systems may hold any eleven digits.
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_USER_NAME = Path[User[Any]]("userName").resolve()


class Facts(NamedTuple):
    """What the directory is told of a person. "" and None: not said."""

    first_name: str
    last_name: str
    email: str | None
    mobile: str
    work_phone: str
    language: str
    # Digits, as HR has them; "" for numbers of any other kind, which are kept with the client only.
    number: str
    title: str
    kind: str
    # From the narrowest to the widest: department, division, organization.
    units: tuple[str, ...]
    # Who leads, by the id the client knows.
    manager: str


@dataclass(frozen=True)
class Told:
    """A person as a client tells of them."""

    user_name: str
    user_key: str
    external_id: str
    addresses: list[str]
    is_active: bool
    attributes: dict[str, Any]
    facts: Facts


def read_told(resource: Resource[Any], *, was_active: bool = True) -> Told:
    """Return what `resource` says. An account of which nothing is said is as it was: open, if it is new.

    Raises InvalidValueException, naming the attribute and never its value, for identity numbers, control characters,
    markup in names and what is too long.
    """
    user = _user(resource)
    attributes = user.model_dump(exclude={"id", "meta", "groups", "schemas"})
    check_texts(attributes)
    user_name = user.user_name or ""
    if not user_name.strip():
        raise InvalidValueException(detail="userName is missing")
    addresses = [str(email.value).lower() for email in user.emails or [] if email.value]
    return Told(
        user_name=user_name,
        user_key=name_key(user_name),
        external_id=user.external_id or "",
        addresses=sorted(set(addresses)),
        is_active=was_active if user.active is None else user.active,
        attributes=attributes,
        facts=_facts(user),
    )


def name_key(user_name: str) -> str:
    """Return what a user name is compared by: composed, whatever its case."""
    assert _USER_NAME is not None
    return default_comparison_key(_USER_NAME, user_name)


def is_called(employee: Employee, facts: Facts) -> bool:
    """Say whether the name told is the person's: «Kari Lien» is Kari Anne Lien, whatever the order and the accents."""
    here, there = tidying.name_words(employee.full_name), tidying.name_words(f"{facts.first_name} {facts.last_name}")
    return bool(here and there) and (here <= there or there <= here)


def is_another(employee: Employee, facts: Facts) -> bool:
    """Say whether the name told has nothing in common with the person's."""
    return not tidying.name_words(employee.full_name) & tidying.name_words(f"{facts.first_name} {facts.last_name}")


def is_storable(text: str) -> bool:
    """Say whether the database can hold `text` at all, or be asked for it: not NUL, nor half a character."""
    return not _UNSTORABLE.search(text)


def check_texts(value: Any) -> None:
    """Raise InvalidValueException for what we never store, wherever in `value` it stands."""
    for path, text in _texts(value, ""):
        if len(text) > LONGEST:
            raise InvalidValueException(detail=f"{path} is longer than {LONGEST} characters")
        if "\x00" in text or holds_national_id(_UUID.sub("", text)):
            reason = "a NUL character" if "\x00" in text else "a national identity number"
            raise InvalidValueException(detail=f"{path} holds {reason}, which is never stored")
        try:
            tidying.tidy_text(text)
        except UnreadableError:
            raise InvalidValueException(detail=f"{path} holds control or broken characters") from None


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, path)


def _user(resource: Resource[Any]) -> User[Any]:
    assert isinstance(resource, USER_MODEL)
    return resource


def _facts(user: User[Any]) -> Facts:
    employer: Extension | None = user[EnterpriseUser]
    told = employer if isinstance(employer, EnterpriseUser) else EnterpriseUser()
    first, last = _names(user)
    units = (_tidy(told.department), _tidy(told.division), _tidy(told.organization))
    return Facts(
        first_name=first,
        last_name=last,
        email=_email(user),
        mobile=_phone(user, "mobile"),
        work_phone=_phone(user, "work"),
        language=_language(user.preferred_language or ""),
        number=_number(told.employee_number or ""),
        title=_fitting("title", user.title, LONGEST_TITLE),
        kind=_fitting("userType", user.user_type, LONGEST_KIND),
        units=tuple(unit for unit in units if unit),
        manager=(told.manager.value or "") if told.manager else "",
    )


def _names(user: User[Any]) -> tuple[str, str]:
    """First and last name: as given apart, or else from the name as it is shown, or else the user name."""
    name = user.name
    first = _name("name.givenName", name.given_name if name else "")
    last = _name("name.familyName", name.family_name if name else "")
    if first:
        return first, last
    shown = _name("displayName", user.display_name or (name.formatted if name else "")) or last
    if shown:
        first, _space, rest = shown.rpartition(" ")
        return (first, rest) if first else (rest, "")
    return _fitting("userName", (user.user_name or "").split("@")[0], LONGEST_NAME), ""


def _name(path: str, text: str | None) -> str:
    tidy = _fitting(path, text, LONGEST_NAME)
    try:
        tidying.check_name(tidy)
    except UnreadableError:
        raise InvalidValueException(detail=f"{path} cannot be a name") from None
    return tidying.mend_mojibake(tidy) or tidy


def _fitting(path: str, text: str | None, longest: int) -> str:
    tidy = _tidy(text)
    if len(tidy) > longest:
        raise InvalidValueException(detail=f"{path} is longer than {longest} characters")
    return tidy


def _tidy(text: str | None) -> str:
    return tidying.tidy_text(text or "")


def _email(user: User[Any]) -> str | None:
    """The address at work: the primary one, or the one called so, or the first."""
    found = [email for email in user.emails or [] if email.value]
    ranked = sorted(found, key=lambda email: (not email.primary, str(email.type) != "work"))
    return str(ranked[0].value) if ranked else None


def _phone(user: User[Any], kind: str) -> str:
    """A telephone number of this kind, if it can be read as one; whatever else stands there is the client's own."""
    numbers = (phone.value for phone in user.phone_numbers or [] if str(phone.type) == kind and phone.value)
    try:
        return tidying.read_phone(next(numbers, "").removeprefix("tel:"))
    except UnreadableError:
        return ""


def _language(told: str) -> str:
    return tidying.LANGUAGES.get(re.split(r"[-_]", told.lower())[0], "")


def _number(told: str) -> str:
    try:
        number = tidying.read_number(told.strip()) if told.strip() else ""
    except UnreadableError:
        return ""
    return number if len(number) <= LONGEST_NUMBER else ""
