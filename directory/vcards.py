"""A colleague as a contact file (vCard 4.0, RFC 6350)."""

from __future__ import annotations

from directory.models import Employee

# A line holds at most this many bytes; longer ones go on after a line break and a blank.
LINE_BYTES = 75


def vcard(employee: Employee) -> str:
    """Return the contact: name, job, unit, e-mail and the numbers the viewer may see (`may_see_mobile`)."""
    job = employee.primary_employment
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_escaped(employee.full_name)}",
        f"N:{_escaped(employee.last_name)};{_escaped(employee.first_name)};;;",
    ]
    if job:
        agency = f"{_escaped(job.unit.agency.name)};" if job.unit.agency else ""
        lines += [f"TITLE:{_escaped(job.title)}", f"ORG:{agency}{_escaped(job.unit.name)}"]
    if employee.email:
        lines.append(f"EMAIL;TYPE=work:{_escaped(employee.email)}")
    lines += [f"TEL;TYPE=work,voice:{_escaped(number)}" for number in _numbers(employee)]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _numbers(employee: Employee) -> list[str]:
    mobile = employee.private_mobile if getattr(employee, "may_see_mobile", False) else ""
    return [number for number in (employee.work_phone, mobile) if number]


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
