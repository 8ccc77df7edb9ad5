"""Pictures and files people attach: what may come in, and where it lies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from conversations.models import Attachment
from core.errors import RefusedError
from core.pictures import MAX_BYTES, read_picture
from core.public_ids import new_public_id

WIDTHS = (400, 800, 1600)
PICTURE_NAMES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"}
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a file may be called, what it is then sent as, and how such a file begins.
FILES: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".odp": ("application/vnd.oasis.opendocument.presentation", _ZIP),
    ".doc": ("application/msword", _OLD_OFFICE),
    ".xls": ("application/vnd.ms-excel", _OLD_OFFICE),
    ".ppt": ("application/vnd.ms-powerpoint", _OLD_OFFICE),
    ".zip": ("application/zip", _ZIP),
    ".txt": ("text/plain; charset=utf-8", b""),
    ".csv": ("text/csv; charset=utf-8", b""),
    ".ics": ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR"),
}


@dataclass(frozen=True)
class Upload:
    """A file as it comes in: its bytes, what the sender calls it, and a picture's text for those who do not see it."""

    file: IO[bytes]
    name: str
    alternative_text: str = ""


@dataclass(frozen=True)
class StoredFile:
    """A file that has been found good, with what has to be kept of it. Its bytes are written when it is attached."""

    public_id: str
    kind: str
    name: str
    content_type: str
    parts: dict[str, bytes]
    width: int = 0
    height: int = 0
    alternative_text: str = field(default="")

    @property
    def size(self) -> int:
        """The bytes of the largest part."""
        return max(len(data) for data in self.parts.values())

    @property
    def path(self) -> str:
        """Where its parts lie in storage."""
        return f"attachments/{self.public_id[:2]}/{self.public_id}"

    def write(self) -> None:
        """Write every part to storage."""
        for part, data in self.parts.items():
            default_storage.save(f"{self.path}/{part}", ContentFile(data))


def examine(upload: Upload) -> StoredFile:
    """Return what is to be kept of `upload`. Raises RefusedError at `pictures` or `files` when it cannot be taken."""
    name = _tidy(upload.name)
    if PurePosixPath(name).suffix.lower() in PICTURE_NAMES:
        return _examine_picture(upload, name)
    return _examine_file(upload, name)


def part_of(attachment: Attachment, width: int | None = None) -> str:
    """Return the name in storage of the attachment: for a picture the smallest size at least `width` wide."""
    if attachment.kind == Attachment.Kind.FILE:
        return f"{attachment.file}/file"
    fitting = [each for each in WIDTHS if width is None or each >= width]
    return f"{attachment.file}/{(fitting[-1] if width is None else min(fitting, default=WIDTHS[-1]))}.webp"


def _examine_picture(upload: Upload, name: str) -> StoredFile:
    picture = read_picture(upload.file, widths=WIDTHS, field="pictures")
    return StoredFile(
        public_id=new_public_id(),
        kind=Attachment.Kind.PICTURE,
        name=name,
        content_type="image/webp",
        parts={f"{width}.webp": data for width, data in picture.sizes.items()},
        width=picture.width,
        height=picture.height,
        alternative_text=" ".join(_storable(upload.alternative_text).split())[:500],
    )


def _examine_file(upload: Upload, name: str) -> StoredFile:
    known = FILES.get(PurePosixPath(name).suffix.lower())
    if known is None:
        text = _("We do not take files like «%(name)s». Use PDF, Office, OpenDocument, text or pictures.")
        raise RefusedError(text % {"name": name}, field="files", code="file_kind")
    content_type, beginning = known
    upload.file.seek(0)
    data = upload.file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        text = _("The file is too large. At most %(size)d MB fit.") % {"size": MAX_BYTES // 1024 // 1024}
        raise RefusedError(text, field="files", code="file_too_large")
    if not data or not data.startswith(beginning):
        text = _("«%(name)s» is not what its name says, or it is empty.")
        raise RefusedError(text % {"name": name}, field="files", code="file_lies")
    return StoredFile(new_public_id(), Attachment.Kind.FILE, name, content_type, {"file": data})


def _tidy(name: str) -> str:
    """Return a file name without folders and what nobody sees (it could make one name look like another)."""
    kept = _storable("".join(c for c in re.split(r"[\\/]", name)[-1] if c.isprintable()))
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:15]}" if stem else kept[:200] or "file"


def _storable(text: str) -> str:
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff").strip()
