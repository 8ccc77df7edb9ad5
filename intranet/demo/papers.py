"""The demo's documents: one page of plain lines, as the smallest PDF that every reader opens."""

from __future__ import annotations

from collections.abc import Sequence

PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 4 0 R >> >> /Contents 5 0 R"
FONT = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding"


def pdf_bytes(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF of one page: the title, and the lines below it."""
    shown = "".join(f" 0 -24 Td ({_escaped(line)}) Tj" for line in lines)
    text = _encoded(f"BT /F 20 Tf 56 770 Td ({_escaped(title)}) Tj /F 12 Tf 0 -12 Td{shown} ET")
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _encoded(f"<< {PAGE} >>"),
            _encoded(f"<< {FONT} >>"),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        ]
    )


def _file(objects: Sequence[bytes]) -> bytes:
    """Number the objects and tell where each begins, as the format asks."""
    written, begins = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        begins.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _encoded(text: str) -> bytes:
    return text.encode("cp1252", errors="replace")
