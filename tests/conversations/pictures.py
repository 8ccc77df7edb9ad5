from __future__ import annotations

import io

from PIL import Image


def picture(width: int = 60, height: int = 40, name: str = "bilde.png", kind: str = "PNG") -> io.BytesIO:
    """A real picture, as a file."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(file, kind)
    file.seek(0)
    file.name = name
    return file
