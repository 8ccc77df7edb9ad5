from __future__ import annotations

from tests.feed.conftest import make_post

__all__ = ["make_post"]
