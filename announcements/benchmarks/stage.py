"""What every benchmark of announcements begins with: a writer with a browser, drafts, an emptied ledger."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client

from announcements.actions import Content, Wording, draft_announcement, publish_announcement
from announcements.models import Announcement
from directory.models import Employee, Organisation, OrgUnit, RoleGrant
from groups.models import AudienceTerm
from notifications.models import FanOut

TEXTS = {"nb": Wording("Ekstremvær fra torsdag kveld", "Sjekk vakten din før klokka 15 i dag.\n\n" * 20)}


@dataclass
class Stage:
    """A writer with a browser, a draft, and the readers still to come."""

    writer: Employee
    draft: Announcement
    client: Client
    readers: itertools.cycle[int] = field(default_factory=lambda: itertools.cycle([0]))
    others: list[int] = field(default_factory=list)


def prepare(scale: float) -> Stage:
    """Let someone write to everyone; the people are there already."""
    Organisation.objects.update(second_pair_of_eyes=False)
    writer = Employee.objects.active().order_by("pk").first()
    RoleGrant.objects.create(employee=writer, role="central_communications")
    writer = Employee.objects.with_job().get(pk=writer.pk)
    return Stage(writer, new_draft(writer), browser_of(writer))


def browser_of(employee: Employee) -> Client:
    """Return a signed-in client that knocks at the handler in this process."""
    client = Client(headers={"host": "localhost"})
    client.force_login(employee, backend="directory.authentication.EmployeeBackend")
    return client


def new_draft(writer: Employee, *, without: OrgUnit | None = None) -> Announcement:
    """Return a draft to everyone, or to everyone but one section: then no signal to all will do, each is woken."""
    terms = [AudienceTerm(kind="everyone")]
    if without is not None:
        terms.append(AudienceTerm(kind="unit", unit=without, exclude=True))
    return draft_announcement(actor=writer, content=Content(texts=TEXTS, terms=terms, asks_confirmation=True))


def empty_ledger() -> None:
    """Leave no receipt, no message and no delivery behind."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE announcements_receipt, notifications_delivery")
    FanOut.objects.filter(job="announcements.deliver").delete()


def press_the_button(writer: Employee, draft: Announcement) -> FanOut:
    """Publish, and return what a worker is to do."""
    publish_announcement(actor=writer, announcement=draft)
    return FanOut.objects.get(job="announcements.deliver", key=str(draft.pk))
