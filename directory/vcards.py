"""A colleague as a contact file (vCard 4.0, RFC 6350)."""

from __future__ import annotations

import base64
import io

from django.core.files.storage import default_storage
from PIL import Image

from directory.models import Employee
from directory.photos import photo_name

# A line holds at most this many bytes; longer ones go on after a line break and a blank.
LINE_BYTES = 75
# Large enough for a telephone's list, small enough to be sent on.
PHOTO_SIZE = 200


def vcard(employee: Employee, url: str) -> str:
    """Return the contact: name, job, unit, e-mail, photo, the page at `url`, and the numbers the viewer may see.

    `employee` comes with `may_see_mobile`.
    """
    job = employee.primary_employment
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_escaped(employee.full_name)}",
        f"N:{_escaped(employee.last_name)};{_escaped(employee.first_name)};;;",
    ]
    if employee.nickname:
        lines.append(f"NICKNAME:{_escaped(employee.nickname)}")
    if job:
        agency = f"{_escaped(job.unit.agency.name)};" if job.unit.agency else ""
        lines += [f"TITLE:{_escaped(job.title)}", f"ORG:{agency}{_escaped(job.unit.name)}"]
    if employee.email:
        lines.append(f"EMAIL;TYPE=work:{_escaped(employee.email)}")
    lines += [*_numbers(employee), f"URL:{url}", *_photo(employee)]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _numbers(employee: Employee) -> list[str]:
    mobile = employee.private_mobile if getattr(employee, "may_see_mobile", False) else ""
    numbers = {"work,voice": employee.work_phone, "cell": mobile if mobile != employee.work_phone else ""}
    return [f"TEL;TYPE={kind}:{_escaped(number)}" for kind, number in numbers.items() if number]


def _photo(employee: Employee) -> list[str]:
    """Return the portrait as JPEG, which every telephone's address book reads; without one nothing."""
    if not employee.photo:
        return []
    target = io.BytesIO()
    try:
        with default_storage.open(photo_name(employee.photo, PHOTO_SIZE)) as file:
            Image.open(file).convert("RGB").save(target, "JPEG", quality=80)
    except OSError:
        return []
    return [f"PHOTO:data:image/jpeg;base64,{base64.b64encode(target.getvalue()).decode()}"]


def _escaped(value: str) -> str:
    for character in "\\;,":
        value = value.replace(character, f"\\{character}")
    return " ".join(value.split())


def _folded(line: str) -> str:
    parts, current, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE_BYTES:
            parts.append(current)
            current, size = " ", 1
        current, size = current + character, size + width
    return "\r\n".join([*parts, current])
