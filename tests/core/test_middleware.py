from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from directory.models import Employee


@pytest.mark.parametrize(
    "address",
    [
        "/posts/%00/",
        "/people/a%00b/",
        "/announcements/%00/",
        "/api/v1/posts/%00/",
        "/posts/new/?group=%00",
    ],
)
def test_nothing_is_called_nul(amina: Employee, client_of: Callable[[Employee], Client], address: str) -> None:
    assert client_of(amina).get(address).status_code == 404
