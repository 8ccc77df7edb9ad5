"""Where portraits lie: each size under the hash of what it shows, so that a changed photo is a new address."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.pictures import Picture
from directory.models import Employee, FormerPhoto

SIZES = (96, 200, 400)


def photo_name(photo: str, size: int) -> str:
    """Return the name in storage of the portrait `photo` in `size`."""
    return f"photos/{photo}/{size}.webp"


def save_photo_files(picture: Picture) -> str:
    """Store every size of `picture` and return its hash, which is what `Employee.photo` keeps."""
    photo = hashlib.sha256(picture.sizes[max(SIZES)]).hexdigest()
    for size, data in picture.sizes.items():
        name = photo_name(photo, size)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
    return photo


def forget_photos(photos: Iterable[str]) -> None:
    """Remove these portraits from storage, but for those that someone still has, or had until a moment ago."""
    wanted = set(photos) - {""}
    kept = set(Employee.objects.filter(photo__in=wanted).values_list("photo", flat=True))
    kept |= set(FormerPhoto.objects.filter(photo__in=wanted).values_list("photo", flat=True))
    for photo in wanted - kept:
        for size in SIZES:
            default_storage.delete(photo_name(photo, size))


def forget_former_photos(before: datetime.datetime) -> int:
    """Erase the portraits whose change can no longer be taken back; return how many."""
    due = FormerPhoto.objects.filter(kept_until__lt=before)
    if photos := list(due.values_list("photo", flat=True)):
        due.delete()
        forget_photos(photos)
    return len(photos)
