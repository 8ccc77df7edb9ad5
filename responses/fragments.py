"""What answers show on the announcement's own page and where it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from announcements.models import Announcement
from core.fragments import fragment
from directory.models import Employee
from responses.forms import SignUpForm
from responses.models import AnswerForm, Need, SignUp
from responses.reading import own_sign_up
from responses.services import find_services


@lru_cache(maxsize=1000)
def _asks_nothing(announcement_id: int) -> bool:
    """Whether a sent announcement has no form. Only drafts get or lose one, so this need not be asked twice."""
    return not AnswerForm.objects.filter(announcement=announcement_id).exists()


def _form_of(announcement: Announcement) -> AnswerForm | None:
    if announcement.is_sent and _asks_nothing(announcement.pk):
        return None
    form = AnswerForm.objects.filter(announcement=announcement).first()
    if form:
        form.announcement = announcement
    return form


@fragment("announcement.main", order=10)
def answer_card(request: HttpRequest, announcement: Announcement, **context: Any) -> str:
    """Ask the reader, right below the message."""
    reader = request.user
    assert isinstance(reader, Employee)
    form = _form_of(announcement)
    if form is None or not getattr(announcement, "is_mine", False):
        return ""
    shown: dict[str, Any] = {"form": form, "announcement": announcement}
    if form.kind == AnswerForm.Kind.NEEDS:
        shown["services"] = find_services(reader, form)
    else:
        mine = own_sign_up(reader, form)
        shown |= {"mine": mine, "sign_up_form": SignUpForm(initial={"note": mine.note if mine else ""})}
        shown["asked_of_leader"] = _waiting_for(reader, form)
    return render_to_string("responses/card.html", shown, request)


def _waiting_for(reader: Employee, form: AnswerForm) -> int:
    """How many of the reader's own people wait for the reader's word."""
    if not form.sign_ups.filter(state=SignUp.State.ASKED).exists():
        return 0
    return SignUp.objects.led_by(reader).filter(form=form, state=SignUp.State.ASKED).count()


@fragment("announcement.side", order=10)
def counts_card(request: HttpRequest, announcement: Announcement, **context: Any) -> str:
    """Tell who keeps the message how many have answered."""
    form = _form_of(announcement) if getattr(announcement, "may_keep", False) else None
    if form is None:
        return ""
    counts = form.sign_ups.counts() if form.places else Need.objects.filter(service__form=form).counts()
    shown = {"form": form, "announcement": announcement, "counts": counts}
    shown["answered"] = form.services.answered().count()
    shown["holding"] = sum(counts.get(state, 0) for state in ("signed_up", "asked", "assigned"))
    return render_to_string("responses/counts.html", shown, request)


@fragment("announcement.write", order=10)
def draft_card(request: HttpRequest, announcement: Announcement, **context: Any) -> str:
    """Tell who writes a draft what it asks for, with the way to change it."""
    form = _form_of(announcement)
    shown = {"form": form, "announcement": announcement, "former_asks": form is None and _former_asks(announcement)}
    return render_to_string("responses/draft_card.html", shown, request)


@fragment("announcement.look_over", order=10)
def looked_over_card(request: HttpRequest, announcement: Announcement, **context: Any) -> str:
    """Tell who looks a message over what it asks for, or that an update leaves the former message's form behind."""
    form = _form_of(announcement)
    former_asks = form is None and _former_asks(announcement)
    if form is None and not former_asks:
        return ""
    shown = {"form": form, "announcement": announcement, "former_asks": former_asks}
    return render_to_string("responses/looked_over.html", shown, request)


def _former_asks(update: Announcement) -> bool:
    """Say whether the message that `update` follows asks for answers."""
    return update.updates_id is not None and AnswerForm.objects.filter(announcement=update.updates_id).exists()
