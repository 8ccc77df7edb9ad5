"""Where proposed portraits lie: apart from those in use, each by itself, so that a no leaves nothing behind."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core.pictures import Picture
from directory.photos import SIZES
from onboarding.models import PhotoProposal


def name_of(proposal: PhotoProposal, size: int) -> str:
    """Return the name in storage of the proposal in `size`."""
    return f"proposals/{proposal.employee_id}-{proposal.photo[:24]}/{size}.webp"


def save_files(proposal: PhotoProposal, picture: Picture) -> None:
    """Store every size of `picture`, and its hash in `proposal`."""
    proposal.photo = hashlib.sha256(picture.sizes[max(SIZES)]).hexdigest()
    for size, data in picture.sizes.items():
        name = name_of(proposal, size)
        default_storage.delete(name)
        default_storage.save(name, ContentFile(data))


def read_files(proposal: PhotoProposal) -> Picture:
    """Return the stored picture. Raises FileNotFoundError when it is gone."""
    sizes = {size: read_file(proposal, size) for size in SIZES}
    return Picture(sizes, max(SIZES), max(SIZES))


def read_file(proposal: PhotoProposal, size: int) -> bytes:
    """Return one size. Raises FileNotFoundError when it is gone."""
    with default_storage.open(name_of(proposal, size)) as file:
        return bytes(file.read())


def delete_files(proposal: PhotoProposal) -> None:
    """Erase every size."""
    for size in SIZES:
        default_storage.delete(name_of(proposal, size))
