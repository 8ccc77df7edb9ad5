"""Each sender that docs/running.md names can be had by settings alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings as django_settings
from django.core.mail import EmailMessage, get_connection

from notifications.channels.email_faults import AddressRefusedError, meaning_of
from notifications.channels.ledger import ChannelAwayError, RefusedForGoodError

# A line of the table in the document: the backend, then the variables it needs.
ROW = re.compile(r"^\| .+? \| `(?P<backend>[a-z_.]+\.EmailBackend)` \| (?P<needs>.*) \|$", re.MULTILINE)
DOCUMENT = (Path(django_settings.BASE_DIR) / "docs" / "running.md").read_text()
SENDERS = [(found["backend"], re.findall(r"`([A-Z_]+)`", found["needs"])) for found in ROW.finditer(DOCUMENT)]


def test_every_documented_sender_can_be_had(settings: Any, tmp_path: Path) -> None:
    assert len(SENDERS) >= 8
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for backend, variables in SENDERS:
        settings.ANYMAIL = {name.removeprefix("ANYMAIL_"): "x" for name in variables if name.startswith("ANYMAIL_")}
        connection = get_connection(backend)
        assert type(connection).__module__ == backend.rpartition(".")[0]


def test_the_file_holds_the_whole_message(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    EmailMessage("Hei", "på deg", to=["a@b.example"], connection=get_connection(SENDERS[1][0])).send()
    (file,) = tmp_path.iterdir()
    assert "To: a@b.example" in file.read_text()


class Response:
    """What a service answered, its text a copy of the message."""

    reason = "Whatever"
    headers = {"Retry-After": "120"}
    text = "Hemmelig"

    def json(self) -> Any:
        return {"text": "Hemmelig"}


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(400, RefusedForGoodError), (401, ChannelAwayError), (429, ChannelAwayError), (503, ChannelAwayError)],
)
def test_what_a_service_answers(status: int, meaning: type[Exception]) -> None:
    found = meaning_of(AnymailAPIError("x", status_code=status, response=Response()))
    assert type(found) is meaning
    assert str(found) == f"the service answered {status}", "nothing of the message stays in the log"
    if isinstance(found, ChannelAwayError) and status != 401:
        assert found.after is not None
        assert found.after.total_seconds() == 120


def test_a_service_that_is_away_and_one_that_knows_nobody() -> None:
    assert isinstance(meaning_of(AnymailAPIError("no line")), ChannelAwayError)
    assert isinstance(meaning_of(AnymailRecipientsRefused("x")), AddressRefusedError)
