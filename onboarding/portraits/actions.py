from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import moment_in
from core.database import lock_for_transaction
from core.errors import RefusedError, require
from core.pictures import Picture, read_picture
from directory.actions import record_audit_event, use_picture
from directory.models import AuditEvent, Employee
from directory.photos import SIZES
from onboarding.models import PhotoProposal
from onboarding.portraits import report as outcomes
from onboarding.portraits.files import delete_files, read_files, save_files
from onboarding.portraits.report import Report
from onboarding.portraits.sources import MAX_PHOTO_BYTES, Candidate

KEPT_DAYS = 90
# So long one request works on pictures: well below the time after which it is given up.
SECONDS = 35.0
SAID_NO = "onboarding.photo_declined"
# So many are looked up at a time, and stored together.
CHUNK = 100


def propose_photos(*, actor: Employee | None, files: Iterable[Candidate], seconds: float | None = None) -> Report:
    """Keep each picture until the person whose number it is named by says yes or no; return what became of each.

    `actor` is None at the command line. Within `seconds` (None: however long it takes); what is not reached is said
    to be. Nobody sees a picture meanwhile but the person. Raises PermissionDenied when `actor` may not.
    """
    require(actor is None or actor.has_perm("onboarding.import_photos"))
    until = time.monotonic() + seconds if seconds is not None else None
    now, told, seen = timezone.now(), Report(), set[str]()
    iterator = iter(files)
    while chunk := list(islice(iterator, CHUNK)):
        _propose_some(actor, chunk, told, seen, now, until)
    told.batch = now.isoformat()
    facts = {"counts": dict(told.counts)}
    record_audit_event(actor=actor, verb="onboarding.photos_proposed", facts=facts)
    return told


@transaction.atomic
def answer_proposal(*, actor: Employee, yes: bool) -> None:
    """Make the proposed picture the actor's portrait, or erase it. Raises RefusedError when there is none any more."""
    proposal = PhotoProposal.objects.select_for_update().filter(employee=actor).first()
    if proposal is None:
        raise RefusedError(_("The picture is no longer here."))
    if yes:
        use_picture(actor=actor, employee=actor, picture=_stored(proposal))
    else:
        record_audit_event(actor=actor, verb=SAID_NO, subject=actor)
    _erase([proposal])


@transaction.atomic
def withdraw_proposals(*, actor: Employee, batch: str) -> int:
    """Take back the pictures of one round that nobody has answered yet; return how many.

    Raises PermissionDenied when `actor` may not.
    """
    require(actor.has_perm("onboarding.import_photos"))
    moment = moment_in(batch)
    return _erase(PhotoProposal.objects.filter(proposed_at=moment, proposed_by=actor)) if moment else 0


def forget_proposals() -> int:
    """Erase what nobody answered in time, and what can no longer be asked; return how many."""
    old = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    answerable = PhotoProposal.objects.answerable()
    return _erase(PhotoProposal.objects.exclude(pk__in=answerable.filter(proposed_at__gte=old).values("pk")))


def _propose_some(
    actor: Employee | None,
    chunk: list[Candidate],
    told: Report,
    seen: set[str],
    now: datetime.datetime,
    until: float | None,
) -> None:
    made = []
    try:
        with transaction.atomic():
            # One round at a time: two could otherwise store two pictures of one person.
            lock_for_transaction("photo proposals")
            people = _people_by_number(actor, [candidate.number for candidate in chunk])
            settled = _settled(people.values())
            for candidate in chunk:
                outcome, reason = _outcome_without_reading(candidate, people, settled, seen, until)
                if not outcome:
                    person = people[candidate.number]
                    proposal = PhotoProposal(employee=person, proposed_at=now, proposed_by=actor)
                    outcome, reason = _read(candidate, proposal)
                    made += [proposal] if outcome == outcomes.TAKEN else []
                told.add(candidate.name, outcome, reason)
            PhotoProposal.objects.bulk_create(made)
    except BaseException:
        for proposal in made:
            delete_files(proposal)
        raise


def _outcome_without_reading(
    candidate: Candidate, people: dict[str, Employee], settled: dict[int, str], seen: set[str], until: float | None
) -> tuple[str, str]:
    number = candidate.number
    person = people.get(number)
    if candidate.refusal:
        return outcomes.BAD, candidate.refusal
    if person is None:
        return _outcome_of_nobodys(candidate)
    if number in seen:
        return outcomes.TWICE, ""
    if person.pk in settled:
        return settled[person.pk], ""
    if until is not None and time.monotonic() > until:
        return outcomes.NOT_REACHED, ""
    seen.add(number)
    return "", ""


def _outcome_of_nobodys(candidate: Candidate) -> tuple[str, str]:
    """Say what keeps the file from being anybody's: what it is, what it is called, or whose number that is."""
    if not candidate.is_named_as_picture:
        return outcomes.BAD, _("We cannot read this as a picture. Use JPEG, PNG, WebP, GIF or HEIC.")
    return (outcomes.UNKNOWN if candidate.number.isdecimal() else outcomes.UNNAMED), ""


def _read(candidate: Candidate, proposal: PhotoProposal) -> tuple[str, str]:
    try:
        picture = read_picture(candidate.open(), widths=SIZES, square=True, max_bytes=MAX_PHOTO_BYTES)
    except RefusedError as refusal:
        return outcomes.BAD, str(refusal.message)
    save_files(proposal, picture)
    return outcomes.TAKEN, ""


def _people_by_number(actor: Employee | None, numbers: list[str]) -> dict[str, Employee]:
    people: Any = Employee.objects.active()
    if actor is not None:
        people = people.visible_to(actor)
    usable = [number for number in numbers if number and "\x00" not in number]
    return {str(person.employee_number): person for person in people.filter(employee_number__in=usable)}


def _settled(people: Iterable[Employee]) -> dict[int, str]:
    """Return what is known of people before their pictures are opened, by id. Two queries."""
    listed = list(people)
    ids = [person.pk for person in listed]
    known = dict.fromkeys(PhotoProposal.objects.filter(pk__in=ids).values_list("pk", flat=True), outcomes.WAITING)
    no = AuditEvent.objects.filter(verb=SAID_NO, subject__in=ids).values_list("subject", flat=True)
    known |= {pk: outcomes.SAID_NO for pk in no if pk}
    known |= {person.pk: outcomes.HAS_PHOTO for person in listed if person.photo}
    return known | {person.pk: outcomes.PROTECTED for person in listed if person.protected}


def _stored(proposal: PhotoProposal) -> Picture:
    try:
        return read_files(proposal)
    except FileNotFoundError:
        raise RefusedError(_("The picture is no longer here.")) from None


def _erase(proposals: Iterable[PhotoProposal]) -> int:
    gone = list(proposals)
    if gone:
        PhotoProposal.objects.filter(pk__in=[proposal.pk for proposal in gone]).delete()
        for proposal in gone:
            transaction.on_commit(partial(delete_files, proposal))
    return len(gone)
