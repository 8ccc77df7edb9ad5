"""A connected identity system."""

from __future__ import annotations

import pytest

from directory.models import Employee
from tests.onboarding.scim import System, connect


@pytest.fixture
def entra(admin: Employee) -> System:
    return connect(admin)
