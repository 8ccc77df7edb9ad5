from __future__ import annotations

import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import RefusedError, require
from core.pictures import Picture, read_picture
from directory.models import Employee, FormerPhoto
from directory.photos import SIZES, forget_photos, save_photo_files

KEPT_FOR = datetime.timedelta(minutes=10)


def store_photo(*, actor: Employee, employee: Employee, file: IO[bytes]) -> None:
    """Make the picture in `file` the portrait of `employee`; for a while `restore_photo` takes it back.

    Raises PermissionDenied when `actor` may not, RefusedError (field "picture") when the file is no usable picture.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    use_picture(actor=actor, employee=employee, picture=read_picture(file, widths=SIZES, square=True))


def use_picture(*, actor: Employee, employee: Employee, picture: Picture) -> None:
    """Make a picture that has been read, in every size of `SIZES`, the portrait of `employee`.

    Raises PermissionDenied when `actor` may not.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    _replace_photo(employee, save_photo_files(picture))


def remove_photo(*, actor: Employee, employee: Employee) -> None:
    """Take the portrait away; the initials stand in its place. Raises PermissionDenied when `actor` may not."""
    require(actor.has_perm("directory.edit_profile", employee))
    _replace_photo(employee, "")


@transaction.atomic
def restore_photo(*, actor: Employee, employee: Employee) -> None:
    """Bring back the portrait, or its absence, from before the last change.

    Raises PermissionDenied when `actor` may not, RefusedError when that was too long ago.
    """
    require(actor.has_perm("directory.edit_profile", employee))
    former = FormerPhoto.objects.select_for_update().filter(employee=employee, kept_until__gt=timezone.now()).first()
    if former is None:
        raise RefusedError(_("It is too late to take that back."))
    replaced, employee.photo = employee.photo, former.photo
    employee.save(update_fields=["photo"])
    former.delete()
    transaction.on_commit(lambda: forget_photos([replaced]))


@transaction.atomic
def _replace_photo(employee: Employee, photo: str) -> None:
    if employee.photo == photo:
        return
    older = FormerPhoto.objects.filter(employee=employee).values_list("photo", flat=True).first() or ""
    kept = {"photo": employee.photo, "kept_until": timezone.now() + KEPT_FOR}
    FormerPhoto.objects.update_or_create(employee=employee, defaults=kept)
    employee.photo = photo
    employee.save(update_fields=["photo"])
    transaction.on_commit(lambda: forget_photos([older]))
