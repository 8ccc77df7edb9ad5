"""The first look at a file: is it text in UTF-8 at all, and if not, what does it look like?"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import IO, Any

from core.errors import RefusedError
from onboarding.hr_file.messages import word

MAX_BYTES = 64 * 1024 * 1024
_CHUNK = 256 * 1024

_LOOKS = (
    (b"%PDF", "looks_like_pdf"),
    (b"\xd0\xcf\x11\xe0", "looks_like_xls"),
    (b"\xff\xfe", "looks_like_utf16"),
    (b"\xfe\xff", "looks_like_utf16"),
    (b"\x89PNG", "looks_like_picture"),
    (b"\xff\xd8\xff", "looks_like_picture"),
    (b"GIF8", "looks_like_picture"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<table", b"<!--")


@dataclass(frozen=True)
class Inspection:
    """What the bytes tell: their checksum, and whether the last line is ended."""

    checksum: str
    ends_whole: bool
    is_text: bool = True


def refuse(code: str, **facts: Any) -> RefusedError:
    """Return the error that says, in the reader's language, why the file as a whole cannot be used."""
    return RefusedError(word(code, facts), field="file", code=code)


def inspect_bytes(stream: IO[bytes], *, is_text: bool = True) -> Inspection:
    """Read the whole of `stream` once, in pieces.

    Raises RefusedError when it is too large, empty or, of what is to be text, not UTF-8.
    """
    stream.seek(0)
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = lines = 0
    last = b""
    while chunk := stream.read(_CHUNK):
        if size == 0 and is_text:
            _check_look(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise refuse("too_large", max=MAX_BYTES // 1024**2)
        if is_text:
            _check_decodes(decoder, chunk, lines)
        lines += chunk.count(b"\n")
        digest.update(chunk)
        last = chunk[-1:]
    if size == 0:
        raise refuse("empty_file")
    if is_text:
        _check_decodes(decoder, b"", lines, final=True)
    return Inspection(digest.hexdigest(), not is_text or last in (b"\n", b"\r"), is_text)


def _check_look(head: bytes) -> None:
    for magic, code in _LOOKS:
        if head.startswith(magic):
            raise refuse(code)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if start.startswith(_MARKUP):
        raise refuse("looks_like_web_page")
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise refuse("empty_file")
    if head[:2000].count(b"\x00") > 20:
        raise refuse("not_text")


def _check_decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, lines: int, *, final: bool = False) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n") + 1
        raise refuse("not_utf8", line=line) from None
