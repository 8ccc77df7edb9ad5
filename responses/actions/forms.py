"""Putting an answer form on a draft, and closing and reopening it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.models import Announcement
from core.errors import RefusedError, require
from core.text import check_text
from directory.actions import record_audit_event
from directory.models import Employee
from responses.actions.places import fill_places
from responses.models import AnswerForm

Kind = AnswerForm.Kind
MOST_PLACES = 100_000
LONGEST = datetime.timedelta(days=366)
LENGTHS = {"introduction": 300, "own_question_1": 160, "own_question_2": 160}


@dataclass(frozen=True)
class FormFacts:
    """Everything an author decides about the form."""

    kind: str
    deadline_at: datetime.datetime | None
    introduction: str = ""
    level: str = AnswerForm.Level.AGENCY
    own_question_1: str = ""
    own_question_2: str = ""
    places: int | None = None


@transaction.atomic
def save_answer_form(*, actor: Employee, announcement: Announcement, facts: FormFacts) -> AnswerForm:
    """Let a draft ask for answers, or change what it asks. Returns the form.

    Raises PermissionDenied for those who do not keep the draft, and RefusedError once it has been sent or at the
    field that cannot be used.
    """
    announcement = _lock_draft(actor, announcement)
    check_facts(facts)
    volunteers = facts.kind == Kind.VOLUNTEERS
    values = {
        "kind": facts.kind,
        "introduction": " ".join(facts.introduction.split()),
        "deadline_at": facts.deadline_at,
        "places": facts.places if volunteers else None,
        "level": AnswerForm.Level.AGENCY if volunteers else facts.level,
        "own_question_1": "" if volunteers else " ".join(facts.own_question_1.split()),
        "own_question_2": "" if volunteers else " ".join(facts.own_question_2.split()),
    }
    form, created = AnswerForm.objects.update_or_create(
        announcement=announcement, defaults=values, create_defaults={**values, "created_by": actor}
    )
    verb = "responses.form_added" if created else "responses.form_changed"
    record_audit_event(actor=actor, verb=verb, obj=announcement, facts={"kind": facts.kind})
    return form


@transaction.atomic
def remove_answer_form(*, actor: Employee, announcement: Announcement) -> None:
    """Let a draft ask for nothing. Raises RefusedError once it has been sent: then the form is closed instead."""
    announcement = _lock_draft(actor, announcement)
    AnswerForm.objects.filter(announcement=announcement).delete()
    record_audit_event(actor=actor, verb="responses.form_removed", obj=announcement)


def _lock_draft(actor: Employee, announcement: Announcement) -> Announcement:
    require(actor.has_perm("announcements.manage", announcement))
    announcement = Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)
    if announcement.state != Announcement.State.DRAFT:
        raise RefusedError(_("The message is not a draft any more. What it asks stands."), code="conflict")
    return announcement


def check_facts(facts: FormFacts) -> None:
    """Raise RefusedError at the first field that cannot be stored."""
    if facts.kind not in Kind.values:
        raise RefusedError(_("Choose what you ask for."), field="kind")
    if facts.level not in AnswerForm.Level.values:
        raise RefusedError(_("There is no such level."), field="level")
    for name, most in LENGTHS.items():
        check_line(name, getattr(facts, name), most)
    if facts.kind == Kind.VOLUNTEERS:
        check_places(facts.places)
    check_deadline(facts.deadline_at)


def check_line(name: str, text: str, most: int) -> None:
    """Raise RefusedError at the field `name` when `text` cannot be stored."""
    try:
        check_text(text, max_length=most)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field=name, code="text") from None


def check_places(places: int | None) -> None:
    """Raise RefusedError unless there is a number of places that makes sense."""
    if places is None or not 1 <= places <= MOST_PLACES:
        raise RefusedError(_("Say how many you need, from 1 to 100 000."), field="places")


def check_deadline(deadline_at: datetime.datetime | None) -> None:
    """Raise RefusedError unless the deadline lies ahead, and within a year."""
    now = timezone.now()
    if deadline_at is None:
        raise RefusedError(_("Set a deadline. The answers are deleted some time after it."), field="deadline_at")
    if deadline_at <= now:
        raise RefusedError(_("The deadline is in the past. Choose a later time."), field="deadline_at")
    if deadline_at > now + LONGEST:
        raise RefusedError(_("The deadline is more than a year away. Choose an earlier time."), field="deadline_at")


@transaction.atomic
def close_answer_form(*, actor: Employee, form: AnswerForm) -> AnswerForm:
    """Take no more answers. Raises RefusedError when it is closed already or not out."""
    form = _lock_kept(actor, form)
    if form.stop and form.stop != AnswerForm.Stop.LATE:
        raise RefusedError(form.stop_words, code="conflict")
    form.closed_at = timezone.now()
    form.save(update_fields=["closed_at"])
    record_audit_event(actor=actor, verb="responses.form_closed", obj=form.announcement)
    return form


@transaction.atomic
def reopen_answer_form(
    *, actor: Employee, form: AnswerForm, deadline_at: datetime.datetime | None, places: int | None = None
) -> AnswerForm:
    """Take answers again, or for longer, until `deadline_at`; with `places` given, for so many volunteers.

    Raises RefusedError when the announcement is not out, at a deadline that is past, and for fewer places than are
    taken. More places move the waiting list up.
    """
    form = _lock_kept(actor, form)
    if form.stop in (AnswerForm.Stop.UNSENT, AnswerForm.Stop.WITHDRAWN):
        raise RefusedError(form.stop_words, code="conflict")
    check_deadline(deadline_at)
    assert deadline_at
    form.closed_at, form.emptied_at, form.deadline_at = None, None, deadline_at
    if form.kind == Kind.VOLUNTEERS and places is not None:
        _check_room(form, places)
        form.places = places
    form.save(update_fields=["closed_at", "emptied_at", "deadline_at", "places"])
    record_audit_event(actor=actor, verb="responses.form_reopened", obj=form.announcement)
    fill_places(form)
    return form


def _check_room(form: AnswerForm, places: int) -> None:
    check_places(places)
    taken = form.sign_ups.holding().count()
    if places < taken:
        raise RefusedError(_("%(count)d have a place already.") % {"count": taken}, field="places")


def _lock_kept(actor: Employee, form: AnswerForm) -> AnswerForm:
    require(actor.has_perm("responses.manage", form))
    return lock_form(form)


def lock_form(form: AnswerForm) -> AnswerForm:
    """Return the form as it stands now, locked until the transaction ends: whoever else asks waits their turn."""
    locked = AnswerForm.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("announcement").get(pk=form.pk)
