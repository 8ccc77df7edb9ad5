"""Answer forms for tests: made on drafts, sent and delivered through the product's own actions."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from announcements.actions import draft_announcement
from announcements.actions.ledger import insert_receipts
from announcements.models import Announcement
from directory.models import Employee
from groups.audiences import compile_audience
from responses.actions import FormFacts, save_answer_form
from responses.models import AnswerForm
from tests.announcements.conftest import content

ClientOf = Callable[[Employee], Client]
Ask = Callable[..., AnswerForm]


def in_days(days: float) -> datetime.datetime:
    """A deadline so many days from now."""
    return timezone.now() + datetime.timedelta(days=days)


def send(draft: Announcement) -> None:
    """Let a draft be published and delivered, whoever else must agree to it."""
    now = timezone.now()
    Announcement.objects.filter(pk=draft.pk).update(
        state="published", published_at=now, publish_requested_at=now, on_top_until=in_days(3)
    )
    draft.refresh_from_db()
    insert_receipts(draft, compile_audience(draft.audience))


@pytest.fixture
def ask() -> Ask:
    """Ask for answers in an announcement: `ask(liv, "volunteers", places=2)`; sent unless `sent=False`."""

    def make(
        author: Employee, kind: str = "needs", *, sent: bool = True, audience: Any = None, **facts: Any
    ) -> AnswerForm:
        draft = draft_announcement(actor=author, content=content(author, audience))
        if kind == "volunteers":
            facts.setdefault("places", 2)
        facts.setdefault("deadline_at", in_days(3))
        form = save_answer_form(actor=author, announcement=draft, facts=FormFacts(kind=kind, **facts))
        if sent:
            send(draft)
        return AnswerForm.objects.select_related("announcement").get(pk=form.pk)

    return make
