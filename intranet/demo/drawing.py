"""Turns drawings into pixels. Knows nothing of Django, so that it can run in processes of its own."""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

import resvg_py
from PIL import Image

SIZES = (400, 200, 96)
PROCESSES = 2


def rasterise(svg: str, width: int) -> Image.Image:
    """Return the drawing as pixels, `width` wide."""
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
    return Image.open(io.BytesIO(png)).convert("RGB")


def portrait_files(svg: str) -> dict[int, bytes]:
    """Return a portrait as WebP in every size, by its width."""
    whole = rasterise(svg, SIZES[0])
    files = {}
    for size in SIZES:
        file = io.BytesIO()
        whole.resize((size, size), Image.Resampling.LANCZOS).save(file, "WEBP", quality=82)
        files[size] = file.getvalue()
    return files


def draw_many(svgs: list[str]) -> Iterator[tuple[str, dict[int, bytes]]]:
    """Yield each drawing with its files, made by two processes at once."""
    if len(svgs) < 8:
        yield from zip(svgs, map(portrait_files, svgs), strict=True)
        return
    # Fresh processes: a fork would share our database connection.
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        yield from zip(svgs, processes.map(portrait_files, svgs, chunksize=8), strict=True)


def png_bytes(svg: str, width: int) -> io.BytesIO:
    """Return the drawing as a PNG file in memory."""
    file = io.BytesIO()
    rasterise(svg, width).save(file, "PNG", compress_level=1)
    file.seek(0)
    return file


def distinct(svgs: Iterable[str]) -> list[str]:
    """Return the different drawings, empty ones left out, in an order that is always the same."""
    return sorted({svg for svg in svgs if svg})
