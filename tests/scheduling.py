"""How parallel processes share the tests: file by file, and the longest files in parts."""

from __future__ import annotations

import zlib

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

# Files with so many tests that one process would still be at them when the others have finished, and into how many
# parts they go. Each part prepares anew what the file's tests share, unless a process takes two in a row.
PARTS = {"tests/intranet/test_access_walk.py": 12, "tests/intranet/test_screens.py": 4}


class LoadPartsScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Give each process a file, or a part of one, at a time."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        parts = PARTS.get(file, 1)
        return file if parts == 1 else f"{file} {zlib.crc32(nodeid.encode()) % parts}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadPartsScheduling:
    """Take the place of `--dist loadfile`."""
    return LoadPartsScheduling(config, log)
