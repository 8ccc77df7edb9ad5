"""Pictures named by employee number, from a ZIP, a folder or an upload: read one at a time, never written anywhere.

A name is only ever looked at, never opened as a path. A ZIP may lie about everything: the list of its files is bounded
before it is read, each file while it is, and only the two ordinary ways of packing are taken, since the others cannot
be unpacked a little at a time.
"""

from __future__ import annotations

import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from core.errors import RefusedError

MAX_PHOTO_BYTES = 10 * 1024 * 1024
# With more than this the command is quicker, and nobody waits for an answer.
MOST_AT_ONCE = 500
MAX_UPLOAD_BYTES = 300 * 1024 * 1024
# What the list of a ZIP's files may take: some 100,000 names.
MAX_LIST_BYTES = 12 * 1024 * 1024
ZIP_BEGINS = b"PK\x03\x04"
PICTURE_ENDINGS = {"", ".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"}
# What computers add by themselves.
NOT_MEANT = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
DAMAGED = (BadZipFile, LargeZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class Candidate:
    """A file that may be somebody's portrait. `read` gives its bytes, one more than fits at most."""

    name: str
    read: Callable[[], bytes]
    # Why it is not even opened, for the person to read.
    refusal: str = ""

    @property
    def number(self) -> str:
        """The employee number the file is named by: its name without folders and ending."""
        return self._path.stem.replace(" ", "")

    @property
    def is_named_as_picture(self) -> bool:
        """Whether the ending of the name is a picture's, or there is none."""
        return self._path.suffix.lower() in PICTURE_ENDINGS

    @property
    def _path(self) -> PurePosixPath:
        return PurePosixPath(self.name.replace("\\", "/"))

    def open(self) -> IO[bytes]:
        """Return the bytes as a file. Raises RefusedError for what is damaged."""
        try:
            return io.BytesIO(self.read())
        except DAMAGED:
            raise RefusedError(_("The file is damaged.")) from None


def from_uploads(files: Sequence[IO[bytes]]) -> list[Candidate]:
    """Return what was sent: the pictures themselves and the files of each ZIP.

    Raises RefusedError at "pictures" for a ZIP that cannot be read, and for more than may be sent at once.
    """
    if sum(file.seek(0, os.SEEK_END) for file in files) > MAX_UPLOAD_BYTES:
        text = _("Together the files are too large. At most %(size)d MB fit.")
        raise RefusedError(text % {"size": MAX_UPLOAD_BYTES // 1024 // 1024}, field="pictures")
    found = [candidate for file in files for candidate in _from_upload(file)]
    if len(found) > MOST_AT_ONCE:
        text = _("There are %(count)d pictures. Send at most %(most)d at a time, or use the command import_photos.")
        raise RefusedError(text % {"count": len(found), "most": MOST_AT_ONCE}, field="pictures")
    return found


def _from_upload(file: IO[bytes]) -> list[Candidate]:
    name = str(getattr(file, "name", ""))
    file.seek(0)
    if name.lower().endswith(".zip") or file.read(len(ZIP_BEGINS)) == ZIP_BEGINS:
        return from_zip(file)
    return [Candidate(name, _reader(file))]


def from_zip(file: IO[bytes]) -> list[Candidate]:
    """Return the files of a ZIP, none of them opened. Raises RefusedError at "pictures" for what is none."""
    try:
        _check_list(file)
        archive = ZipFile(file)
    except DAMAGED:
        raise RefusedError(_("We cannot read this ZIP file. Pack it again."), field="pictures") from None
    meant = [info for info in archive.infolist() if not info.is_dir() and _is_meant(info.filename)]
    return [Candidate(info.filename, _unpacker(archive, info), _refusal_of(info)) for info in meant]


def from_folder(folder: Path) -> Iterator[Candidate]:
    """Yield the files in a folder and those below it, in the order of their names; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if not _is_meant(str(path.relative_to(folder))):
                continue
            refusal = _("This is a link, not a file.") if path.is_symlink() else ""
            yield Candidate(str(path.relative_to(folder)), _file_reader(path), refusal)


def _check_list(file: IO[bytes]) -> None:
    """Raise ValueError when the list of files is larger than what is read into memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[place + 12 : place + 16], "little") if place >= 0 else size
    wide = tail.rfind(b"PK\x06\x06")
    if wide >= 0:
        length = max(length if length != 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little"))
    elif b"PK\x06\x07" in tail:
        raise ValueError("the list of files is elsewhere")
    file.seek(0)
    if length > MAX_LIST_BYTES:
        raise ValueError("too many files")


def _refusal_of(info: ZipInfo) -> str:
    name = info.filename
    if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
        return _("The name leads out of the archive.")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("This is a link, not a file.")
    if info.flag_bits & 1:
        return _("The file is locked with a password.")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return _("The file is packed in a way we do not read. Pack it as an ordinary ZIP.")
    return ""


def _is_meant(name: str) -> bool:
    return not NOT_MEANT.intersection(PurePosixPath(name).parts)


def _unpacker(archive: ZipFile, info: ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(info) as member:
            return member.read(MAX_PHOTO_BYTES + 1)

    return read


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        with path.open("rb") as file:
            return file.read(MAX_PHOTO_BYTES + 1)

    return read


def _reader(file: IO[bytes]) -> Callable[[], bytes]:
    def read() -> bytes:
        file.seek(0)
        return file.read(MAX_PHOTO_BYTES + 1)

    return read
