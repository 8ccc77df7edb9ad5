"""Pictures people send, made safe: what it really is, how large, upright, and nothing in it but pixels.

A picture is never kept as it came. It is decoded, turned upright, shrunk and written anew as WebP, so the place
it was taken, hidden files and malformed parts all stay behind. What a file calls itself counts for nothing.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from core.errors import RefusedError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF")
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
# WebP cannot be higher or wider than this.
MAX_SIDE = 16_383
QUALITY = 82
# Many small ones stand on a page together: they must be light, and their faults are too small to see.
SMALL, SMALL_QUALITY = 200, 74

# One picture's pixels take up to 400 MB while they are read; a second one waits.
_one_at_a_time = threading.Lock()

logger = logging.getLogger(__name__)
Image.init()
pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Picture:
    """A picture ready to be stored: WebP files by width, and the size of the largest of them."""

    sizes: dict[int, bytes]
    width: int
    height: int


def read_picture(
    file: IO[bytes],
    *,
    widths: Sequence[int],
    square: bool = False,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    field: str = "picture",
) -> Picture:
    """Return the picture in `file` as WebP in each of `widths`, upright and without anything about its origin.

    A picture smaller than a width keeps its own size; `square` cuts the middle out and fills the whole width.
    Raises RefusedError, at `field`, for what is no picture, is damaged, or is larger than the limits.
    """
    data = _read(file, max_bytes, field)
    with _one_at_a_time:
        image = _decode(data, max(widths), max_pixels, field)
    largest = _fit(image, max(widths), square)
    sizes = {width: _as_webp(_fit(largest, width, square)) for width in sorted(widths)}
    return Picture(sizes, *largest.size)


def _read(file: IO[bytes], max_bytes: int, field: str) -> bytes:
    file.seek(0)
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        text = _("The picture is too large. At most %(size)d MB fit.") % {"size": max_bytes // 1024 // 1024}
        raise RefusedError(text, field=field, code="picture_too_large")
    return data


def _decode(data: bytes, enough: int, max_pixels: int, field: str) -> Image.Image:
    """Return the pixels, upright, at least `enough` wide and high where the file has as many."""
    # Decoders raise whatever they like on hostile data; all of it means the same to the person.
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > max_pixels:
                raise Image.DecompressionBombError
            image.draft("RGB", (enough * 2, enough * 2))
            image.load()
            fewer = _reduced(image, enough)
            return _plain(_upright(fewer))
    except Image.DecompressionBombError:
        text = _("The picture has too many pixels. At most %(count)d million fit.") % {"count": max_pixels // 10**6}
        raise RefusedError(text, field=field, code="picture_too_large") from None
    except Exception as error:
        logger.info("a picture was refused: %s", type(error).__name__)
        text = _("We cannot read this as a picture. Use JPEG, PNG, WebP, GIF or HEIC.")
        raise RefusedError(text, field=field, code="not_a_picture") from None


def _reduced(image: Image.Image, enough: int) -> Image.Image:
    """Return the pixels a whole number of times fewer, where there are far more than enough: they are copied thrice."""
    times = min(image.size) // enough
    if times < 2 or image.mode in ("1", "P", "PA"):
        return image
    return image.reduce(times)


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture turned as its camera says; as it lies where what the camera says cannot be read."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception as error:
        logger.info("a picture's facts cannot be read: %s", type(error).__name__)
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Return the first frame in the web's colours, with transparency where it has some."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = _in_srgb(image, mode) or image.convert(mode)
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, mode: str) -> Image.Image | None:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return None
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _fit(image: Image.Image, width: int, square: bool) -> Image.Image:
    if square:
        return ImageOps.fit(image, (width, width), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    if image.width <= width and image.height <= MAX_SIDE:
        return image
    share = min(width / image.width, MAX_SIDE / image.height)
    wanted = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _as_webp(image: Image.Image) -> bytes:
    target = io.BytesIO()
    quality = SMALL_QUALITY if image.width <= SMALL else QUALITY
    image.save(target, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return target.getvalue()
