from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from directory.actions import refresh_people
from directory.models import Employee

PictureFile = Callable[..., io.BytesIO]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Files go where the test ends."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture_file() -> PictureFile:
    """Make a picture: `picture_file("PNG", size=(10, 10))`."""

    def make(
        kind: str = "JPEG", *, size: tuple[int, int] = (600, 400), mode: str = "RGB", **options: object
    ) -> io.BytesIO:
        file = io.BytesIO()
        Image.new(mode, size, "teal").save(file, kind, **options)
        file.name = f"portrait.{kind.lower()}"
        file.seek(0)
        return file

    return make


@pytest.fixture
def found_by_search() -> Callable[[], None]:
    """Work out what everyone in the test is found by."""

    def refresh() -> None:
        refresh_people(Employee.objects.values_list("pk", flat=True))

    return refresh
