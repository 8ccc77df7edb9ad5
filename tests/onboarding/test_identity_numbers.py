"""Identity numbers outside the rows of a file: in names of files and systems, and in what systems tell of people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import RefusedError
from directory.models import Employee
from onboarding.imports.actions import may_be_source
from onboarding.imports.unattended import take_from_folder
from onboarding.models import ImportRun, ScimClient, ScimUser
from onboarding.scim.actions import create_client
from tests.conftest import City
from tests.core.test_national_ids import DATE, REST, SYNTHETIC
from tests.onboarding.hr import hr_file, hr_row
from tests.onboarding.scim import connect
from tests.onboarding.test_import_unattended import folder, names, put

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
FILE_NAME = f"{DATE}_{REST}.CSV"


def test_a_file_loses_its_name(folder: Path, hege: Employee, city: City, caplog: pytest.LogCaptureFixture) -> None:
    put(folder, f"delta/{FILE_NAME}", hr_file(hr_row()).getvalue())
    put(folder, f"full/{FILE_NAME}", b"%PDF-1.4")
    take_from_folder()
    take_from_folder()
    assert names(folder / "done") == ["file.csv"]
    assert names(folder / "failed") == ["file.csv", "file.csv.reason.txt"]
    assert set(ImportRun.objects.values_list("file_name", flat=True)) == {"•••"}
    assert REST not in caplog.text


def test_no_system_is_called_so(admin: Employee) -> None:
    for name in (SYNTHETIC, f"Entra {DATE}  {REST}"):
        with pytest.raises(RefusedError) as refused:
            create_client(actor=admin, name=name)
        assert refused.value.field == "name"
    assert not ScimClient.objects.exists()
    assert not may_be_source(f"{DATE}-{REST}")


@pytest.mark.parametrize(
    "told",
    [{"title": f"Vikar {DATE}{apart}{REST}"} for apart in ("  ", "\u00a0\u00a0", "/", "_", ": ", ", ", "·", "(")]
    + [{"phoneNumbers": [{"type": "work", "value": f"+47{SYNTHETIC}"}]}, {"email": f"{DATE}_{REST}@oslo.example"}],
)  # fmt: skip
def test_systems_are_told_no(admin: Employee, city: City, told: dict[str, Any]) -> None:
    answer = connect(admin).make("ola@oslo.example", **told)
    assert answer.status_code == 400
    assert REST not in answer.content.decode()
    assert not ScimUser.objects.exists()


def test_what_is_too_long_is_refused_at_once(admin: Employee, city: City) -> None:
    answer = connect(admin).make("ola@oslo.example", nickName=";" * 500_000 + "x")
    assert answer.status_code == 400
    assert "longer than" in answer.json()["detail"]
