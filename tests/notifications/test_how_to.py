"""The guide to a new kind, followed to the letter: what it says to write is written, and the kind is everywhere."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client, modify_settings
from django.urls import reverse

from core.keys import new_p256_key
from directory.models import Employee
from intranet.drills.push_service import PushService, push_service
from intranet.management.commands.compile_po import catalogues, compile_catalogue
from intranet.runner.state import PROJECT_ROOT
from notifications.channels import email, push
from notifications.kinds import kinds
from notifications.models import Delivery

GUIDE = PROJECT_ROOT / "docs" / "new-notification.md"
BLOCK = re.compile(r"^`(?P<path>[\w./-]+)`\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def followed(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Write every block to the path above it, and have the app found as any other."""
    for block in BLOCK.finditer(GUIDE.read_text()):
        path = tmp_path / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["text"])
    (tmp_path / "anniversaries" / "__init__.py").touch()
    assert all(compile_catalogue(path) for path in catalogues(tmp_path))
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(tmp_path / "templates")
    settings.TEMPLATES = templates
    monkeypatch.syspath_prepend(tmp_path)
    with modify_settings(INSTALLED_APPS={"append": "anniversaries"}):
        yield
    kinds._items.pop("anniversary")
    for name in [name for name in sys.modules if name.split(".")[0] == "anniversaries"]:
        del sys.modules[name]


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    settings.VAPID_PRIVATE_KEY = new_p256_key()
    with push_service() as running:
        yield running


def test_the_guide_leads_to_a_kind_that_is_everywhere(
    followed: None, client: Client, service: PushService, amina: Employee, kari: Employee
) -> None:
    client.force_login(amina)
    telephone = service.browser("telephone")
    client.post("/api/v1/devices/", telephone.subscription, content_type="application/json")
    tell = importlib.import_module("anniversaries.actions").tell_of_anniversary
    assert [tell(colleague=kari, years=10, recipients=[amina.pk]) for _ in range(2)] == [1, 0]
    push.send_due()
    Delivery.objects.filter(channel="email").update(not_before="2026-01-01T00:00Z")
    email.send_due()
    assert (
        "<strong>Kari Nordby</strong> har jobbet her i 10 år" in client.get(reverse("notifications")).content.decode()
    )
    assert [(shown["title"], shown["body"]) for shown in telephone.shown] == [("Gratuler Kari Nordby", "10 år i dag")]
    (message,) = mail.outbox
    assert message.subject == "Kari Nordby har jobbet her i 10 år"
    assert "Gratuler Kari Nordby." in message.body
