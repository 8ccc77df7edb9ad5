from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from core.errors import RefusedError
from core.pictures import read_picture
from tests.directory.conftest import PictureFile


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_every_usual_kind_becomes_webp(kind: str, picture_file: PictureFile) -> None:
    picture = read_picture(picture_file(kind), widths=[96, 400])
    assert {width: (opened(data).format, opened(data).width) for width, data in picture.sizes.items()} == {
        96: ("WEBP", 96),
        400: ("WEBP", 400),
    }


def test_a_small_picture_keeps_its_size(picture_file: PictureFile) -> None:
    picture = read_picture(picture_file(size=(50, 20)), widths=[96, 400])
    assert (picture.width, picture.height) == (50, 20)
    assert opened(picture.sizes[400]).size == (50, 20)


def test_a_portrait_fills_its_square(picture_file: PictureFile) -> None:
    picture = read_picture(picture_file(size=(50, 20)), widths=[96, 400], square=True)
    assert opened(picture.sizes[400]).size == (400, 400)


def test_it_is_turned_upright_and_tells_nothing_of_where_it_was_taken(picture_file: PictureFile) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 54.0, 0.0)})
    exif[0x010F] = "Kari Nordby sin telefon"
    picture = read_picture(picture_file(size=(600, 400), exif=exif), widths=[400])
    shown = opened(picture.sizes[400])
    assert shown.height > shown.width
    assert not shown.getexif()
    assert b"Nordby" not in picture.sizes[400]


def test_transparency_is_kept(picture_file: PictureFile) -> None:
    picture = read_picture(picture_file("PNG", mode="RGBA"), widths=[96])
    assert opened(picture.sizes[96]).mode in ("RGBA", "RGB")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("JPEG", {"mode": "CMYK"}, id="for print"),
        pytest.param("PNG", {"size": (60_000, 40)}, id="60,000 wide"),
        pytest.param("PNG", {"mode": "1"}, id="black and white"),
        pytest.param("PNG", {"size": (1, 1)}, id="a single point"),
        pytest.param("GIF", {"save_all": True, "append_images": [Image.new("RGB", (600, 400), "red")]}, id="moving"),
    ],
)
def test_odd_pictures_still_make_a_portrait(kind: str, options: dict[str, Any], picture_file: PictureFile) -> None:
    picture = read_picture(picture_file(kind, **options), widths=[96, 400], square=True)
    shown = opened(picture.sizes[400])
    assert (shown.size, shown.mode, getattr(shown, "n_frames", 1)) == ((400, 400), "RGB", 1)


def png_that_says(width: int, height: int) -> bytes:
    """A tiny file whose head promises a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(png_that_says(60_000, 60_000), "picture_too_large", id="bomb"),
        pytest.param(png_that_says(1_000, 1_000), "not_a_picture", id="fewer pixels than it says"),
        pytest.param(b"", "not_a_picture", id="nothing"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "not_a_picture", id="svg"),
        pytest.param(b"<html><body>hei</body></html>", "not_a_picture", id="web page"),
        pytest.param(b"%PDF-1.7 ...", "not_a_picture", id="pdf"),
        pytest.param(b"GIF89a<script>alert(1)</script>", "not_a_picture", id="script in a picture's coat"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(300), "not_a_picture", id="broken jpeg"),
        pytest.param(b"x" * (20 * 1024 * 1024 + 1), "picture_too_large", id="too many bytes"),
    ],
)
def test_what_is_no_usable_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_picture(io.BytesIO(data), widths=[96])
    assert (refused.value.code, refused.value.field) == (code, "picture")


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM"])
def test_rare_kinds_are_refused(kind: str, picture_file: PictureFile) -> None:
    with pytest.raises(RefusedError):
        read_picture(picture_file(kind), widths=[96])


def test_a_cut_file_is_refused(picture_file: PictureFile) -> None:
    whole = picture_file("JPEG", size=(800, 800)).getvalue()
    with pytest.raises(RefusedError):
        read_picture(io.BytesIO(whole[: len(whole) // 2]), widths=[96])
