from __future__ import annotations

from typing import IO

from django.db import transaction

from core.errors import require
from core.pictures import read_picture
from directory.models import Employee
from directory.photos import SIZES, forget_photos, save_photo_files


def store_photo(*, actor: Employee, employee: Employee, file: IO[bytes]) -> None:
    """Make the picture in `file` the portrait of `employee`.

    Raises PermissionDenied when `actor` may not, RefusedError (field "picture") when the file is no usable picture.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    picture = read_picture(file, widths=SIZES, square=True)
    _replace_photo(employee, save_photo_files(picture))


def remove_photo(*, actor: Employee, employee: Employee) -> None:
    """Take the portrait away; the initials stand in its place. Raises PermissionDenied when `actor` may not."""
    require(actor.has_perm("directory.edit_profile", employee))
    _replace_photo(employee, "")


def _replace_photo(employee: Employee, photo: str) -> None:
    former = employee.photo
    employee.photo = photo
    employee.save(update_fields=["photo"])
    if former != photo:
        transaction.on_commit(lambda: forget_photos([former]))
