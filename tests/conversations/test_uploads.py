"""Pictures and files people send: made anew or refused in words, with bounded memory, and never sent to strangers."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from conversations.actions import add_attachment, add_comment, delete_comment, report
from conversations.files import Upload, examine
from conversations.models import Attachment
from core.errors import RefusedError
from directory.models import Employee
from feed.models import Post
from groups.models import Group
from tests.conversations.pictures import picture
from tests.directory.test_pictures import png_that_says

SCRIPT = b"<script>alert(1)</script>"


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("virus.exe", "MZ")
    return file.getvalue()


def gif(frames: int = 3, **options: Any) -> bytes:
    images = [Image.new("P", (40, 30), frame) for frame in range(frames)]
    return saved(images[0], "GIF", save_all=True, append_images=images[1:], comment=SCRIPT, **options)


ODD: dict[str, Callable[[], bytes]] = {
    "four inks": lambda: saved(Image.new("CMYK", (90, 60), (10, 200, 0, 30)), "JPEG"),
    "grey": lambda: saved(Image.new("L", (90, 60), 120), "JPEG"),
    "16 bits": lambda: saved(Image.new("I;16", (90, 60), 40_000), "PNG"),
    "a palette with a hole": lambda: saved(Image.new("P", (90, 60), 3), "PNG", transparency=3),
    "moving": gif,
    "moving png": lambda: saved(
        Image.new("RGB", (9, 9)), "PNG", save_all=True, append_images=[Image.new("RGB", (9, 9))]
    ),
    "moving webp": lambda: saved(
        Image.new("RGB", (9, 9)), "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]
    ),
    "60,000 wide": lambda: saved(Image.new("L", (60_000, 12)), "PNG"),
    "60,000 high": lambda: saved(Image.new("L", (12, 60_000)), "PNG"),
    "one pixel": lambda: saved(Image.new("1", (1, 1)), "PNG"),
    "gif and web page": lambda: gif().replace(b"\x3b", b"") + SCRIPT,
    "jpeg and zip": lambda: saved(Image.new("RGB", (90, 60)), "JPEG") + zipped(),
    "png with words": lambda: saved(Image.new("RGB", (90, 60)), "PNG", exif=b"Exif\0\0" + SCRIPT) + SCRIPT,
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_pictures_are_made_anew_with_nothing_but_pixels(kind: str) -> None:
    stored = examine(Upload(ContentFile(ODD[kind]()), "bilde.jpg"))
    assert (stored.kind, stored.content_type) == ("picture", "image/webp")
    for data in stored.parts.values():
        shown: Any = Image.open(io.BytesIO(data))
        assert (shown.format, getattr(shown, "n_frames", 1)) == ("WEBP", 1)
        assert shown.width <= 1600
        assert not shown.getexif()
        assert b"script" not in data
        assert b"PK\x03\x04" not in data


def jpeg_that_says(width: int, height: int) -> bytes:
    """A small file whose head promises a huge picture."""
    small = saved(Image.new("RGB", (16, 16)), "JPEG")
    head = small.index(b"\xff\xc0") + 5
    return small[:head] + height.to_bytes(2) + width.to_bytes(2) + small[head + 4 :]


def gif_that_says(width: int, height: int) -> bytes:
    small = gif(1)
    return small[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + small[10:]


@pytest.mark.parametrize("bomb", [png_that_says, jpeg_that_says, gif_that_says])
def test_bombs_are_known_by_their_head(bomb: Callable[[int, int], bytes]) -> None:
    with pytest.raises(RefusedError) as refused:
        examine(Upload(ContentFile(bomb(60_000, 60_000)), "bombe.png"))
    # Reading the pixels of such a head fails with another word.
    assert refused.value.code == "picture_too_large"


REFUSED = {
    "bilde.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "Vi tar ikke imot filer som"),
    "side.html": (SCRIPT, "Vi tar ikke imot filer som"),
    "bilde.png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "Vi klarer ikke å lese dette som et bilde"),
    "halvt.jpg": (saved(Image.effect_noise((600, 600), 90), "JPEG")[:9000], "Vi klarer ikke å lese dette som et bilde"),
    "plan.pdf": (saved(Image.new("RGB", (9, 9)), "JPEG"), "er ikke det navnet sier"),
}


@pytest.mark.django_db
def test_what_is_refused_is_refused_in_words_with_the_text_kept(
    make_group: Callable[..., Group],
    make_post: Callable[..., Post],
    kari: Employee,
    client_of: Callable[..., Client],
) -> None:
    post, browser = make_post(kari, make_group("Alna vest", owner=kari)), client_of(kari)
    for name, (data, words) in REFUSED.items():
        field = "files" if name.endswith(("pdf", "html")) else "pictures"
        sent = {"text": "Se her", field: ContentFile(data, name)}
        answer = browser.post(f"/threads/{post.thread.public_id}/comments/", sent)
        page = answer.content.decode()
        assert (answer.status_code, words in page, "Se her" in page) == (422, True, True), name
    assert not Attachment.objects.exists()
    assert not post.thread.comments.exists()


HUNGRY = """
import io, resource, sys, threading, zlib
from django.conf import settings
settings.configure(USE_I18N=False)
from PIL import Image
from core.pictures import read_picture
chunk = lambda name, body: len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
rows = zlib.compressobj(1)
pixels = b"".join(rows.compress(b"\\0" + bytes(6000 * 4)) for _ in range(5000)) + rows.flush()
head = (6000).to_bytes(4) + (5000).to_bytes(4) + bytes([8, 6, 0, 0, 0])
png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
read = lambda: read_picture(io.BytesIO(png), widths=(400, 800, 1600))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
threads = [threading.Thread(target=read) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_two_large_ones_at_once_take_the_memory_of_one() -> None:
    ran = subprocess.run([sys.executable, "-c", HUNGRY], capture_output=True, text=True, check=True)
    # 30 million pixels of four bytes are 114 MB.
    assert int(ran.stdout) < 200


@pytest.fixture
def group(make_group: Callable[..., Group], kari: Employee, amina: Employee) -> Group:
    return make_group("Alna vest", "closed", owner=kari, members=[amina])


def test_no_file_is_read_when_its_post_or_comment_is_hidden_or_gone(
    group: Group, make_post: Callable[..., Post], kari: Employee, amina: Employee, client_of: Callable[..., Client]
) -> None:
    post, browser = make_post(amina, group), client_of(kari)
    add_attachment(actor=amina, thread=post.thread, stored=examine(Upload(picture(), "a.png")))
    first = add_comment(actor=amina, thread=post.thread, text="", uploads=[Upload(picture(), "b.png")])
    second = add_comment(actor=amina, thread=post.thread, text="", uploads=[Upload(picture(), "c.png")])
    own, of_first, of_second = (each.get_absolute_url() for each in Attachment.objects.order_by("pk"))

    def readable() -> list[bool]:
        asked = [browser.get(f"{url}?width=400").status_code for url in (own, of_first, of_second)]
        return [status == 200 for status in asked]

    assert readable() == [True, True, True]
    delete_comment(actor=amina, comment=first)
    assert readable() == [True, False, True]
    report(actor=kari, thread=post.thread, comment=second, reason="personal_data")
    assert readable() == [True, False, False]
    Post.objects.filter(pk=post.pk).update(hidden_at=post.created_at)
    assert readable() == [False, False, False]
    Post.objects.filter(pk=post.pk).update(hidden_at=None, deleted_at=post.created_at)
    assert readable() == [False, False, False]


def test_what_is_not_made_anew_never_opens_in_the_page(
    group: Group, make_post: Callable[..., Post], kari: Employee, client_of: Callable[..., Client]
) -> None:
    post = make_post(kari, group)
    for name, data in {"notat.txt": SCRIPT, "skjema.pdf": b"%PDF" + SCRIPT, "arkiv.zip": zipped() + SCRIPT}.items():
        add_attachment(actor=kari, thread=post.thread, stored=examine(Upload(ContentFile(data), name)))
    add_attachment(actor=kari, thread=post.thread, stored=examine(Upload(picture(), "bilde.png")))
    for file in Attachment.objects.all():
        answer = client_of(kari).get(file.get_absolute_url())
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-cache"
        inline = not answer.get("Content-Disposition", "").startswith("attachment")
        assert inline == (file.kind == "picture"), file.name
        assert "html" not in answer["Content-Type"]
